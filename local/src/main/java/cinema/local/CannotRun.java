package cinema.local;

/** Something that keeps a command of {@code ./run} from being done, in one line for a person. */
final class CannotRun extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotRun(String message) {
    super(message);
  }
}

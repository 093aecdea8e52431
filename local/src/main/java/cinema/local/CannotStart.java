package cinema.local;

/** Something that keeps a run from starting, in one line for a person. */
final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotStart(String message) {
    super(message);
  }
}

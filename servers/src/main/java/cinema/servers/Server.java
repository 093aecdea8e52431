package cinema.servers;

/** A server in a process of its own. */
public interface Server extends AutoCloseable {
  int port();

  /**
   * Its process id.
   *
   * @throws ServerFailed when it does not run and its process is not known any more
   */
  long pid();

  boolean isRunning();

  /** Stops it, if it runs; its data is kept, unless it is temporary. */
  @Override
  void close();
}

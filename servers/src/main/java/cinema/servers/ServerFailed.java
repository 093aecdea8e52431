package cinema.servers;

/** A server could not be started or stopped; the message is a sentence for whoever runs it. */
public final class ServerFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServerFailed(String message) {
    super(message);
  }

  ServerFailed(String message, Throwable cause) {
    super(message, cause);
  }

  static ServerFailed interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ServerFailed("Interrupted while a server started or stopped.", e);
  }
}

package cinema.local;

/** Something that a run keeps running. Called from one thread at a time. */
interface Program {
  /** Such as {@code order-1}. */
  String name();

  /** Such as {@code order}. */
  String service();

  int port();

  /** Returns once it runs; it need not be ready then. What an earlier start left behind is gone. */
  void start() throws Exception;

  boolean isRunning();

  /** Whether it has started: it answers, though perhaps that it still waits for another one. */
  boolean isUp();

  /** Whether it does its work; asked of one that runs. */
  boolean isReady();

  long pid();

  /**
   * Ends it in order while another does its work: it finishes what it has begun, and whoever asks
   * it hears that it goes. Returns once it has ended.
   */
  void drain();

  /** Ends it in order and returns once it has ended; nothing happens when it does not run. */
  void stop();

  default ProcessList.Entry entry() {
    return new ProcessList.Entry(name(), service(), pid(), port());
  }
}

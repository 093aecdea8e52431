package cinema.gatling;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What sends its load from one event loop of its own. */
interface Measurement {
  int MOST_SECONDS_TO_CLOSE = 20;

  /**
   * @return whether what was measured is as it should be
   * @throws IOException when it could not be measured, and why
   */
  boolean run(Settings settings, EventLoop loop) throws Exception;

  /** Runs it, and ends the process with 0 when all is well, and else with 1. */
  static void main(Measurement measurement) throws Exception {
    boolean good = false;
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      good = measurement.run(Settings.ofProcess(), loops.next());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("Nothing measured: " + e.getMessage());
    } finally {
      loops.shutdownGracefully(0, MOST_SECONDS_TO_CLOSE, TimeUnit.SECONDS).sync();
    }
    System.exit(good ? 0 : 1);
  }
}

package cinema.local;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** All of the product once for a class of tests, and the staff of one of its bars. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AtTheLobby {
  RunningProduct running;
  Product product;
  Lobby lobby;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    running = new RunningProduct(data);
    product = running.product;
    lobby = new Lobby(product);
  }

  @AfterAll
  void stop() throws Exception {
    running.stop();
  }
}

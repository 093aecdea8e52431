package cinema.view;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Trace;
import cinema.shared.testing.Members;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** News on its way from one process to another. */
class FanOutTest {
  private static Vertx here;
  private static Vertx there;

  @BeforeAll
  static void join() {
    int port = FreePort.find();
    here = Members.join(port, port);
    there = Members.join(0, port);
  }

  @AfterAll
  static void leave() {
    await(there.close());
    await(here.close());
  }

  @Test
  void news_comes_whole_to_every_replica_its_own_included() {
    FanOut own = new FanOut(here);
    List<News> heardHere = Collections.synchronizedList(new ArrayList<>());
    List<News> heardThere = Collections.synchronizedList(new ArrayList<>());
    await(own.receive(heardHere::add));
    await(new FanOut(there).receive(heardThere::add));
    OrderPlaced order = Orders.placed("lobby");
    News news =
        new News(
                "lobby",
                "epoch",
                7,
                List.of(
                    News.Change.of(
                        7, Orders.shown(order, OrderStatus.PREPARING), order.customerId()),
                    News.Change.of(8, Orders.shown(order, OrderStatus.CANCELLED), null)
                        .within(Trace.begin()),
                    News.Change.of(9, Orders.alarm(order).alarm())))
            .since(Orders.PLACED_AT);

    own.send(news);

    eventually("it is heard", () -> heardHere.size() + heardThere.size() == 2);
    assertThat(heardHere).containsExactly(news);
    assertThat(heardThere).containsExactly(news);
  }
}

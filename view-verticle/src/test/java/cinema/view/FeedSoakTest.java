package cinema.view;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FaultyLink;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Boards over bad connections, while a lot happens at their bar. */
class FeedSoakTest extends ViewTest {
  private static final int ORDERS = 2000;
  private static final int TOGETHER = 8;
  private static final int BOARDS = 12;
  private static final int LINKS = 4;
  private static final long SEED = 20261121;

  private final String bar = "bar-" + UUID.randomUUID();
  private final Random random = new Random(SEED);

  @Test
  void boards_that_are_cut_off_again_and_again_miss_nothing_and_see_nothing_twice() {
    await(view.feeds.snapshot(bar));
    List<FaultyLink> links =
        IntStream.range(0, LINKS).mapToObj(nth -> FaultyLink.to(view.port)).toList();
    List<Follower> boards =
        IntStream.range(0, BOARDS)
            .mapToObj(nth -> view.follower(bar, links.get(nth % LINKS).port()))
            .toList();
    try {
      eventually("all are there", () -> boards.stream().allMatch(each -> each.hasReached(0)));
      for (int first = 0; first < ORDERS; first += TOGETHER) {
        happen(Orders.placed(bar, TOGETHER), links);
      }

      long last = await(view.feeds.numbers(List.of(bar))).get(bar).seq();
      assertThat(last).isGreaterThan(2 * ORDERS);
      eventually(
          "all have come to the end", () -> boards.stream().allMatch(b -> b.hasReached(last)));
      List<Long> all = LongStream.rangeClosed(1, last).boxed().toList();
      var stored = await(view.store.ofBar(bar, OrderStatus.OPEN, null, ORDERS)).orders();
      assertThat(stored).isNotEmpty();
      for (Follower board : boards) {
        assertThat(board.connections()).isGreaterThan(5);
        assertThat(board.snapshots()).isEqualTo(1);
        assertThat(board.numbers()).isEqualTo(all);
        assertThat(board.board()).isEqualTo(stored);
      }
    } finally {
      boards.forEach(Follower::leave);
      links.forEach(FaultyLink::close);
    }
  }

  /** Some orders come, and most of them go again; now and then a connection breaks. */
  private void happen(List<OrderPlaced> orders, List<FaultyLink> links) {
    List<Event> started = new ArrayList<>();
    List<Event> ended = new ArrayList<>();
    for (OrderPlaced order : orders) {
      int fate = random.nextInt(10);
      if (fate < 3) {
        ended.add(Orders.cancelled(order));
      } else if (fate < 9) {
        started.add(Orders.started(order));
        ended.add(Orders.handedOver(order));
      } else {
        started.add(Orders.ready(order));
      }
    }
    for (List<? extends Event> batch : List.of(orders, started, ended)) {
      if (random.nextInt(20) == 0) {
        links.get(random.nextInt(LINKS)).reset();
      }
      if (random.nextInt(50) == 0) {
        await(
            view.store.apply(
                Orders.changes(batch), List.of(), Map.of())); // stored, and never sent on
      } else {
        view.follow(batch);
      }
    }
  }
}

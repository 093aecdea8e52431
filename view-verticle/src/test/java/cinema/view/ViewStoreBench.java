package cinema.view;

import static cinema.shared.testing.Bench.await;

import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Event;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import cinema.shared.service.Schema;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A view on a real PostgreSQL, and another replica of it. Classes take turns, for the fields are
 * one.
 */
@ResourceLock("the store of a class")
abstract class ViewStoreBench {
  static Bench bench;
  static Vertx anotherProcess;
  static ViewStore store;
  static FeedStore feeds;
  static ViewStore anotherReplica;
  static FeedStore feedsOfAnother;
  static Database databaseOfAnother;

  final String bar = "bar-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = Bench.of("view");
    anotherProcess = Vertx.vertx();
    Database database = bench.database("cinema/view/migrations");
    store = new ViewStore(database);
    feeds = new FeedStore(database);
    databaseOfAnother =
        await(
            Schema.bringUpToDate(bench.settings(), "cinema/view/migrations").open(anotherProcess));
    anotherReplica = new ViewStore(databaseOfAnother);
    feedsOfAnother = new FeedStore(databaseOfAnother);
  }

  @AfterAll
  static void close() {
    await(anotherProcess.close());
    bench.close();
  }

  Future<?> writeOneAfterAnother(int many) {
    if (many == 0) {
      return Future.succeededFuture();
    }
    return store
        .apply(Orders.changes(List.of(Orders.placed(bar))), List.of(), Map.of())
        .compose(written -> writeOneAfterAnother(many - 1));
  }

  static List<Event> inOrder(String sequence, Event... events) {
    return sequence.chars().mapToObj(nth -> events[nth - '0']).toList();
  }

  /** Three events in one to three batches: bit 0 parts the first two, bit 1 the last two. */
  void applySplit(int split, List<Event> events) {
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      batch.add(events.get(i));
      if ((split >> i & 1) == 1) {
        apply(batch);
        batch.clear();
      }
    }
    apply(batch);
  }

  List<FeedMessage> apply(Event... batch) {
    return apply(List.of(batch));
  }

  /** Applies a batch and gives what this bar is told of it. */
  List<FeedMessage> apply(List<? extends Event> batch, AlarmEvent... alarms) {
    return await(store.apply(Orders.changes(batch), List.of(alarms), Map.of())).stream()
        .filter(news -> news.barId().equals(bar))
        .flatMap(news -> messages(news).stream())
        .toList();
  }

  static List<FeedMessage> messages(News news) {
    return news.changes().stream()
        .map(change -> Wire.decode(Screen.BOARD.message(change), FeedMessage.class))
        .toList();
  }

  List<FeedMessage> since(String epoch, long seq) {
    return messages(await(feeds.since(bar, epoch, seq, 500)));
  }

  FeedStore.Number number() {
    return await(feeds.numbers(List.of(bar))).get(bar);
  }

  List<Order> board() {
    return await(store.ofBar(bar, OrderStatus.OPEN, null, 50)).orders();
  }

  List<Order> history() {
    return await(store.ofBar(bar, null, null, 50)).orders();
  }
}

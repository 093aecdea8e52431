package cinema.chaos;

import cinema.chaos.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Bugs that others have shipped, planted to see whether the checker is sharp enough: each with the
 * faults that bring it to light and what the checker must say.
 */
enum PlantedBug {
  ANSWER_BEFORE_COMMIT(
      "the order is answered before its commit is on the disk",
      Set.of(Anomaly.Kind.LOST_ORDER),
      times(3, Kind.KILL_POSTGRES, Target.POSTGRES)) {
    @Override
    void plant(Planting planting) throws IOException {
      String database = "cinema.shared.service.Database";
      planting.reword(database, "plan_cache_mode", "synchronous_commit");
      planting.reword(database, "force_generic_plan", "off");
    }
  },

  OFFSET_BEFORE_EFFECT(
      "offsets are committed while their events are still being applied",
      Set.of(Anomaly.Kind.LOST_ON_VIEW, Anomaly.Kind.LOST_ALARM, Anomaly.Kind.STATUS_DISAGREES),
      crashesBehindASilentDatabase("view", "alarm")) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.dontWait("cinema.shared.events.TakeBatch", "applied", "java.util.List");
    }
  },

  LOST_REANNOUNCEMENT(
      "what Kafka has lost is neither told again nor announced again",
      Set.of(Anomaly.Kind.LOST_AT_BAR),
      outagesBeforeAWipe("snackbar")) {
    @Override
    void plant(Planting planting) throws IOException {
      NO_REPLAY.plant(planting);
      planting.reword(
          "cinema.order.AnnouncementStore",
          "WHERE announced_at < $2",
          "WHERE false AND announced_at < $2");
    }
  },

  RETRY_NOT_RECOGNISED(
      "a retry with the same key places a second order",
      Set.of(Anomaly.Kind.DOUBLED_ORDER),
      times(4, Kind.HALF_OPEN, link("front-door", "order-1"), link("front-door", "order-2"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.order.PlacingStore",
          "SELECT order_id, customer_id, key, fingerprint",
          "SELECT order_id, customer_id, key || order_id, fingerprint");
    }
  },

  REPEATS_APPLIED(
      "the view applies what it has applied before, in whatever order it comes",
      Set.of(Anomaly.Kind.STATUS_DISAGREES),
      times(2, Kind.WIPE_KAFKA, Target.KAFKA)) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.view.ViewStore",
          "request_status = CASE WHEN excluded.request_version > v.request_version",
          "request_status = CASE WHEN excluded.request_version > 0");
      planting.reword(
          "cinema.view.ViewStore",
          "OR excluded.request_version > v.request_version",
          "OR excluded.request_version > 0");
    }
  },

  RELAY_BY_CURSOR(
      "the relay goes on from the last row published, as if rows came in order",
      Set.of(Anomaly.Kind.STATUS_DISAGREES),
      times(2, Kind.KILL_KAFKA, Target.KAFKA)) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.shared.events.OutboxStore",
          "AND topic = $1 AND outbox_id < $2",
          "AND topic = $1 AND outbox_id < $2 AND outbox_id >"
              + " (SELECT outbox_id FROM outbox WHERE topic = $1 AND published_at > '-infinity'"
              + " ORDER BY outbox_id DESC LIMIT 1)");
    }
  },

  NO_TOMBSTONE(
      "a cancel that overtakes its order leaves nothing that the order would meet",
      Set.of(Anomaly.Kind.CANCEL_NOT_FINAL, Anomaly.Kind.STATUS_DISAGREES),
      times(2, Kind.KILL_KAFKA, Target.KAFKA)) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.snackbar.OrderRequestStore",
          """
          INSERT INTO order_request AS r (order_id, bar_id, status, version)
          SELECT order_id, bar_id, 'CANCELLED', 1 FROM unnest($1::uuid[], $2::text[])
              AS t(order_id, bar_id)
           ORDER BY order_id
              ON CONFLICT (order_id) DO UPDATE SET status = 'CANCELLED', version = r.version + 1
               WHERE r.status = 'PLACED'
          RETURNING order_id, version, lines
          """,
          """
          WITH moved AS (
            UPDATE order_request AS r SET status = 'CANCELLED', version = r.version + 1
             WHERE order_id = ANY($1) AND r.status = 'PLACED'
            RETURNING order_id, version, lines)
          SELECT order_id, version, lines FROM moved
           UNION ALL
          SELECT asked, 1, NULL FROM unnest($1::uuid[], $2::text[]) AS t(asked, bar_id)
           WHERE NOT EXISTS (SELECT FROM order_request WHERE order_id = asked)
          """);
    }
  },

  NO_OUTBOX(
      "what staff do is published after its commit and stored nowhere",
      Set.of(Anomaly.Kind.STATUS_DISAGREES),
      // An order that goes missing this way is announced again: what staff do is not.
      times(2, Kind.KILL_KAFKA, Target.KAFKA)) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.shared.events.OutboxStore",
          "VALUES ($1, $2, $3, $4, $5)",
          "SELECT $1::uuid, $2::text, $3::text[], $4::text[], $5::text[]"
              + " WHERE $2::text <> 'order-requests'");
    }
  },

  NO_REPLAY(
      "nobody notices that Kafka has lost what was published",
      Set.of(Anomaly.Kind.LOST_ON_VIEW, Anomaly.Kind.LOST_ALARM, Anomaly.Kind.STATUS_DISAGREES),
      outagesBeforeAWipe("view", "alarm")) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.shared.events.OutboxStore",
          "WHERE topic = $1 AND published_at > '-infinity'",
          "WHERE false AND topic = $1");
    }
  },

  TWO_STARTS(
      "a step is taken wherever the order request stands",
      Set.of(
          Anomaly.Kind.NOT_LINEARIZABLE,
          Anomaly.Kind.CANCEL_NOT_FINAL,
          Anomaly.Kind.STATUS_DISAGREES),
      times(1, Kind.CUT, link("snackbar-1", "postgres"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.snackbar.OrderRequestStore",
          "w.moves::jsonb ->> r.status AS",
          "coalesce(w.moves::jsonb ->> r.status, jsonb_path_query_first(w.moves::jsonb, '$.*') #>> '{}') AS");
    }
  },

  STRANGERS_WELCOME(
      "whoever knows an order's id may see and cancel it",
      Set.of(Anomaly.Kind.STRANGER),
      times(1, Kind.CUT, link("order-1", "postgres"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.order.OrderStore", "o.customer_id = s.customer_id", "s.customer_id IS NOT NULL");
    }
  },

  SNAPSHOT_TOO_NEW(
      "a board that comes back gets a snapshot that calls itself newer than it is",
      Set.of(Anomaly.Kind.GHOST_ON_BOARD, Anomaly.Kind.LOST_ON_FEED),
      times(12, Kind.CUT, link("front-door", "view-1"), link("front-door", "view-2"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword(
          "cinema.view.FeedStore", "SELECT f.epoch, f.seq,", "SELECT f.epoch, f.seq + 10 AS seq,");
      planting.reword("cinema.view.FeedStore", "AND f.epoch = $2", "AND f.epoch = $2 || ' '");
    }
  },

  INTENTS_FORGOTTEN(
      "a cancel without an answer is stored, and never asked again",
      Set.of(Anomaly.Kind.NOT_SETTLED),
      times(2, Kind.KILL_BOTH, new Target.Pair("snackbar"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.silence("cinema.order.SettleCancels", "start");
    }

    @Override
    Staff.Manner staff() {
      // What they do with an order settles its cancel as well.
      return Staff.Manner.FEW;
    }
  },

  SAME_NUMBER_TWICE(
      "pickup numbers are counted by hand-written arithmetic that forgets its neighbours",
      Set.of(Anomaly.Kind.DOUBLED_PICKUP_NUMBER),
      times(2, Kind.BLACK_HOLE, link("order-1", "postgres"), link("order-2", "postgres"))) {
    @Override
    void plant(Planting planting) throws IOException {
      planting.reword("cinema.order.PlacingStore", "last - many + nth", "last");
    }
  };

  /** In a sentence. */
  final String sentence;

  /** Any of these is enough. */
  final Set<Anomaly.Kind> telling;

  final List<Fault> faults;

  PlantedBug(String sentence, Set<Anomaly.Kind> telling, List<Fault> faults) {
    this.sentence = sentence;
    this.telling = telling;
    this.faults = faults;
  }

  /** Rewrites the classes that have the bug. */
  abstract void plant(Planting planting) throws IOException;

  /** Who works meanwhile. */
  Staff.Manner staff() {
    return Staff.Manner.USUAL;
  }

  private static Target link(String from, String to) {
    return new Target.Link(from, to);
  }

  /**
   * Until then hardly anybody is there, and nothing is lost that nobody has asked for. No constant:
   * those of an enum are made before them.
   */
  private static Duration warm() {
    return Duration.ofSeconds(20);
  }

  private static List<Fault> times(int times, Kind kind, Target... targets) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      faults.add(fault(faults, kind, targets[i % targets.length], 2000));
    }
    return faults;
  }

  /** Events lie half applied behind a database that is silent, and then their process dies. */
  private static List<Fault> crashesBehindASilentDatabase(String... services) {
    List<Fault> faults = new ArrayList<>();
    for (String service : services) {
      for (int replica = 1; replica <= Target.REPLICAS_EACH; replica++) {
        String name = service + "-" + replica;
        faults.add(fault(faults, Kind.BLACK_HOLE, link(name, "postgres"), 2000));
        faults.add(fault(faults, Kind.KILL, new Target.Replica(service, replica), 0));
      }
    }
    return faults;
  }

  private static List<Fault> outagesBeforeAWipe(String... services) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      for (String service : services) {
        faults.add(fault(faults, Kind.FREEZE_BOTH, new Target.Pair(service), 500));
      }
      faults.add(fault(faults, Kind.WIPE_KAFKA, Target.KAFKA, 0));
    }
    return faults;
  }

  private static Fault fault(List<Fault> before, Kind kind, Target target, int pauseMillis) {
    return new Fault(
        before.size() + 1,
        kind,
        target,
        before.isEmpty() ? warm() : Duration.ofMillis(pauseMillis),
        kind.lasts ? Duration.ofMillis(2500) : Duration.ZERO,
        Duration.ZERO);
  }
}

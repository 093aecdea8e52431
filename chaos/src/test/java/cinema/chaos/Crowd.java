package cinema.chaos;

import cinema.chaos.Cinema.Session;
import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many customers at once, each with the next order as soon as the one before is answered. */
final class Crowd {
  private final Cinema cinema;
  private final int atOnce;
  private final Session guest;
  private final String item;

  record Answer(UUID orderId, Outcome told, Duration took) {}

  interface Asking {
    Outcome ask(UUID orderId) throws InterruptedException;
  }

  Crowd(Cinema cinema, int atOnce) throws Exception {
    this.cinema = cinema;
    this.atOnce = atOnce;
    this.guest = cinema.openSession();
    this.item = cinema.menu("lobby").getFirst();
  }

  /** Orders that were all taken. */
  List<UUID> order(int many) throws ExecutionException, InterruptedException {
    List<UUID> keys = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      keys.add(UUID.randomUUID());
    }
    Wish wish = new Wish("lobby", Wish.line(item, 1), "Mina");
    return each(keys, key -> cinema.place(guest, key.toString(), wish)).stream()
        .map(answer -> ((Acknowledged) answer.told).orderId())
        .toList();
  }

  Outcome cancel(UUID orderId) throws InterruptedException {
    return cinema.cancel(guest, orderId);
  }

  List<Answer> each(List<UUID> orders, Asking asking)
      throws ExecutionException, InterruptedException {
    try (ExecutorService guests = Executors.newFixedThreadPool(atOnce)) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (UUID orderId : orders) {
        answers.add(guests.submit(() -> timed(orderId, asking)));
      }
      List<Answer> all = new ArrayList<>();
      for (Future<Answer> answer : answers) {
        all.add(answer.get());
      }
      return all;
    }
  }

  private static Answer timed(UUID orderId, Asking asking) throws InterruptedException {
    long began = System.nanoTime();
    Outcome told = asking.ask(orderId);
    return new Answer(orderId, told, Duration.ofNanos(System.nanoTime() - began));
  }
}

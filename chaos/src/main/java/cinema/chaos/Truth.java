package cinema.chaos;

import cinema.chaos.Operation.Wish;
import cinema.shared.contract.OrderStatus;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What is there after everything has settled: in each service's database, and on the boards.
 *
 * @param troubles when something was broken, in the history's nanoseconds; in any order
 */
record Truth(
    List<OrderRow> orders,
    List<RequestRow> requests,
    List<AlarmRow> alarms,
    List<ViewRow> views,
    List<Watched> watched,
    List<Trouble> troubles) {

  /**
   * An order, as order-verticle has it.
   *
   * @param note the key that it was asked for with, see {@link Operation.Place}
   * @param day that its pickup number counts for
   * @param cancelling whether a cancel waits for the bar's answer
   * @param confirmed whether its bar has said anything of it
   */
  record OrderRow(
      UUID orderId,
      UUID customerId,
      Wish wish,
      String note,
      int pickupNumber,
      LocalDate day,
      OrderStatus status,
      boolean cancelling,
      boolean confirmed) {}

  /**
   * An order request, as the bar has it.
   *
   * @param pickupNumber 0 in a tombstone that has not met its order
   * @param lines as in a {@link Wish}; null in a tombstone that has not met its order
   */
  record RequestRow(
      UUID orderId,
      String barId,
      OrderStatus status,
      int version,
      int pickupNumber,
      String lines) {}

  /**
   * @param raised whether the order itself has come, not only its cancel
   */
  record AlarmRow(UUID orderId, String barId, boolean raised, boolean acknowledged) {}

  /**
   * @param status null while nobody has told it
   * @param customerId null while the order itself has not come
   * @param pickupNumber 0 while the order itself has not come
   */
  record ViewRow(
      UUID orderId, String barId, OrderStatus status, UUID customerId, int pickupNumber) {}

  /**
   * What one watcher of a bar's feed has seen.
   *
   * @param board what is on it in the end
   * @param firstShown when each order was first on it, in the history's nanoseconds
   * @param anomalies what was wrong with the feed, a sentence each
   */
  record Watched(
      String name,
      String barId,
      Map<UUID, OrderStatus> board,
      Map<UUID, Long> firstShown,
      List<String> anomalies) {}

  /**
   * A time in which something was broken or coming back.
   *
   * @param until when everything was there again
   */
  record Trouble(long from, long until) {}
}

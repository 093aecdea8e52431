package cinema.gatling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What one text frame of a bar's live feed says about orders.
 *
 * @param type snapshot, order, removed or alarm
 * @param shown the orders that are on the board now; one, but for a snapshot
 * @param removed the order that left the board; null for none
 * @param epoch of which the numbers are, as a snapshot says; null for the others
 */
record FeedFrame(String type, long seq, List<String> shown, String removed, String epoch) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IllegalArgumentException when it is no frame of the feed
   */
  static FeedFrame of(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
    String type = json.path("type").asText();
    long seq = json.path("seq").asLong(-1);
    return switch (type) {
      case "snapshot" ->
          new FeedFrame(type, seq, ids(json.path("orders")), null, json.path("epoch").asText());
      case "order" -> new FeedFrame(type, seq, List.of(id(json.path("order"))), null, null);
      case "removed" -> new FeedFrame(type, seq, List.of(), id(json), null);
      case "alarm" -> new FeedFrame(type, seq, List.of(), null, null);
      default -> throw new IllegalArgumentException("not a feed message: " + text);
    };
  }

  private static List<String> ids(JsonNode orders) {
    List<String> ids = new ArrayList<>();
    orders.forEach(order -> ids.add(id(order)));
    return ids;
  }

  private static String id(JsonNode order) {
    return order.path("orderId").asText();
  }
}

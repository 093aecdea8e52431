package cinema.order;

import cinema.shared.contract.Customer;
import cinema.shared.contract.Wire;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a customer filled in. Checked by hand, because the OpenAPI validator would cost more than
 * the rest of the order; a test holds these checks to the document.
 *
 * @param seat null to pick up at the bar
 * @param note null for none
 */
record OrderForm(String barId, List<Wish> lines, Customer customer, String seat, String note) {
  static final int MOST_LINES = 20;
  static final int MOST_PIECES = 50;

  private static final Set<String> FIELDS = Set.of("barId", "lines", "customer", "seat", "note");
  private static final Set<String> LINE_FIELDS = Set.of("itemId", "quantity");
  private static final Set<String> CUSTOMER_FIELDS = Set.of("name", "phone");
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern PHONE = Pattern.compile("[+0-9][0-9 -]{3,30}");

  record Wish(String itemId, int quantity) {}

  /**
   * Reads a request body.
   *
   * @throws Problem.Thrown 422 naming every bad field
   */
  static OrderForm read(JsonObject body) {
    List<FieldError> errors = new ArrayList<>();
    OrderForm form = read(body, errors);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors).thrown();
    }
    return form;
  }

  /** The same for the same wishes, however the JSON was laid out. */
  String fingerprint() {
    try {
      byte[] text = Wire.encode(this).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OrderForm read(JsonObject json, List<FieldError> errors) {
    unknown(json, FIELDS, "", errors);
    String barId = slug(json, "barId", "", errors);
    List<Wish> lines = lines(json, errors);
    Customer customer = customer(json, errors);
    String seat = text(json, "seat", "", 16, false, errors);
    String note = text(json, "note", "", 280, false, errors);
    return new OrderForm(barId, lines, customer, seat, note);
  }

  private static List<Wish> lines(JsonObject json, List<FieldError> errors) {
    List<Wish> wishes = new ArrayList<>();
    if (!(json.getValue("lines") instanceof JsonArray lines)) {
      errors.add(new FieldError("lines", "must be a list of {itemId, quantity}"));
      return wishes;
    }
    if (lines.isEmpty() || lines.size() > MOST_LINES) {
      errors.add(new FieldError("lines", "must have 1 to " + MOST_LINES + " lines"));
      return wishes;
    }
    for (int i = 0; i < lines.size(); i++) {
      String at = "lines[" + i + "]";
      if (!(lines.getValue(i) instanceof JsonObject line)) {
        errors.add(new FieldError(at, "must be an object"));
        continue;
      }
      unknown(line, LINE_FIELDS, at + ".", errors);
      String itemId = slug(line, "itemId", at + ".", errors);
      if (line.getValue("quantity") instanceof Integer quantity
          && quantity >= 1
          && quantity <= MOST_PIECES) {
        wishes.add(new Wish(itemId, quantity));
      } else {
        errors.add(
            new FieldError(at + ".quantity", "must be a whole number from 1 to " + MOST_PIECES));
      }
    }
    return wishes;
  }

  private static Customer customer(JsonObject json, List<FieldError> errors) {
    if (!(json.getValue("customer") instanceof JsonObject customer)) {
      errors.add(new FieldError("customer", "must be an object with a name"));
      return null;
    }
    unknown(customer, CUSTOMER_FIELDS, "customer.", errors);
    String name = text(customer, "name", "customer.", 60, true, errors);
    String phone = text(customer, "phone", "customer.", 32, false, errors);
    if (phone != null && !PHONE.matcher(phone).matches()) {
      errors.add(new FieldError("customer.phone", "must be a phone number"));
    }
    return new Customer(name, phone);
  }

  private static void unknown(
      JsonObject json, Set<String> known, String at, List<FieldError> errors) {
    for (String field : json.fieldNames()) {
      if (!known.contains(field)) {
        errors.add(new FieldError(at + field, "is not a known field"));
      }
    }
  }

  private static String slug(JsonObject json, String field, String at, List<FieldError> errors) {
    String slug = text(json, field, at, 63, true, errors);
    if (slug != null && !SLUG.matcher(slug).matches()) {
      errors.add(new FieldError(at + field, "must be a slug such as lobby or cola-m"));
    }
    return slug;
  }

  private static String text(
      JsonObject json, String field, String at, int most, boolean needed, List<FieldError> errors) {
    if (!needed && !json.containsKey(field)) {
      return null;
    }
    Object value = json.getValue(field);
    if (!(value instanceof String text)) {
      errors.add(new FieldError(at + field, "must be a text"));
      return null;
    }
    if (text.isBlank() || text.codePointCount(0, text.length()) > most) {
      errors.add(new FieldError(at + field, "must have 1 to " + most + " characters"));
      return null;
    }
    // Control characters and halves of surrogate pairs: no name has them, and no table takes them.
    boolean clean =
        text.codePoints().noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
    if (!clean) {
      errors.add(new FieldError(at + field, "has characters that cannot be shown"));
      return null;
    }
    return text;
  }
}

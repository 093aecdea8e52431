package cinema.view;

import cinema.shared.service.Caller;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Collectors;

/** SQL of feed tickets; any replica takes a ticket that another gave out, once. */
final class TicketStore {
  private static final String KEEP =
      "INSERT INTO feed_ticket (ticket_hash, caller, expires_at) VALUES ($1, $2, $3)";

  private static final String REDEEM =
      "DELETE FROM feed_ticket WHERE ticket_hash = $1 RETURNING caller, expires_at";

  private static final String PRUNE = "DELETE FROM feed_ticket WHERE expires_at < $1";

  private final Database database;

  TicketStore(Database database) {
    this.database = database;
  }

  Future<Void> keep(String ticket, Caller caller, Instant expiresAt) {
    JsonObject json =
        new JsonObject()
            .put("id", caller.id())
            .put("role", caller.role().name())
            .put("places", new JsonArray(caller.places().stream().sorted().toList()))
            .put("expires", caller.expires().toString());
    return database
        .execute(KEEP, Tuple.of(hash(ticket), json, expiresAt.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  /**
   * Takes a ticket in.
   *
   * @return who it was given to; null when it is not known, used or too old
   */
  Future<Caller> redeem(String ticket, Instant now) {
    return database
        .execute(REDEEM, Tuple.of(hash(ticket)))
        .map(
            rows -> {
              for (Row row : rows) {
                if (row.getOffsetDateTime("expires_at").toInstant().isAfter(now)) {
                  return caller(row.getJsonObject("caller"));
                }
              }
              return null;
            });
  }

  Future<Void> prune(Instant now) {
    return database.execute(PRUNE, Tuple.of(now.atOffset(ZoneOffset.UTC))).mapEmpty();
  }

  private static Caller caller(JsonObject json) {
    Set<String> places =
        json.getJsonArray("places").stream()
            .map(String::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    return new Caller(
        json.getString("id"),
        Caller.Role.valueOf(json.getString("role")),
        places,
        Instant.parse(json.getString("expires")));
  }

  /** Whoever reads the table cannot use what is in it. */
  private static Buffer hash(String ticket) {
    try {
      byte[] text = ticket.getBytes(StandardCharsets.UTF_8);
      return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

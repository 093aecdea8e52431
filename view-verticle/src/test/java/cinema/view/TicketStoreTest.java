package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.service.Caller;
import cinema.shared.testing.Bench;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TicketStoreTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Caller STAFF =
      new Caller("staff", Caller.Role.STAFF, Set.of("lobby", "roof"), NOON.plusSeconds(3600));

  private static Bench bench;
  private static TicketStore tickets;

  private final String ticket = UUID.randomUUID().toString();

  @BeforeAll
  static void open() {
    bench = Bench.of("view");
    tickets = new TicketStore(bench.database("cinema/view/migrations"));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void a_ticket_stands_for_its_caller_once() {
    await(tickets.keep(ticket, STAFF, NOON.plusSeconds(30)));

    assertThat(await(tickets.redeem(ticket, NOON))).isEqualTo(STAFF);
    assertThat(await(tickets.redeem(ticket, NOON))).isNull();
  }

  @Test
  void a_ticket_holds_until_it_expires() {
    await(tickets.keep(ticket, STAFF, NOON.plusSeconds(30)));
    await(tickets.keep(ticket + "2", STAFF, NOON.plusSeconds(30)));

    assertThat(await(tickets.redeem(ticket, NOON.plusMillis(29_999)))).isEqualTo(STAFF);
    assertThat(await(tickets.redeem(ticket + "2", NOON.plusSeconds(30)))).isNull();
  }

  @Test
  void a_ticket_that_nobody_gave_out_stands_for_nobody() {
    await(tickets.keep("another's " + ticket, STAFF, NOON.plusSeconds(30)));

    assertThat(await(tickets.redeem(ticket, NOON))).isNull();
  }

  @Test
  void expired_tickets_are_forgotten_and_others_are_not() {
    await(tickets.keep(ticket, STAFF, NOON));
    await(tickets.keep(ticket + "2", STAFF, NOON.plusSeconds(30)));

    await(tickets.prune(NOON.plusSeconds(1)));

    assertThat(await(tickets.redeem(ticket, NOON.minusSeconds(1)))).isNull();
    assertThat(await(tickets.redeem(ticket + "2", NOON.plusSeconds(1)))).isEqualTo(STAFF);
  }
}

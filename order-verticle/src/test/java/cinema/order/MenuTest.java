package cinema.order;

import static cinema.order.Samples.changed;
import static cinema.order.Samples.cola;
import static cinema.order.Samples.counted;
import static cinema.order.Samples.form;
import static cinema.order.Samples.popcorn;
import static cinema.order.Samples.soldOut;
import static cinema.order.Samples.wish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.contract.Bar;
import cinema.shared.contract.Line;
import cinema.shared.contract.MenuItem;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MenuTest {
  private final Menu menu = Samples.menu("lobby");

  @Test
  void an_order_costs_what_its_items_cost_when_it_is_placed() {
    Menu.Priced priced = menu.price(form("lobby", wish("popcorn", 2), wish("cola", 3)));

    assertThat(priced.lines())
        .containsExactly(
            new Line("popcorn", "Popcorn", 2, 6000), new Line("cola", "Cola", 3, 3000));
    assertThat(priced.total()).isEqualTo(2 * 6000 + 3 * 3000);
    assertThat(priced.currency()).isEqualTo("KRW");
  }

  @Test
  void the_slowest_item_sets_the_pace_and_the_rest_is_made_four_at_a_time() {
    assertThat(preparation(wish("popcorn", 1))).isEqualTo(Duration.ofSeconds(60));
    assertThat(preparation(wish("popcorn", 5))).isEqualTo(Duration.ofSeconds(60 + 240 / 4));
    assertThat(preparation(wish("cola", 2), wish("popcorn", 1)))
        .isEqualTo(Duration.ofSeconds(60 + 40 / 4));
  }

  @Test
  void an_item_that_is_not_available_is_sold_out() {
    menu.on(changed("lobby", 2, soldOut(popcorn())));

    Problem problem = refused(form("lobby", wish("cola", 1), wish("popcorn", 1)));

    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.type()).endsWith("sold-out");
    assertThat(problem.more()).isEqualTo(Map.of("itemIds", List.of("popcorn")));
  }

  @Test
  void an_item_is_sold_out_for_those_who_want_more_of_it_than_are_left() {
    menu.on(changed("lobby", 2, counted(popcorn(), 3)));

    assertThat(menu.price(form("lobby", wish("popcorn", 3))).total()).isEqualTo(18_000);
    assertThat(refused(form("lobby", wish("popcorn", 4))).type()).endsWith("sold-out");
    menu.on(changed("lobby", 3, counted(popcorn(), 0)));
    assertThat(refused(form("lobby", wish("popcorn", 1))).type()).endsWith("sold-out");
  }

  @Test
  void what_is_left_has_to_do_for_all_lines_of_an_order_together() {
    menu.on(changed("lobby", 2, counted(popcorn(), 3)));

    Problem problem = refused(form("lobby", wish("popcorn", 2), wish("popcorn", 2)));

    assertThat(problem.type()).endsWith("sold-out");
    assertThat(problem.more()).isEqualTo(Map.of("itemIds", List.of("popcorn")));
  }

  @Test
  void each_unknown_item_is_named() {
    Problem problem = refused(form("lobby", wish("beer", 1), wish("cola", 1), wish("wine", 1)));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.errors())
        .extracting(FieldError::field)
        .containsExactly("lines[0].itemId", "lines[2].itemId");
  }

  @Test
  void an_unknown_bar_is_named_also_when_only_its_items_are_known_so_far() {
    menu.on(changed("roof", 1, cola()));

    Problem problem = refused(form("roof", wish("cola", 1)));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.errors()).extracting(FieldError::field).containsExactly("barId");
    assertThat(menu.of("roof")).isNull();
    assertThat(menu.bars()).extracting(Bar::barId).containsExactly("lobby");
  }

  @Test
  void an_older_event_is_passed_over() {
    menu.on(changed("lobby", 3, counted(cola(), 7)));
    menu.on(changed("lobby", 2, soldOut(cola())));

    assertThat(menu.of("lobby")).extracting(MenuItem::stock).containsExactly(7, null);
  }

  private Duration preparation(OrderForm.Wish... wishes) {
    return menu.price(form("lobby", wishes)).preparation();
  }

  private Problem refused(OrderForm form) {
    Problem.Thrown refusal = catchThrowableOfType(Problem.Thrown.class, () -> menu.price(form));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.problem();
  }
}

package cinema.shared.contract;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Kafka topic and what is written on it. All have the same number of partitions, so that a bar's
 * events on different topics meet in one consumer.
 *
 * @param compacted whether Kafka keeps the newest record of each key for ever
 */
public record Topic<E extends Event>(
    String name, boolean compacted, Map<String, Class<? extends E>> types) {

  public static final Topic<OrderEvent> ORDERS = of("orders", false, OrderEvent.class);
  public static final Topic<OrderRequestEvent> ORDER_REQUESTS =
      of("order-requests", false, OrderRequestEvent.class);
  public static final Topic<MenuEvent> MENUS = of("menus", true, MenuEvent.class);
  public static final Topic<AlarmEvent> ALARMS = of("alarms", false, AlarmEvent.class);

  public static final List<Topic<?>> ALL = List.of(ORDERS, ORDER_REQUESTS, MENUS, ALARMS);

  /** Where an event goes that its reader cannot apply. */
  public String dead() {
    return name + ".dead";
  }

  private static <E extends Event> Topic<E> of(String name, boolean compacted, Class<E> sealed) {
    return new Topic<>(
        name,
        compacted,
        Arrays.stream(sealed.getPermittedSubclasses())
            .<Class<? extends E>>map(type -> type.asSubclass(sealed))
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity())));
  }
}

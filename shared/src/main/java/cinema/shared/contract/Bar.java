package cinema.shared.contract;

import java.util.Map;

/**
 * One snack bar of a cinema.
 *
 * @param barId a short slug such as {@code lobby}
 * @param names the name in other languages by BCP 47 tag; empty when there are none
 */
public record Bar(String barId, String name, Map<String, String> names) {}

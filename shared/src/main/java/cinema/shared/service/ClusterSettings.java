package cinema.shared.service;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a member joins the cluster.
 *
 * @param host the interface for Hazelcast and the event bus ({@code CLUSTER_HOST})
 * @param port Hazelcast's ({@code CLUSTER_PORT}); 0 takes a free one
 * @param members {@code host:port} of some members to join ({@code CLUSTER_MEMBERS}); empty: this
 *     member is the first
 * @param dns a name that resolves to the addresses of all members, each with its Hazelcast at
 *     {@code port}: they are joined instead of {@code members} ({@code CLUSTER_DNS}); empty: there
 *     is none
 * @param publicAddress where other members find this one's Hazelcast, when that is not where it
 *     listens: {@code host:port} ({@code CLUSTER_PUBLIC}); empty: it is
 * @param eventBusPort {@code EVENT_BUS_PORT}; 0 takes a free one
 * @param eventBusPublicPort where other members find this one's event bus ({@code
 *     EVENT_BUS_PUBLIC_PORT}); 0: where it listens
 * @param tls the folder with this member's {@code tls.crt} and {@code tls.key} and with the {@code
 *     ca.crt} that other members' certificates must come from, all PEM, for the event bus ({@code
 *     CLUSTER_TLS}); empty: it is not encrypted, and whoever reaches its port is a member
 */
public record ClusterSettings(
    String host,
    int port,
    List<String> members,
    String dns,
    String publicAddress,
    int eventBusPort,
    int eventBusPublicPort,
    Optional<Path> tls) {

  /**
   * @throws Settings.BadSetting when one of them is not usable
   */
  public static ClusterSettings of(Settings settings) {
    return new ClusterSettings(
        settings.text("CLUSTER_HOST", "127.0.0.1"),
        settings.number("CLUSTER_PORT", 0, 0, 65535),
        Arrays.stream(settings.text("CLUSTER_MEMBERS", "127.0.0.1:8092").split(","))
            .map(String::strip)
            .filter(member -> !member.isEmpty())
            .toList(),
        settings.text("CLUSTER_DNS", ""),
        settings.text("CLUSTER_PUBLIC", ""),
        settings.number("EVENT_BUS_PORT", 0, 0, 65535),
        settings.number("EVENT_BUS_PUBLIC_PORT", 0, 0, 65535),
        Optional.of(settings.path("CLUSTER_TLS", "")).filter(at -> !at.toString().isEmpty()));
  }
}

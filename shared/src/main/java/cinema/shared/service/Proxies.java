package cinema.shared.service;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Who may say on whose behalf a request comes. Anybody can write {@code X-Forwarded-For}; it counts
 * only as far as those are trusted who have passed the request on, from the last to the first.
 */
public final class Proxies {
  /** Whoever has an IPv6 address has 2^64 of them: they are one network (RFC 6177). */
  private static final int NETWORK_BYTES = 8;

  private final List<IpSubnetFilterRule> trusted;

  private Proxies(List<IpSubnetFilterRule> trusted) {
    this.trusted = trusted;
  }

  /**
   * @param list addresses and networks, such as {@code 10.0.0.0/8,::1}; empty trusts nobody
   * @throws IllegalArgumentException when one of them is none
   */
  static Proxies parse(String list) {
    return new Proxies(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .map(Proxies::rule)
            .toList());
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw new IllegalArgumentException("'" + network + "' is no address");
    }
    int bits = slash < 0 ? 8 * bytes.length : Integer.parseInt(network.substring(slash + 1));
    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
  }

  /** The address that a request comes from, or for IPv6 its network; as text, to count by. */
  public String networkOf(HttpServerRequest request) {
    String network = network(addressOf(request));
    return network == null ? "unknown" : network;
  }

  /** What to say of a request when it is passed on: who may be believed, and who it came from. */
  public String forwardedFor(HttpServerRequest request) {
    String peer = request.remoteAddress().hostAddress();
    List<String> before = request.headers().getAll("x-forwarded-for");
    return before.isEmpty() || !isTrusted(peer) ? peer : String.join(", ", before) + ", " + peer;
  }

  private String addressOf(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    List<String> forwarded = request.headers().getAll("x-forwarded-for");
    if (forwarded.isEmpty() || !isTrusted(address)) {
      return address;
    }
    String[] hops = String.join(",", forwarded).split(",");
    for (int i = hops.length - 1; i >= 0; i--) {
      String hop = withoutPort(hops[i].strip());
      if (NetUtil.createByteArrayFromIpAddressString(hop) == null) {
        // Whoever trusted proxies have passed this on for, it is not said.
        return address;
      }
      address = hop;
      if (!isTrusted(hop)) {
        return hop;
      }
    }
    return address;
  }

  /** Some proxies name the port as well: {@code 203.0.113.7:5678}, {@code [2001:db8::1]:5678}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      return hop.substring(1, Math.max(1, hop.indexOf(']')));
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }

  private boolean isTrusted(String address) {
    if (trusted.isEmpty()) {
      return false;
    }
    byte[] bytes = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return false;
    }
    try {
      InetSocketAddress peer = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
      return trusted.stream().anyMatch(rule -> rule.matches(peer));
    } catch (UnknownHostException e) {
      return false; // bytes of another length than addresses have
    }
  }

  /** An IPv4 address written as one of IPv6: RFC 4291 §2.5.5.2. */
  private static boolean isMapped(byte[] bytes) {
    byte[] prefix = new byte[12];
    prefix[10] = (byte) 0xff;
    prefix[11] = (byte) 0xff;
    return Arrays.equals(bytes, 0, 12, prefix, 0, 12);
  }

  private static String network(String address) {
    byte[] bytes = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return address;
    }
    if (isMapped(bytes)) {
      return NetUtil.bytesToIpAddress(Arrays.copyOfRange(bytes, 12, 16));
    }
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    return NetUtil.bytesToIpAddress(bytes) + "/64";
  }
}

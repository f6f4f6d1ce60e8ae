package dev.usher.ingress;

import dev.usher.event.Network;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The address a request comes from. What {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}
 * say is believed only of our own load balancers: from the last hop backwards, as long as each hop
 * is one.
 */
final class SenderAddress {
  private final List<Network> trustedProxies;

  SenderAddress(List<Network> trustedProxies) {
    this.trustedProxies = trustedProxies;
  }

  /**
   * The sender's address; null where it cannot be told, which no allowlist holds. Where both
   * headers are there they must agree: a balancer that writes one may pass on the other as a client
   * forged it.
   */
  @Nullable InetAddress of(HttpServerRequest request) {
    InetAddress peer = literal(request.remoteAddress().hostAddress());
    List<String> standard = request.headers().getAll("forwarded");
    List<String> custom = request.headers().getAll("x-forwarded-for");
    if (peer == null || !isTrusted(peer) || (standard.isEmpty() && custom.isEmpty())) {
      return peer;
    }
    InetAddress byStandard = standard.isEmpty() ? null : last(peer, hops(standard, true));
    InetAddress byCustom = custom.isEmpty() ? null : last(peer, hops(custom, false));
    if (standard.isEmpty()) {
      return byCustom;
    }
    return custom.isEmpty() || Objects.equals(byStandard, byCustom) ? byStandard : null;
  }

  /** Backwards from the peer, as long as each hop is one of ours. */
  private @Nullable InetAddress last(InetAddress peer, List<String> hops) {
    InetAddress hop = peer;
    for (int i = hops.size() - 1; i >= 0 && hop != null && isTrusted(hop); i--) {
      hop = literal(hops.get(i));
    }
    return hop;
  }

  boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(network -> network.contains(address));
  }

  private static List<String> hops(List<String> lines, boolean standard) {
    List<String> hops = new ArrayList<>();
    for (String line : lines) {
      for (String element : line.split(",", -1)) {
        hops.add(standard ? forParameter(element) : element.strip());
      }
    }
    return hops;
  }

  private static String forParameter(String element) {
    for (String pair : element.split(";", -1)) {
      String[] nameAndValue = pair.strip().split("=", 2);
      if (nameAndValue.length == 2 && nameAndValue[0].equalsIgnoreCase("for")) {
        return nameAndValue[1].replace("\"", "");
      }
    }
    return ""; // a hop that says nothing ends the chain
  }

  /** The address in {@code text}, which may carry a port; null where it is a name or nothing. */
  static @Nullable InetAddress literal(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String host = text;
    if (text.startsWith("[")) {
      host = text.substring(1, Math.max(1, text.indexOf(']')));
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.contains(":")) {
      host = text.substring(0, text.indexOf(':'));
    }
    int zone = host.indexOf('%');
    try {
      return InetAddress.ofLiteral(zone < 0 ? host : host.substring(0, zone));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

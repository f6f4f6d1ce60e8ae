package dev.usher.ingress;

import dev.usher.event.Network;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
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

  /** The sender's address; null where it cannot be told, which no allowlist holds. */
  @Nullable InetAddress of(HttpServerRequest request) {
    InetAddress hop = literal(request.remoteAddress().hostAddress());
    List<String> forwarded = forwarded(request.headers());
    for (int i = forwarded.size() - 1; i >= 0 && hop != null && isTrusted(hop); i--) {
      hop = literal(forwarded.get(i));
    }
    return hop;
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(network -> network.contains(address));
  }

  private static List<String> forwarded(MultiMap headers) {
    List<String> hops = new ArrayList<>();
    List<String> standard = headers.getAll("forwarded");
    for (String line : standard.isEmpty() ? headers.getAll("x-forwarded-for") : standard) {
      for (String element : line.split(",", -1)) {
        hops.add(standard.isEmpty() ? element.strip() : forParameter(element));
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
  private static @Nullable InetAddress literal(@Nullable String text) {
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

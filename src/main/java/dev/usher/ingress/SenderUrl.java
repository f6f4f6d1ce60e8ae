package dev.usher.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address that a sender called, which some sign. Behind our own load balancers it is what
 * {@code Forwarded} (RFC 7239) or {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port} say:
 * of several balancers in a row the first one that the sender met counts. Of others these headers
 * are not believed.
 */
final class SenderUrl {
  private final SenderAddress senders;

  SenderUrl(SenderAddress senders) {
    this.senders = senders;
  }

  /** Scheme, host, path and query; empty host where the request tells none. */
  String of(HttpServerRequest request) {
    String scheme = request.isSSL() ? "https" : "http";
    String host = request.getHeader(HttpHeaders.HOST);
    InetAddress peer = SenderAddress.literal(request.remoteAddress().hostAddress());
    if (peer != null && senders.isTrusted(peer)) {
      List<String> standard = request.headers().getAll("forwarded");
      Seen seen = standard.isEmpty() ? custom(request) : standard(standard);
      scheme = seen.scheme == null ? scheme : seen.scheme;
      host = seen.host == null ? host : seen.host;
    }
    String query = request.query();
    return scheme
        + "://"
        + (host == null ? "" : host)
        + request.path()
        + (query == null ? "" : "?" + query);
  }

  /** What balancers say that they saw; null where they say nothing. */
  private record Seen(@Nullable String scheme, @Nullable String host) {}

  /** Backwards from the last element, as long as each hop is one of ours. */
  private Seen standard(List<String> lines) {
    List<String> elements = elements(lines);
    String scheme = null;
    String host = null;
    for (int i = elements.size() - 1; i >= 0; i--) {
      Map<String, String> element = parameters(elements.get(i));
      scheme = element.containsKey("proto") ? scheme(element.get("proto")) : scheme;
      host = element.getOrDefault("host", host);
      InetAddress from = SenderAddress.literal(element.get("for"));
      if (from == null || !senders.isTrusted(from)) {
        break;
      }
    }
    return new Seen(scheme, host);
  }

  private Seen custom(HttpServerRequest request) {
    int hops = 1; // the peer
    List<String> addresses = elements(request.headers().getAll("x-forwarded-for"));
    for (int i = addresses.size() - 1; i >= 0; i--) {
      InetAddress hop = SenderAddress.literal(addresses.get(i));
      if (hop == null || !senders.isTrusted(hop)) {
        break;
      }
      hops++;
    }
    String scheme = scheme(outermost(request, "x-forwarded-proto", hops));
    String host = outermost(request, "x-forwarded-host", hops);
    String port = outermost(request, "x-forwarded-port", hops);
    String named = host == null ? request.getHeader(HttpHeaders.HOST) : host;
    boolean isUsual = port == null || port.equals("443") || port.equals("80");
    boolean hasPort = named == null || named.indexOf(':', named.indexOf(']') + 1) >= 0;
    return new Seen(scheme, isUsual || hasPort ? host : named + ":" + port);
  }

  /**
   * Each of our balancers may have added a value, the nearest one last; what is before the first of
   * theirs came with the request.
   */
  private static @Nullable String outermost(HttpServerRequest request, String name, int hops) {
    List<String> values = elements(request.headers().getAll(name));
    return values.isEmpty() ? null : values.get(Math.max(0, values.size() - hops));
  }

  private static @Nullable String scheme(@Nullable String text) {
    String scheme = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return scheme.equals("https") || scheme.equals("http") ? scheme : null;
  }

  private static List<String> elements(List<String> lines) {
    List<String> elements = new ArrayList<>();
    for (String line : lines) {
      for (String element : line.split(",", -1)) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  private static Map<String, String> parameters(String element) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : element.split(";", -1)) {
      String[] nameAndValue = pair.strip().split("=", 2);
      if (nameAndValue.length == 2) {
        parameters.put(nameAndValue[0].toLowerCase(Locale.ROOT), nameAndValue[1].replace("\"", ""));
      }
    }
    return parameters;
  }
}

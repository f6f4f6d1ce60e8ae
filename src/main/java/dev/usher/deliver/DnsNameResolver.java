package dev.usher.deliver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the system's name servers for A and AAAA records. The hosts file is not read, so that a name
 * means the same for us as for the world; {@code localhost} is the loopback (RFC 6761).
 */
public final class DnsNameResolver implements NameResolver {
  /** Aliases of aliases that are followed. */
  private static final int MOST_ALIASES = 8;

  private final DnsClient dns;

  public DnsNameResolver(Vertx vertx, Duration timeout) {
    this(vertx, new DnsClientOptions().setQueryTimeout(timeout.toMillis()));
  }

  /** With a name server of one's own: for tests. */
  DnsNameResolver(Vertx vertx, DnsClientOptions options) {
    dns = vertx.createDnsClient(options);
  }

  @Override
  public Future<List<InetAddress>> resolve(String name) {
    if (name.equalsIgnoreCase("localhost")) {
      return Future.succeededFuture(List.of(InetAddress.getLoopbackAddress()));
    }
    return resolve(name, MOST_ALIASES);
  }

  private Future<List<InetAddress>> resolve(String name, int aliases) {
    Future<List<String>> v4 = dns.resolveA(name);
    Future<List<String>> v6 = dns.resolveAAAA(name);
    return Future.join(v4, v6)
        .transform(
            _ -> {
              List<InetAddress> addresses = new ArrayList<>();
              add(addresses, v4);
              add(addresses, v6);
              return addresses.isEmpty()
                  ? followAlias(name, aliases)
                  : Future.succeededFuture(addresses);
            });
  }

  /** The client gives only records of the name asked for, so aliases (CNAME) are followed here. */
  private Future<List<InetAddress>> followAlias(String name, int aliases) {
    UnknownHostException unknown = new UnknownHostException("no address found for " + name);
    if (aliases == 0) {
      return Future.failedFuture(unknown);
    }
    return dns.resolveCNAME(name)
        .transform(
            found ->
                found.succeeded() && !found.result().isEmpty()
                    ? resolve(found.result().getFirst(), aliases - 1)
                    : Future.failedFuture(unknown));
  }

  private static void add(List<InetAddress> addresses, Future<List<String>> answer) {
    if (answer.failed()) {
      return; // one family may be missing; with both missing the caller hears of it
    }
    for (String address : answer.result()) {
      addresses.add(InetAddress.ofLiteral(address));
    }
  }
}

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
  private final DnsClient dns;

  public DnsNameResolver(Vertx vertx, Duration timeout) {
    dns = vertx.createDnsClient(new DnsClientOptions().setQueryTimeout(timeout.toMillis()));
  }

  @Override
  public Future<List<InetAddress>> resolve(String name) {
    if (name.equalsIgnoreCase("localhost")) {
      return Future.succeededFuture(List.of(InetAddress.getLoopbackAddress()));
    }
    Future<List<String>> v4 = dns.resolveA(name);
    Future<List<String>> v6 = dns.resolveAAAA(name);
    return Future.join(v4, v6)
        .transform(
            _ -> {
              List<InetAddress> addresses = new ArrayList<>();
              add(addresses, v4);
              add(addresses, v6);
              return addresses.isEmpty()
                  ? Future.failedFuture(new UnknownHostException("no address found for " + name))
                  : Future.succeededFuture(addresses);
            });
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

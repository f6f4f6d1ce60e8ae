package dev.usher.deliver;

import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Asks the system's name servers for A and AAAA records. The hosts file is not read, so that a name
 * means the same for us as for the world; {@code localhost} is the loopback (RFC 6761).
 */
public final class DnsNameResolver implements NameResolver {
  /** Aliases of aliases that are followed. */
  private static final int MOST_ALIASES = 8;

  private final DnsClient dns;
  private final Duration timeout;

  /**
   * @param timeout of one question to a name server
   */
  public DnsNameResolver(Vertx vertx, Duration timeout) {
    this(vertx, new DnsClientOptions().setQueryTimeout(timeout.toMillis()));
  }

  /** With a name server of one's own: for tests. */
  DnsNameResolver(Vertx vertx, DnsClientOptions options) {
    dns = vertx.createDnsClient(options);
    timeout = Duration.ofMillis(options.getQueryTimeout());
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
              answer(v4).forEach(address -> addresses.add(InetAddress.ofLiteral(address)));
              answer(v6).forEach(address -> addresses.add(Addresses.ipv6(address)));
              if (!addresses.isEmpty()) {
                return Future.succeededFuture(addresses); // one family may be missing
              }
              return v4.succeeded() || v6.succeeded()
                  ? followAlias(name, aliases)
                  : Future.failedFuture(explained(name, v4.cause()));
            });
  }

  private static List<String> answer(Future<List<String>> family) {
    return family.succeeded() ? family.result() : List.of();
  }

  /** The client gives only records of the name asked for, so aliases (CNAME) are followed here. */
  private Future<List<InetAddress>> followAlias(String name, int aliases) {
    if (aliases == 0) {
      return Future.failedFuture(
          new UnknownHostException(name + " is an alias of an alias, and so on"));
    }
    return dns.resolveCNAME(name)
        .transform(
            found -> {
              if (found.failed()) {
                return Future.failedFuture(explained(name, found.cause()));
              }
              return found.result().isEmpty()
                  ? Future.failedFuture(new UnknownHostException("no address found for " + name))
                  : resolve(found.result().getFirst(), aliases - 1);
            });
  }

  private Exception explained(String name, Throwable failure) {
    if (failure instanceof DnsNameResolverTimeoutException) {
      return new TimeoutException("no name server answered within " + timeout.toMillis() + " ms");
    }
    return new UnknownHostException(
        failure instanceof DnsException answer
            ? answer.code() == DnsResponseCode.NXDOMAIN
                ? "there is no name " + name
                : "the name server answers " + answer.code().name() + " for " + name
            : "no address found for " + name + " (" + Causes.message(failure) + ")");
  }
}

package dev.usher.deliver;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps deliveries away from addresses that an endpoint's owner must not reach through us
 * (server-side request forgery). A name is resolved once; when <em>any</em> of its addresses is
 * refused the delivery is; and the connection goes to exactly the address that was checked.
 */
public final class AddressGuard {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  /** Host names that a resolver might read as an IPv4 address: digits, octal, hexadecimal. */
  private static final Pattern ODD_IPV4 = Pattern.compile("(?i)(.*\\.)?(0x[0-9a-f]*|\\d+)\\.?");

  /**
   * In brackets, without a zone, which means something on one machine only (RFC 4007), and without
   * an IPv4 address at its end. One mapped to IPv6 in hexadecimal is told by its bytes.
   */
  private static final Pattern PLAIN_IPV6 = Pattern.compile("\\[[0-9a-fA-F:]*]");

  /** Limits of host names: RFC 1035, section 2.3.4. */
  private static final int LONGEST_NAME = 253;

  private static final Pattern LONG_LABEL = Pattern.compile("[^.]{64}");

  /** A person waits for the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final AddressRules rules;
  private final NameResolver names;

  public AddressGuard(AddressRules rules, NameResolver names) {
    this.rules = rules;
    this.names = names;
  }

  /** Where a delivery may connect to. */
  public sealed interface Check {
    record Allowed(SocketAddress address) implements Check {}

    record Refused(String reason) implements Check {}
  }

  /**
   * What is wrong with {@code url} as far as can be told without looking its name up: for a clear
   * answer when an endpoint is created.
   */
  public Optional<String> fault(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return Optional.of("expected an https:// URL");
    }
    String host = url.getHost();
    if (host == null) {
      return Optional.of("expected a URL with a host");
    }
    if (host.length() > LONGEST_NAME || LONG_LABEL.matcher(host).find()) {
      return Optional.of("expected a host name of at most 253 characters, 63 between dots");
    }
    if (url.getRawUserInfo() != null) {
      return Optional.of("expected a URL without user information");
    }
    if (host.startsWith("[") && !PLAIN_IPV6.matcher(host).matches()) {
      return Optional.of("expected an IPv6 address without a zone, and no IPv4 address inside it");
    }
    InetAddress literal = literal(host);
    if (literal == null && ODD_IPV4.matcher(host).matches()) {
      return Optional.of("expected a host name, or an IPv4 address as four plain decimal numbers");
    }
    return Optional.ofNullable(
        literal == null ? rules.faultAnywhere(port(url)) : fault(scheme, literal, port(url)));
  }

  private @Nullable String fault(String scheme, InetAddress address, int port) {
    String fault = rules.fault(address, port);
    if (fault != null) {
      return fault;
    }
    return scheme.equals("http") && !rules.isAllowedByOperator(address)
        ? "expected https://; plain http:// is only for networks that the operator allows"
        : null;
  }

  /** Resolves and checks. Fails where the name cannot be resolved. */
  public Future<Check> check(URI url) {
    Optional<String> fault = fault(url);
    if (fault.isPresent()) {
      return Future.succeededFuture(new Check.Refused(fault.get()));
    }
    InetAddress literal = literal(url.getHost());
    return (literal != null
            ? Future.succeededFuture(List.of(literal))
            : names.resolve(url.getHost()))
        .map(addresses -> check(url, addresses));
  }

  /**
   * What is wrong with {@code url} now, its name looked up: for a clear answer when an endpoint is
   * created or gets another URL.
   *
   * @return empty also where the name cannot be looked up soon: it may not be known yet, and is
   *     checked at every connection. Never fails
   */
  public Future<Optional<String>> faultNow(URI url) {
    return check(url)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(
            check ->
                check instanceof Check.Refused(String reason)
                    ? Optional.of(reason)
                    : Optional.<String>empty())
        .otherwise(Optional.empty());
  }

  private Check check(URI url, List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      String fault = fault(url.getScheme().toLowerCase(Locale.ROOT), address, port(url));
      if (fault != null) {
        return new Check.Refused(fault);
      }
    }
    return new Check.Allowed(
        SocketAddress.inetSocketAddress(port(url), addresses.getFirst().getHostAddress()));
  }

  /** The URL's port, or its scheme's. */
  static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : url.getScheme().equalsIgnoreCase("http") ? 80 : 443;
  }

  private static @Nullable InetAddress literal(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return Addresses.ipv6(host.substring(1, host.length() - 1));
    }
    return IPV4.matcher(host).matches() ? InetAddress.ofLiteral(host) : null;
  }
}

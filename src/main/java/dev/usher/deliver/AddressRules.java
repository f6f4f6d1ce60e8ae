package dev.usher.deliver;

import dev.usher.event.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses deliveries may reach: public unicast ones, and the networks that the operator
 * allows. The refused ranges are those of the IANA special-purpose address registries (RFC 6890 and
 * its updates) that are not globally reachable, and the ways to write an IPv4 address inside an
 * IPv6 one.
 */
public final class AddressRules {
  private record Range(Network network, String name) {}

  private static final List<Range> REFUSED =
      Stream.of(
              "0.0.0.0/8 this network",
              "10.0.0.0/8 private",
              "100.64.0.0/10 shared",
              "127.0.0.0/8 loopback",
              "169.254.0.0/16 link-local",
              "172.16.0.0/12 private",
              "192.0.0.0/24 reserved",
              "192.0.2.0/24 documentation",
              "192.88.99.0/24 6to4 relay",
              "192.168.0.0/16 private",
              "198.18.0.0/15 benchmarking",
              "198.51.100.0/24 documentation",
              "203.0.113.0/24 documentation",
              "224.0.0.0/4 multicast",
              "240.0.0.0/4 reserved",
              "::/8 reserved (with IPv4-mapped)",
              "64:ff9b::/96 NAT64",
              "64:ff9b:1::/48 NAT64",
              "100::/64 discard",
              "2001::/32 Teredo",
              "2001::/23 protocol assignments", // benchmarking, ORCHID and others
              "2001:db8::/32 documentation",
              "2002::/16 6to4",
              "3fff::/20 documentation",
              "5f00::/16 segment routing",
              "fc00::/7 unique-local",
              "fe80::/10 link-local",
              "fec0::/10 site-local",
              "ff00::/8 multicast")
          .map(text -> text.split(" ", 2))
          .map(parts -> new Range(Network.parse(parts[0]), parts[1]))
          .toList();

  /** All of IPv6 that was ever given out for unicast (RFC 4291, section 2.4; IANA's registry). */
  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

  private final List<Network> allowed;
  private final Set<Integer> ports;
  private final OwnListeners own;

  /**
   * @param allowed networks that deliveries may reach although they are not public, at any port
   * @param ports that deliveries may reach at public addresses
   * @param own what they may never reach
   */
  public AddressRules(List<Network> allowed, Set<Integer> ports, OwnListeners own) {
    this.allowed = List.copyOf(allowed);
    this.ports = Set.copyOf(ports);
    this.own = own;
  }

  /** Why {@code address} may not be reached at {@code port}, in a few words; null when it may. */
  @Nullable String fault(InetAddress address, int port) {
    if (own.include(address, port)) {
      return address.getHostAddress() + " with port " + port + " is this gateway itself";
    }
    if (isAllowedByOperator(address)) {
      return null;
    }
    for (Range range : REFUSED) {
      if (range.network.contains(address)) {
        return address.getHostAddress() + " is " + range.name + " (" + range.network + ")";
      }
    }
    if (address instanceof Inet6Address && !GLOBAL_UNICAST.contains(address)) {
      return address.getHostAddress() + " is reserved (not in " + GLOBAL_UNICAST + ")";
    }
    return portFault(port);
  }

  /** Why {@code port} may not be reached at any public address; null when it may. */
  private @Nullable String portFault(int port) {
    return ports.contains(port)
        ? null
        : "port "
            + port
            + " is not allowed at public addresses (allowed: "
            + ports.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "))
            + ")";
  }

  /** The same, where no network is opened and so every address would have to be public. */
  @Nullable String faultAnywhere(int port) {
    return allowed.isEmpty() ? portFault(port) : null;
  }

  /** Whether the operator opened the address's network; plain {@code http} goes to these only. */
  public boolean isAllowedByOperator(InetAddress address) {
    for (Network network : allowed) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}

package dev.usher.deliver;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads addresses as they are written, and not as what the JDK takes them for. */
final class Addresses {
  private static final int IPV6_BYTES = 16;
  private static final int MAPPED_PREFIX_BYTES = 10;

  private Addresses() {}

  /**
   * An IPv6 address. One with an IPv4 address mapped into it ({@code ::ffff:0:0/96}) stays one,
   * where {@link InetAddress#ofLiteral} makes an IPv4 address of it: so that it is judged as what
   * it is.
   *
   * @throws IllegalArgumentException where {@code text} is none
   */
  static InetAddress ipv6(String text) {
    InetAddress address = InetAddress.ofLiteral(text);
    return address instanceof Inet4Address mapped ? inside(mapped) : address;
  }

  private static InetAddress inside(Inet4Address mapped) {
    byte[] bytes = new byte[IPV6_BYTES];
    bytes[MAPPED_PREFIX_BYTES] = (byte) 0xFF;
    bytes[MAPPED_PREFIX_BYTES + 1] = (byte) 0xFF;
    System.arraycopy(mapped.getAddress(), 0, bytes, MAPPED_PREFIX_BYTES + 2, 4);
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // sixteen bytes always are one
    }
  }
}

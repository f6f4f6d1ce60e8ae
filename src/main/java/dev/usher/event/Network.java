package dev.usher.event;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses in CIDR notation (RFC 4632, RFC 4291), for example {@code 10.0.0.0/8} or
 * {@code 2001:db8::/32}; an address alone is the range of just itself.
 */
public final class Network {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final byte[] address;
  private final int prefixBits;

  private Network(byte[] address, int prefixBits) {
    this.address = address;
    this.prefixBits = prefixBits;
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException saying what was expected, where {@code text} is none; names
   *     are never looked up
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] address = literal(host, text);
    int bits = slash < 0 ? address.length * 8 : bits(text, slash + 1, address.length * 8);
    Network network = new Network(address, bits);
    for (int i = bits; i < address.length * 8; i++) {
      if ((address[i / 8] & (0x80 >> (i % 8))) != 0) {
        throw new IllegalArgumentException(
            "'" + text + "' has bits set after its prefix; expected a range such as 10.0.0.0/8");
      }
    }
    return network;
  }

  /** Whether {@code other} lies in this range. IPv4 and IPv6 never match each other. */
  public boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    int whole = prefixBits / 8;
    for (int i = 0; i < whole; i++) {
      if (bytes[i] != address[i]) {
        return false;
      }
    }
    int rest = prefixBits % 8;
    return rest == 0 || ((bytes[whole] ^ address[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
  }

  private static byte[] literal(String host, String text) {
    if (IPV4.matcher(host).matches() || IPV6.matcher(host).matches()) {
      try {
        return InetAddress.getByName(host).getAddress(); // a literal: nothing is looked up
      } catch (UnknownHostException e) {
        throw notARange(text, e);
      }
    }
    throw notARange(text, null);
  }

  private static int bits(String text, int start, int most) {
    String digits = text.substring(start);
    int bits = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
    if (bits < 0 || bits > most) {
      throw notARange(text, null);
    }
    return bits;
  }

  private static IllegalArgumentException notARange(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a network; expected an address with a prefix length such as"
            + " 10.0.0.0/8 or 2001:db8::/32",
        cause);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && prefixBits == that.prefixBits
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + prefixBits;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + prefixBits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the length was checked when it was read
    }
  }
}

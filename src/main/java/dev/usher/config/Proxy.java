package dev.usher.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy for what goes out.
 *
 * @param user null for no authentication; so too the password
 */
public record Proxy(String host, int port, @Nullable String user, @Nullable Secret password) {
  static final String EXPECTED =
      "http://host:port or http://user:password@host:port (special characters percent-encoded)";

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException where {@code text} is none
   */
  static Proxy parse(String text) {
    URI uri = URI.create(text);
    String path = uri.getPath();
    boolean right =
        "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getPort() >= 1
            && uri.getPort() <= 65_535
            && (path == null || path.isEmpty() || path.equals("/"))
            && uri.getQuery() == null
            && uri.getFragment() == null;
    String info = uri.getUserInfo();
    int colon = info == null ? -1 : info.indexOf(':');
    if (!right || (info != null && colon < 1)) {
      throw new IllegalArgumentException("not the address of an HTTP proxy");
    }
    return new Proxy(
        uri.getHost(),
        uri.getPort(),
        info == null ? null : info.substring(0, colon),
        info == null ? null : new Secret(info.substring(colon + 1)));
  }
}

package dev.usher.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param host the name or address to bind, {@code 0.0.0.0} for all of IPv4
 * @param port 0 to 65,535; 0 takes any free port
 * @param tls null for plain HTTP
 */
public record Listener(String host, int port, @Nullable Tls tls) {
  // Host names (RFC 1123, underscores tolerated) and literals of both families, without brackets.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");

  /** Names its faults without the server's own prefix, which it cannot know. */
  public Listener {
    new Limits()
        .that(HOST.matcher(host).matches(), "host", host, "a host name or an address")
        .between("port", port, 0, 65_535)
        .check();
  }

  /** Whether both cannot be bound at once: the same port, and the same or any address. */
  boolean collidesWith(Listener other) {
    return port != 0
        && port == other.port
        && (host.equals(other.host) || isWildcard() || other.isWildcard());
  }

  private boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }
}

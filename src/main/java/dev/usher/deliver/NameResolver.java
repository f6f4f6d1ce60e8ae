package dev.usher.deliver;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Looks up the addresses of a host name. */
public interface NameResolver {
  /**
   * All IPv4 and IPv6 addresses of {@code name}.
   *
   * @return at least one address; failed where the name has none or cannot be looked up, with a
   *     {@link java.util.concurrent.TimeoutException} where no name server answers in time
   */
  Future<List<InetAddress>> resolve(String name);
}

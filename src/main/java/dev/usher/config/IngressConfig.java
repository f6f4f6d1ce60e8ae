package dev.usher.config;

import dev.usher.event.Network;
import java.time.Duration;
import java.util.List;

/**
 * The public door.
 *
 * @param trustedProxies load balancers whose forwarding headers are believed; empty for none
 * @param bodyLimitBytes the longest body that is read, 1 KiB to 16 MiB
 * @param headerLimitBytes all headers of one request together, 1 KiB to 64 KiB
 * @param bodyDeadline from a request's first byte to its body's last, 100 ms to 1 minute; an idle
 *     time-out alone would wait for ever for a sender that drips a byte a second
 * @param connections the most open connections of one event loop, 1 to 100,000
 */
public record IngressConfig(
    Listener listener,
    List<Network> trustedProxies,
    int bodyLimitBytes,
    int headerLimitBytes,
    Duration bodyDeadline,
    int connections) {
  public IngressConfig {
    trustedProxies = List.copyOf(trustedProxies);
    new Limits()
        .bytesBetween("ingress.body-limit", bodyLimitBytes, Sizes.kibibytes(1), Sizes.mebibytes(16))
        .bytesBetween(
            "ingress.header-limit", headerLimitBytes, Sizes.kibibytes(1), Sizes.kibibytes(64))
        .between(
            "ingress.body-deadline", bodyDeadline, Duration.ofMillis(100), Duration.ofMinutes(1))
        .between("ingress.connections", connections, 1, 100_000)
        .check();
  }
}

package dev.usher.config;

import dev.usher.event.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How events go out.
 *
 * @param allowedNetworks private networks that deliveries may reach, also over plain {@code
 *     http://}; empty for none
 * @param allowedPorts that deliveries may reach at public addresses, 1 to 65,535; at least one
 * @param timeout over one whole exchange, 1 s to 30 s, where the endpoint has none of its own
 * @param retrySchedule the waits after each failed attempt, before jitter, where the endpoint has
 *     none of its own; 1 to 30 waits of 1 ms to 7 days
 * @param concurrency exchanges at the same time for one endpoint on one node, 1 to 1,000
 * @param queuedPerEndpoint deliveries of one endpoint that wait in one event loop's memory, 1 to
 *     100,000; more are left in the table and claimed later
 * @param heldBytes bytes of events that one event loop holds for delivery, 1 MiB to 1 GiB
 * @param leaseDuration how long a node may keep a delivery to itself before another takes it over,
 *     5 s to 5 minutes
 * @param caFile a PEM file of certificates that are trusted at endpoints besides the usual ones;
 *     null for none
 * @param proxy through which deliveries go to public addresses; null for none
 */
public record DeliveryConfig(
    List<Network> allowedNetworks,
    Set<Integer> allowedPorts,
    Duration timeout,
    List<Duration> retrySchedule,
    int concurrency,
    int queuedPerEndpoint,
    int heldBytes,
    Duration leaseDuration,
    @Nullable Path caFile,
    @Nullable Proxy proxy) {
  private static final int MOST_WAITS = 30;

  public DeliveryConfig {
    allowedNetworks = List.copyOf(allowedNetworks);
    allowedPorts = Set.copyOf(allowedPorts);
    retrySchedule = List.copyOf(retrySchedule);
    new Limits()
        .that(
            !allowedPorts.isEmpty()
                && allowedPorts.stream().allMatch(port -> port >= 1 && port <= 65_535),
            "delivery.allowed-ports",
            allowedPorts.stream().sorted().map(String::valueOf).collect(Collectors.joining(",")),
            "ports such as 443,8443, each 1 to 65535")
        .between("delivery.timeout", timeout, Duration.ofSeconds(1), Duration.ofSeconds(30))
        .that(
            isSchedule(retrySchedule),
            "delivery.retry-schedule",
            Durations.format(retrySchedule),
            "1 to " + MOST_WAITS + " durations from 1ms to 7d, such as 5s,5m,2h")
        .between("delivery.concurrency", concurrency, 1, 1_000)
        .between("delivery.queued-per-endpoint", queuedPerEndpoint, 1, 100_000)
        .bytesBetween("delivery.held-bytes", heldBytes, Sizes.mebibytes(1), Sizes.mebibytes(1_024))
        .between(
            "delivery.lease-duration", leaseDuration, Duration.ofSeconds(5), Duration.ofMinutes(5))
        .check();
  }

  private static boolean isSchedule(List<Duration> waits) {
    return !waits.isEmpty()
        && waits.size() <= MOST_WAITS
        && waits.stream()
            .allMatch(
                wait ->
                    wait.compareTo(Duration.ofMillis(1)) >= 0
                        && wait.compareTo(Duration.ofDays(7)) <= 0);
  }
}

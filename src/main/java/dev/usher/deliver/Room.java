package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.OrganizationId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much one event loop holds for delivery, and how much of it an endpoint may have: a bounded
 * number in its lane, and bytes only while its lane holds less than is still free. So nobody can
 * take the last: of n endpoints that hang each ends with one part of n + 1, and one part stays free
 * for all others (dynamic queue length thresholds: Choudhury and Hahne, IEEE/ACM Transactions on
 * Networking 6(2), 1998). An organization with many endpoints is held to a share in the same way.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
final class Room {
  /**
   * Of an endpoint with a rate, what can be delivered this soon: more would only fill the memory.
   */
  private static final int QUEUED_SECONDS = 2;

  private static final int LEAST_QUEUED = 8;

  /** An organization may hold so many times what is free: alone, three quarters of all. */
  private static final int ORGANIZATION_SHARE = 3;

  private final DeliveryConfig config;
  private final Circuits circuits;
  private final Map<OrganizationId, Integer> byOrganization = new HashMap<>();
  private int held;

  Room(DeliveryConfig config, Circuits circuits) {
    this.config = config;
    this.circuits = circuits;
  }

  /** Bytes that are free over all lanes; below zero where the last event was large. */
  int freeBytes() {
    return config.heldBytes() - held;
  }

  /**
   * How many deliveries more may wait for the endpoint; not above zero for none.
   *
   * @param lane null where nothing is held for it
   */
  int deliveries(Endpoint endpoint, @Nullable Lane lane) {
    return bytes(endpoint, lane) <= 0
        ? 0
        : capacity(endpoint) - (lane == null ? 0 : lane.waiting().size());
  }

  /**
   * How many bytes more may be held for the endpoint; not above zero for none.
   *
   * @param lane null where nothing is held for it
   */
  int bytes(Endpoint endpoint, @Nullable Lane lane) {
    long free = freeBytes();
    long ofOrganization = byOrganization.getOrDefault(endpoint.organization(), 0);
    long ofLane = lane == null ? 0 : lane.heldBytes();
    // With each byte that is taken one less is free: so half the way is all the way, rounded up.
    long left = Math.min(free - ofLane, ORGANIZATION_SHARE * free - ofOrganization);
    return (int) Math.ceilDiv(Math.max(0, left), 2);
  }

  private int capacity(Endpoint endpoint) {
    if (circuits.isOpen(endpoint)) {
      return circuits.allows(endpoint) ? 1 : 0; // the one that is tried
    }
    Integer rate = endpoint.rateLimit();
    return rate == null
        ? config.queuedPerEndpoint()
        : Math.min(config.queuedPerEndpoint(), Math.max(LEAST_QUEUED, QUEUED_SECONDS * rate));
  }

  /** The delivery is held from now on. */
  void takes(Lane lane, Delivery delivery) {
    changes(lane, delivery, delivery.event().weight());
  }

  /** The delivery is not held any more. */
  void leaves(Lane lane, Delivery delivery) {
    changes(lane, delivery, -delivery.event().weight());
  }

  private void changes(Lane lane, Delivery delivery, int bytes) {
    held += bytes;
    lane.holds(bytes);
    byOrganization.merge(
        delivery.event().organization(),
        bytes,
        (before, more) -> before + more == 0 ? null : before + more);
  }
}

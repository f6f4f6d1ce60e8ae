package dev.usher.deliver;

import dev.usher.event.Attempt;
import java.time.Duration;

/**
 * Whether an endpoint does its part: the share of its attempts that succeeded in good time, the
 * later ones counting more. After an outage begins, three failed attempts make it unhealthy; after
 * it ended, about sixteen good ones make it healthy again.
 *
 * <p>Shared by the event loops of a node. Two that write together may lose one observation, which
 * changes nothing that matters; so nothing is locked.
 */
final class EndpointHealth {
  /** An answer that took longer is the endpoint's own lateness. */
  private static final Duration GOOD_TIME = Duration.ofSeconds(5);

  private static final double HEALTHY_SHARE = 0.8;
  private static final double WEIGHT = 0.1;

  private volatile double share = 1;

  boolean isHealthy() {
    return share >= HEALTHY_SHARE;
  }

  void saw(Attempt attempt) {
    boolean good = attempt.succeeded() && attempt.duration().compareTo(GOOD_TIME) <= 0;
    double before = share;
    share = before + WEIGHT * ((good ? 1 : 0) - before);
  }
}

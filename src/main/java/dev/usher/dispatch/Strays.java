package dev.usher.dispatch;

import dev.usher.deliver.Deliveries;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds deliveries that are leased to us although we know nothing of them: the connection was lost
 * between a commit and its answer. Looked for only after that has happened.
 *
 * <p>A row counts as a stray when it is leased to us and unknown at two looks that lie further
 * apart than any statement can take; so what a statement under way is about to bring is never one.
 */
public final class Strays {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  /**
   * Looks after the last suspicion: the first finds candidates, the second may find what came late.
   */
  private static final int LOOKS = 3;

  private final Vertx vertx;
  private final DueDeliveries table;
  private final Lease lease;
  private final Deliveries deliveries;
  private final long betweenMillis;
  private Set<Deliveries.Key> candidates = Set.of();
  private int looksLeft;
  private boolean looking;

  /**
   * @param longestStatement how long a statement can take, from its sending to its last effect
   */
  public Strays(
      Vertx vertx,
      DueDeliveries table,
      Lease lease,
      Deliveries deliveries,
      Duration longestStatement) {
    this.vertx = vertx;
    this.table = table;
    this.lease = lease;
    this.deliveries = deliveries;
    this.betweenMillis = longestStatement.plusSeconds(2).toMillis();
  }

  /** A commit's outcome is unknown. */
  void suspect() {
    looksLeft = LOOKS;
    if (!looking) {
      looking = true;
      vertx.setTimer(betweenMillis, _ -> look());
    }
  }

  private void look() {
    Integer number = lease.number();
    if (number == null) {
      vertx.setTimer(
          betweenMillis, _ -> look()); // a lost lease ends them all; otherwise look again
      return;
    }
    table
        .leased(number)
        .compose(
            leased -> {
              Set<Deliveries.Key> unknown = new HashSet<>(leased);
              unknown.removeAll(deliveries.held());
              List<Deliveries.Key> strays = new ArrayList<>(unknown);
              strays.retainAll(candidates);
              candidates = unknown;
              if (!strays.isEmpty()) {
                LOG.warn("{} deliveries were leased here unknown, they are freed", strays.size());
              }
              return table.free(number, strays);
            })
        .onComplete(
            _ -> {
              looksLeft--;
              if (looksLeft > 0) {
                vertx.setTimer(betweenMillis, _ -> look());
              } else {
                looking = false;
                candidates = Set.of();
              }
            },
            failure -> {
              LOG.warn("Leased deliveries cannot be looked at yet: {}", failure.toString());
              vertx.setTimer(betweenMillis, _ -> look());
            });
  }
}

package dev.usher.dispatch;

import dev.usher.deliver.Permit;
import dev.usher.event.Delivery;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back to the table what this event loop leased and cannot do after all, in batches.
 *
 * <p>Lives on one event loop.
 */
public final class Returns implements Permit {
  private static final Logger LOG = LoggerFactory.getLogger(Returns.class);
  private static final long RETRY_MILLIS = 1_000;

  private final Vertx vertx;
  private final DueDeliveries table;
  private final Lease lease;
  private List<Delivery> returning = new ArrayList<>();
  private boolean busy;

  public Returns(Vertx vertx, DueDeliveries table, Lease lease) {
    this.vertx = vertx;
    this.table = table;
    this.lease = lease;
  }

  @Override
  public boolean holds(Delivery delivery) {
    Integer held = lease.number();
    return held != null && held == delivery.lease();
  }

  @Override
  public void release(Delivery delivery) {
    returning.add(delivery);
    if (!busy) {
      busy = true;
      vertx.runOnContext(_ -> giveBack());
    }
  }

  private void giveBack() {
    List<Delivery> batch = returning;
    returning = new ArrayList<>();
    if (batch.isEmpty()) {
      busy = false;
      return;
    }
    table
        .release(batch)
        .onComplete(
            _ -> giveBack(),
            failure -> {
              LOG.warn(
                  "{} deliveries are not given back yet: {}", batch.size(), failure.toString());
              returning.addAll(batch);
              vertx.setTimer(RETRY_MILLIS, _ -> giveBack());
            });
  }
}

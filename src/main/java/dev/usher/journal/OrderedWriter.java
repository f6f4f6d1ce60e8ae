package dev.usher.journal;

import dev.usher.dispatch.Order;
import dev.usher.event.Event;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells whose events were committed, because it may be the turn of one of them. */
public final class OrderedWriter implements BatchWriter {
  private final BatchWriter writer;
  private final Order order;

  /**
   * @param writer writes the batches
   */
  public OrderedWriter(BatchWriter writer, Order order) {
    this.writer = writer;
    this.order = order;
  }

  @Override
  public Future<List<Fate>> write(List<Event> batch) {
    Future<List<Fate>> written = writer.write(batch);
    return order.isNeeded() ? written.onSuccess(_ -> tell(batch)) : written;
  }

  private void tell(List<Event> batch) {
    Set<OrganizationId> organizations = new HashSet<>();
    for (Event event : batch) {
      if (organizations.add(event.organization())) {
        order.committed(event.organization());
      }
    }
  }
}

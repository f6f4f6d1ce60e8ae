package dev.usher.dispatch;

import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the journal asks and tells about the deliveries that a batch makes due. */
public interface Dispatch {
  /**
   * Under whose lease a batch's deliveries may be written now.
   *
   * @return the number of a lease that is held, or null when this event loop can take on none: they
   *     then wait in the table
   */
  @Nullable Integer lease();

  /** The endpoints for which enough waits in memory: their deliveries stay in the table. */
  List<EndpointId> full();

  /**
   * The event is committed, and its deliveries to these endpoints are leased to us.
   *
   * @param lease the number under which they were written, as {@link #lease} gave it
   */
  void committed(Event event, List<EndpointId> endpoints, int lease);

  /**
   * A commit's outcome is unknown: there may be deliveries leased to us of which we know nothing.
   */
  void leasesAreUncertain();
}

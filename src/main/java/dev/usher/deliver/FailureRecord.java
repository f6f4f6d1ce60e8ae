package dev.usher.deliver;

import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Since when endpoints only fail, over all nodes and restarts. */
public interface FailureRecord {
  /** An endpoint that has only failed for so long that it should be disabled. */
  record Overdue(EndpointId endpoint, Instant since) {}

  /**
   * Writes down that these endpoints only fail, or that they still do. A record begins with the
   * failure that is told of, and not earlier: where there was none the endpoint may have succeeded
   * just before, on another node. It begins anew where nothing was tried for two days.
   */
  Future<Void> failing(List<Circuits.Streak> streaks);

  /** These endpoints have succeeded: their record ends. */
  Future<Void> ended(List<EndpointId> endpoints);

  /**
   * Endpoints with a record, by id.
   *
   * @param after the last one of the page before; null for the first page
   */
  Future<List<EndpointId>> recorded(@Nullable EndpointId after, int limit);

  /**
   * Active endpoints that only failed for five days, within which nobody changed them, and that
   * were tried within the last one.
   */
  Future<List<Overdue>> overdue(int limit);
}

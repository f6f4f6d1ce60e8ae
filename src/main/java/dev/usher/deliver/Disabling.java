package dev.usher.deliver;

import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import io.vertx.core.Future;
import java.time.Instant;

/** Takes endpoints out of service that are gone, or that have only failed for days. */
public interface Disabling {
  /**
   * The endpoint answered {@code 410 Gone} to a delivery. Returns at once; told again while it is
   * not done yet.
   *
   * @param endpoint as it was when the attempt began: where it was changed since, nothing happens
   * @param event what was delivered
   */
  void gone(Endpoint endpoint, Event event);

  /**
   * The endpoint has only failed since then, which is long enough.
   *
   * @param endpoint where it was changed since, nothing happens
   */
  Future<Void> onlyFailed(Endpoint endpoint, Instant since);
}

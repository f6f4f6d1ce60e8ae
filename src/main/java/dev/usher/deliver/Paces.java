package dev.usher.deliver;

import dev.usher.event.EndpointId;
import io.vertx.core.Vertx;

/**
 * Holds the lanes of one event loop to their endpoints' rates.
 *
 * @param rates where slots are reserved
 */
public record Paces(Vertx vertx, EndpointRates rates) {
  /**
   * The pace of one lane.
   *
   * @param goOn runs when a delivery may begin that could not before
   */
  Pace of(EndpointId endpoint, Runnable goOn) {
    return new Pace(vertx, rates, endpoint, goOn);
  }
}

package dev.usher.door;

import dev.usher.config.Listener;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;

/**
 * Whether a door could be opened: what the system says of it names neither the door nor the port.
 */
public final class Opening {
  private Opening() {}

  /**
   * The server that listens.
   *
   * @param name of the door, as its configuration's keys begin
   * @return fails with words for who started the gateway
   */
  public static Future<HttpServer> of(String name, Listener at, Future<HttpServer> listening) {
    return listening.recover(
        failure ->
            Future.failedFuture(
                new IllegalStateException(
                    "cannot listen at %s:%d (%s.host, %s.port): %s; another program may be there"
                        .formatted(at.host(), at.port(), name, name, failure.getMessage()),
                    failure)));
  }
}

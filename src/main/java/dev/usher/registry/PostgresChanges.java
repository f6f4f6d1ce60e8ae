package dev.usher.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to one notification channel on a connection of its own, and connects again, ever and
 * again, when that is lost. What was notified meanwhile is lost too, so its owner hears of each new
 * connection and looks for itself.
 *
 * <p>Belongs to one event loop. Vert.x's own subscriber does not retry a first connection that
 * failed, leaves one open that is made while it closes, and does not notice a server that vanished
 * silently.
 */
final class PostgresChanges {
  private static final Logger log = LoggerFactory.getLogger(PostgresChanges.class);

  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LAST_RETRY_MILLIS = 5_000;
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final long ANSWER_SECONDS = 5;

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final String channel;
  private final Consumer<String> onPayload;
  private final Runnable onConnected;

  private @Nullable PgConnection connection;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private long heartbeatTimer = -1;
  private boolean complained;
  private boolean stopped;

  /**
   * Callbacks run on the event loop that starts this.
   *
   * @param onConnected called after each connection that listens, the first one too
   */
  PostgresChanges(
      Vertx vertx,
      PgConnectOptions options,
      String channel,
      Consumer<String> onPayload,
      Runnable onConnected) {
    this.vertx = vertx;
    this.options = options;
    this.channel = channel;
    this.onPayload = onPayload;
    this.onConnected = onConnected;
  }

  /** Connects and listens. The future ends with the first try, well or not: tries go on. */
  Future<Void> start() {
    heartbeatTimer = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> checkAlive());
    return connect();
  }

  /** Disconnects; nothing is notified afterwards. */
  Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(heartbeatTimer);
    PgConnection last = connection;
    connection = null;
    return last == null ? Future.succeededFuture() : last.close();
  }

  private Future<Void> connect() {
    Future<PgConnection> connecting = PgConnection.connect(vertx, options);
    return connecting
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .compose(this::listen)
        .recover(
            failure -> {
              connecting.onSuccess(PgConnection::close); // also one that is made after all
              complain("cannot listen for changes yet: " + failure);
              retry();
              return Future.succeededFuture();
            });
  }

  private Future<Void> listen(PgConnection made) {
    made.exceptionHandler(
        failure -> log.debug("the listening connection failed: {}", failure.toString()));
    made.notificationHandler(notification -> onPayload.accept(notification.getPayload()));
    return made.query("LISTEN " + channel)
        .execute()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .compose(
            listening -> {
              if (stopped) {
                return made.close();
              }
              connection = made;
              retryMillis = FIRST_RETRY_MILLIS;
              made.closeHandler(closed -> lost(made));
              if (complained) {
                complained = false;
                log.info("listening for changes again");
              }
              onConnected.run();
              return Future.succeededFuture();
            });
  }

  private void checkAlive() {
    PgConnection checked = connection;
    if (checked != null) {
      checked
          .query("SELECT 1")
          .execute()
          .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
          .onFailure(failure -> lost(checked));
    }
  }

  private void lost(PgConnection which) {
    if (connection == which) {
      connection = null;
      which.close();
      complain("the connection that listens for changes was lost");
      retry();
    }
  }

  // Once an outage: further tries say nothing until one succeeds.
  private void complain(String message) {
    if (!complained && !stopped) {
      complained = true;
      log.warn("{}; trying again", message);
    }
  }

  // With jitter, so that many nodes do not come back to a restarted server all at once.
  private void retry() {
    if (stopped) {
      return;
    }
    long wait = retryMillis / 2 + ThreadLocalRandom.current().nextLong(retryMillis / 2 + 1);
    retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    vertx.setTimer(
        wait,
        timer -> {
          if (!stopped) {
            connect();
          }
        });
  }
}

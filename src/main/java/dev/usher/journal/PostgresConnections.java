package dev.usher.journal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The journal's own connections to Postgres, of one event loop: opened when first used, kept, and
 * thrown away when they fail or fall silent. The journal never has more batches in flight than
 * there are places, so nobody waits here.
 *
 * <p>A pool would keep a silent connection; here every use has a deadline, so that a Postgres that
 * neither answers nor closes is noticed and its senders are told.
 */
public final class PostgresConnections {
  private static final long CONNECT_MILLIS = 3_000;

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Duration deadline;
  private final Deque<PgConnection> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param options with prepared statements cached, a statement time-out shorter than {@code
   *     deadline}, and the planner settings of the journal
   * @param deadline how long one use may take before its connection counts as lost
   */
  public PostgresConnections(Vertx vertx, PgConnectOptions options, Duration deadline) {
    this.vertx = vertx;
    this.options = options;
    this.deadline = deadline;
  }

  /**
   * Does {@code work} on a connection.
   *
   * @return the work's result; failed with {@link BatchWriter.UncertainCommitException} when the
   *     connection was lost or silent while it worked
   */
  <T> Future<T> use(Function<PgConnection, Future<T>> work) {
    PgConnection ready = idle.poll();
    return ready != null ? on(ready, work) : open().compose(opened -> on(opened, work));
  }

  private Future<PgConnection> open() {
    Promise<PgConnection> opened = Promise.promise();
    long timer =
        vertx.setTimer(
            CONNECT_MILLIS,
            _ -> opened.tryFail("no connection to Postgres within " + CONNECT_MILLIS + " ms"));
    PgConnection.connect(vertx, options)
        .onComplete(
            connection -> {
              vertx.cancelTimer(timer);
              connection.closeHandler(_ -> idle.remove(connection));
              if (!opened.tryComplete(connection)) {
                connection.close(); // too late
              }
            },
            failure -> {
              vertx.cancelTimer(timer);
              opened.tryFail(failure);
            });
    return opened.future();
  }

  private <T> Future<T> on(PgConnection connection, Function<PgConnection, Future<T>> work) {
    Promise<T> result = Promise.promise();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            _ -> {
              connection.close();
              result.tryFail(uncertain("no answer within " + deadline.toMillis() + " ms", null));
            });
    Future.succeededFuture(connection)
        .compose(work) // where it throws, that is a failure like any other
        .onComplete(
            done -> {
              if (!vertx.cancelTimer(timer)) {
                return; // too late: the deadline has answered
              }
              if (done.succeeded()) {
                keep(connection);
                result.complete(done.result());
              } else if (done.cause() instanceof PgException error && isRolledBack(error)) {
                keep(connection);
                result.fail(done.cause());
              } else {
                connection.close();
                result.fail(uncertain("the connection was lost: " + done.cause(), done.cause()));
              }
            });
    return result.future();
  }

  /** An ordinary error undoes the statement; a fatal one may come after its commit. */
  private static boolean isRolledBack(PgException error) {
    return "ERROR".equals(error.getSeverity());
  }

  private static Throwable uncertain(String message, @Nullable Throwable cause) {
    return new BatchWriter.UncertainCommitException(message, cause);
  }

  private void keep(PgConnection connection) {
    if (closed) {
      connection.close();
    } else {
      idle.push(connection);
    }
  }

  /** Closes what is idle now and whatever comes back later. */
  public Future<Void> close() {
    closed = true;
    return Future.join(idle.stream().map(PgConnection::close).toList()).mapEmpty();
  }
}

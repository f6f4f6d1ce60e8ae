package dev.usher.registry;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources and endpoints of the database in memory, at most a second behind it while Postgres is
 * there; while it is away they stay as they were last seen.
 *
 * <p>Every change notifies {@code usher_changes} (see the schema), and the row is read again.
 * Behind that, every three seconds and after each new connection, all rows that changed since the
 * last look are read: notifications are not kept for who is disconnected.
 *
 * <p>Thread-safe to ask, without locks. All reading happens on one event loop.
 */
public final class PostgresRegistry implements SourceRegistry, EndpointRegistry {
  private static final Logger log = LoggerFactory.getLogger(PostgresRegistry.class);

  private static final String CHANNEL = "usher_changes";
  private static final long POLL_MILLIS = 3_000;
  private static final long ANSWER_SECONDS = 10;
  private static final long LAST_READ_SECONDS = 1;

  // Changes that are announced together, by one request or by a script, are read together.
  private static final long GATHER_MILLIS = 5;

  // A row's time of change is taken in mid-transaction, and seen at its commit: as long may a
  // transaction
  // last that is not to be missed while the listening connection is down.
  private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(1);

  private static final OffsetDateTime BEGINNING = Instant.EPOCH.atOffset(ZoneOffset.UTC);

  private final Vertx vertx;
  private final Context context;
  private final Pool pool;
  private final PostgresChanges changes;
  private final PostgresSources sources = new PostgresSources();
  private final PostgresEndpoints endpoints;
  private final PostgresMirror<Source> sourceRows;
  private final PostgresMirror<Endpoint> endpointRows;

  // What follows is touched on the context only.
  private @Nullable OffsetDateTime lastLook;
  private Future<Void> reading = Future.succeededFuture();
  private boolean lookWanted;
  private boolean failing;
  private boolean stopped;
  private long pollTimer = -1;
  private long gatherTimer = -1;

  /**
   * Reads nothing yet: see {@link #start}.
   *
   * @param pool for queries; not closed by this
   * @param listener how to connect for listening
   * @param secrets decrypts the keys of sources and endpoints
   */
  public PostgresRegistry(Vertx vertx, Pool pool, PgConnectOptions listener, SecretOpener secrets) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.pool = pool;
    this.endpoints = new PostgresEndpoints(secrets);
    this.changes =
        new PostgresChanges(vertx, listener, CHANNEL, this::announced, this::lookForChanges);
    this.sourceRows =
        new PostgresMirror<>(pool, "sources", PostgresSources.COLUMNS, secrets, sources);
    this.endpointRows =
        new PostgresMirror<>(pool, "endpoints", PostgresEndpoints.COLUMNS, secrets, endpoints);
  }

  /**
   * Reads everything that is not deleted and follows its changes from then on.
   *
   * @return fails where the database cannot be read at first; then nothing is followed either. A
   *     listening connection that cannot be made is no failure: it is tried again, and the polls go
   *     on
   */
  public Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        go -> {
          pollTimer = vertx.setPeriodic(POLL_MILLIS, timer -> lookForChanges());
          changes
              .start()
              .compose(
                  listening -> {
                    if (reading.isComplete()) {
                      lookForChanges(); // not connected, so nobody did it yet
                    }
                    return reading;
                  })
              .recover(failure -> stop().transform(done -> Future.failedFuture(failure)))
              .onComplete(started);
        });
    return started.future();
  }

  /** Stops following changes. What is in memory stays there. */
  public Future<Void> stop() {
    Promise<Void> end = Promise.promise();
    context.runOnContext(
        go -> {
          stopped = true;
          vertx.cancelTimer(pollTimer);
          vertx.cancelTimer(gatherTimer);
          changes
              .stop()
              .transform(closed -> reading.timeout(LAST_READ_SECONDS, TimeUnit.SECONDS))
              .transform(read -> Future.<Void>succeededFuture())
              .onComplete(end);
        });
    return end.future();
  }

  @Override
  public @Nullable Source find(String sourceIdText) {
    return sources.find(sourceIdText);
  }

  @Override
  public @Nullable Endpoint find(EndpointId id) {
    return endpoints.find(id);
  }

  @Override
  public Collection<Endpoint> all() {
    return endpoints.all();
  }

  /**
   * Has {@code listener} told of each endpoint that is new or changed, after {@link #find} knows
   * it; when registered before {@link #start}, of those that are read first, too. Called on the
   * registry's event loop: it must not block.
   */
  public void onChange(Consumer<Endpoint> listener) {
    endpoints.onChange(listener);
  }

  /** The same for each endpoint that was deleted, or that cannot be read any more. */
  public void onRemoval(Consumer<EndpointId> listener) {
    endpoints.onRemoval(listener);
  }

  /**
   * Reads a source or an endpoint again, for a caller that has just changed it and wants this node
   * to know before it says so. Other nodes hear of it as always.
   *
   * @return completed when it was read; never fails: what cannot be read now is read later
   */
  public Future<Void> reread(UUID id) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        go -> {
          sourceRows.mark(id);
          endpointRows.mark(id);
          read();
          completeWhenRead(done);
        });
    return done.future();
  }

  private void completeWhenRead(Promise<Void> done) {
    reading.onComplete(
        read -> {
          boolean more = sourceRows.hasMarked() || endpointRows.hasMarked();
          if (read.failed() || stopped || (!more && reading.isComplete())) {
            done.complete();
          } else {
            context.runOnContext(next -> completeWhenRead(done));
          }
        });
  }

  private void announced(String payload) {
    int colon = payload.indexOf(':');
    String table = colon < 0 ? payload : payload.substring(0, colon);
    boolean marked =
        switch (table) {
          case "sources" -> mark(sourceRows, payload.substring(colon + 1));
          case "endpoints" -> mark(endpointRows, payload.substring(colon + 1));
          default -> true; // of a newer version, which knows more tables
        };
    lookWanted |= !marked;
    if (gatherTimer < 0) {
      gatherTimer =
          vertx.setTimer(
              GATHER_MILLIS,
              timer -> {
                gatherTimer = -1;
                read();
              });
    }
  }

  private static boolean mark(PostgresMirror<?> rows, String id) {
    try {
      return rows.mark(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void lookForChanges() {
    lookWanted = true;
    read();
  }

  // One thing after the other, so that an older answer never comes after a newer one.
  private void read() {
    if (stopped || !reading.isComplete()) {
      return;
    }
    if (lookWanted) {
      lookWanted = false;
      reading = look();
    } else if (sourceRows.hasMarked()) {
      reading = sourceRows.readMarked();
    } else if (endpointRows.hasMarked()) {
      reading = endpointRows.readMarked();
    } else {
      return;
    }
    reading.onComplete(read -> goOn(read.cause()));
  }

  private void goOn(@Nullable Throwable failure) {
    if (failure == null) {
      if (failing) {
        log.info("sources and endpoints follow the database again");
      }
      failing = false;
      read();
      return;
    }
    if (!failing && !stopped) {
      log.warn("sources and endpoints stay as they are: {}", failure.toString());
    }
    failing = true;
    lookWanted = true; // with the next poll or connection, whichever comes first
  }

  private Future<Void> look() {
    OffsetDateTime before = lastLook;
    OffsetDateTime since = before == null ? BEGINNING : before.minus(LONGEST_TRANSACTION);
    boolean withDeleted = before != null;
    return pool.query("SELECT now()")
        .execute()
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .compose(
            rows -> {
              OffsetDateTime now = rows.iterator().next().getOffsetDateTime(0);
              return sourceRows
                  .readSince(since, withDeleted)
                  .compose(read -> endpointRows.readSince(since, withDeleted))
                  .onSuccess(read -> lastLook = now);
            });
  }
}

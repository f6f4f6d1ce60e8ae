package dev.usher.journal;

import dev.usher.deliver.AttemptLog;
import dev.usher.event.Attempt;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the attempts of one event loop in batches, one at a time: while a batch is written the next
 * is gathered. While Postgres is away the batch is tried again and again; its deliveries stay
 * leased, and {@link #isFull()} stops new attempts before memory does.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class PostgresAttemptLog implements AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresAttemptLog.class);
  private static final String LOG_NEW = Sql.read(PostgresAttemptLog.class, "log.sql");
  private static final String LOG_AGAIN = Sql.read(PostgresAttemptLog.class, "log_again.sql");
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int MOST_IN_BATCH = 512;

  /** Attempts not yet committed; with answers of 16 KiB each they hold 32 MiB. */
  private static final int MOST_PENDING = 2_048;

  private static final long LINGER_MILLIS = 5;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Vertx vertx;
  private final PostgresConnections connections;

  private record Entry(Attempt attempt, Promise<Void> logged) {}

  private List<Entry> gathering = new ArrayList<>();
  private int pending;
  private boolean busy; // a batch is being written, or a timer runs for the next
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;

  public PostgresAttemptLog(Vertx vertx, PostgresConnections connections) {
    this.vertx = vertx;
    this.connections = connections;
  }

  @Override
  public Future<Void> log(Attempt attempt) {
    Promise<Void> logged = Promise.promise();
    gathering.add(new Entry(attempt, logged));
    pending++;
    if (!busy) {
      busy = true;
      vertx.setTimer(LINGER_MILLIS, _ -> writeNext());
    }
    return logged.future();
  }

  @Override
  public boolean isFull() {
    return pending >= MOST_PENDING;
  }

  private void writeNext() {
    if (gathering.isEmpty()) {
      busy = false;
      return;
    }
    List<Entry> batch = gathering;
    gathering = new ArrayList<>();
    if (batch.size() > MOST_IN_BATCH) {
      gathering.addAll(batch.subList(MOST_IN_BATCH, batch.size()));
      batch = new ArrayList<>(batch.subList(0, MOST_IN_BATCH));
    }
    write(batch);
  }

  private void write(List<Entry> batch) {
    Tuple parameters = parameters(batch.stream().map(Entry::attempt).toList());
    connections
        .use(connection -> write(connection, parameters))
        .onComplete(
            _ -> {
              pauseMillis = SHORTEST_PAUSE_MILLIS;
              pending -= batch.size();
              batch.forEach(PostgresAttemptLog::tell);
              writeNext();
            },
            failure -> {
              LOG.warn("{} attempts are not logged yet: {}", batch.size(), failure.toString());
              vertx.setTimer(pauseMillis, _ -> write(batch));
              pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            });
  }

  /** What was committed just before a connection was lost comes a second time. */
  private static Future<RowSet<Row>> write(PgConnection connection, Tuple parameters) {
    return connection
        .preparedQuery(LOG_NEW)
        .execute(parameters)
        .recover(
            failure ->
                failure instanceof PgException error && UNIQUE_VIOLATION.equals(error.getSqlState())
                    ? connection.preparedQuery(LOG_AGAIN).execute(parameters)
                    : Future.failedFuture(failure));
  }

  /** Whoever waits runs in here: what goes wrong with one must not keep the others waiting. */
  private static void tell(Entry entry) {
    try {
      entry.logged.complete();
    } catch (RuntimeException e) {
      LOG.error("What follows a logged attempt failed", e);
    }
  }

  private Tuple parameters(List<Attempt> attempts) {
    int size = attempts.size();
    UUID[] organizations = new UUID[size];
    UUID[] ids = new UUID[size];
    UUID[] events = new UUID[size];
    UUID[] endpoints = new UUID[size];
    Integer[] numbers = new Integer[size];
    String[] outcomes = new String[size];
    @Nullable Integer[] statuses = new @Nullable Integer[size];
    @Nullable String[] errors = new @Nullable String[size];
    @Nullable Buffer[] bodies = new @Nullable Buffer[size];
    Long[] started = new Long[size];
    Integer[] durations = new Integer[size];
    @Nullable Long[] retries = new @Nullable Long[size];
    Integer[] leases = new Integer[size];
    for (int i = 0; i < size; i++) {
      Attempt attempt = attempts.get(i);
      organizations[i] = attempt.delivery().event().organization().value();
      ids[i] = attempt.id().value();
      events[i] = attempt.delivery().event().id().value();
      endpoints[i] = attempt.delivery().endpoint().value();
      numbers[i] = attempt.number();
      outcomes[i] = attempt.outcome().toString();
      statuses[i] = attempt.httpStatus();
      errors[i] = attempt.error();
      bodies[i] = attempt.responseBody() == null ? null : Buffer.buffer(attempt.responseBody());
      started[i] = attempt.startedAt().toEpochMilli();
      durations[i] = (int) attempt.duration().toMillis();
      retries[i] = attempt.retryIn() == null ? null : attempt.retryIn().toMillis();
      leases[i] = attempt.delivery().lease();
    }
    return Tuple.wrap(
        Arrays.asList(
            organizations,
            ids,
            events,
            endpoints,
            numbers,
            outcomes,
            statuses,
            errors,
            bodies,
            started,
            durations,
            retries,
            leases));
  }
}

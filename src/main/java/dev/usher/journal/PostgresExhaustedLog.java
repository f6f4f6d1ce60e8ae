package dev.usher.journal;

import dev.usher.deliver.AttemptLog;
import dev.usher.event.Attempt;
import dev.usher.event.Delivery;
import dev.usher.filter.EndpointFilters;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the attempts after which a delivery is given up, and in the same transaction writes {@code
 * usher.delivery.exhausted}; hands all other attempts on. A batch is written at a time, and tried
 * again until it is written.
 *
 * <p>Giving up an event of the gateway's own is told to nobody: two endpoints that fail would
 * otherwise tell of each other for ever.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class PostgresExhaustedLog implements AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresExhaustedLog.class);
  private static final String STATEMENT = Sql.read(PostgresExhaustedLog.class, "exhausted.sql");
  private static final int MOST_IN_BATCH = 256;

  /** Attempts not yet committed; with answers of 16 KiB each they hold 8 MiB. */
  private static final int MOST_PENDING = 512;

  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Vertx vertx;
  private final PostgresConnections connections;
  private final InstantSource clock;
  private final EndpointFilters filters;
  private final AttemptLog others;

  /** The event is made once: sent again after a lost connection, it is still the same. */
  private record Entry(Attempt attempt, SystemEvent event, Promise<Void> logged) {
    Delivery delivery() {
      return attempt.delivery();
    }
  }

  private List<Entry> gathering = new ArrayList<>();
  private int pending;
  private boolean busy;
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;

  /**
   * @param clock gives the events their time
   * @param filters which endpoints do not want to be told
   * @param others where all other attempts are logged
   */
  public PostgresExhaustedLog(
      Vertx vertx,
      PostgresConnections connections,
      InstantSource clock,
      EndpointFilters filters,
      AttemptLog others) {
    this.vertx = vertx;
    this.connections = connections;
    this.clock = clock;
    this.filters = filters;
    this.others = others;
  }

  @Override
  public Future<Void> log(Attempt attempt) {
    if (!attempt.isGivenUp() || attempt.delivery().event().isSystem()) {
      return others.log(attempt);
    }
    Promise<Void> logged = Promise.promise();
    gathering.add(new Entry(attempt, SystemEvent.exhausted(attempt, clock), logged));
    pending++;
    if (!busy) {
      busy = true;
      vertx.runOnContext(_ -> writeNext()); // with what else this turn brings
    }
    return logged.future();
  }

  @Override
  public boolean isFull() {
    return pending >= MOST_PENDING || others.isFull();
  }

  private void writeNext() {
    if (gathering.isEmpty()) {
      busy = false;
      return;
    }
    int size = Math.min(gathering.size(), MOST_IN_BATCH);
    List<Entry> batch = List.copyOf(gathering.subList(0, size));
    gathering = new ArrayList<>(gathering.subList(size, gathering.size()));
    write(batch);
  }

  private void write(List<Entry> batch) {
    Tuple parameters = parameters(batch);
    connections
        .use(connection -> connection.preparedQuery(STATEMENT).execute(parameters))
        .onComplete(
            _ -> {
              pauseMillis = SHORTEST_PAUSE_MILLIS;
              pending -= batch.size();
              batch.forEach(PostgresExhaustedLog::tell);
              writeNext();
            },
            failure -> {
              LOG.warn("{} last attempts are not logged yet: {}", batch.size(), failure.toString());
              vertx.setTimer(pauseMillis, _ -> write(batch));
              pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            });
  }

  /** Whoever waits runs in here: what goes wrong with one must not keep the others waiting. */
  private static void tell(Entry entry) {
    try {
      entry.logged.complete();
    } catch (RuntimeException e) {
      LOG.error("What follows a logged attempt failed", e);
    }
  }

  private Tuple parameters(List<Entry> batch) {
    Refused refused = new Refused(filters);
    for (Entry entry : batch) {
      SystemEvent told = entry.event;
      refused.judge(
          entry.delivery().event().organization(), told.id().value(), told.type(), told.body());
    }
    return Tuple.wrap(
        Arrays.asList(
            column(batch, entry -> entry.delivery().event().organization().value(), UUID[]::new),
            column(batch, entry -> entry.attempt.id().value(), UUID[]::new),
            column(batch, entry -> entry.delivery().event().id().value(), UUID[]::new),
            column(batch, entry -> entry.delivery().endpoint().value(), UUID[]::new),
            column(batch, entry -> entry.attempt.number(), Integer[]::new),
            column(batch, entry -> entry.attempt.outcome().toString(), String[]::new),
            column(batch, entry -> entry.attempt.httpStatus(), Integer[]::new),
            column(batch, entry -> entry.attempt.error(), String[]::new),
            column(batch, entry -> bytes(entry.attempt.responseBody()), Buffer[]::new),
            column(batch, entry -> entry.attempt.startedAt().toEpochMilli(), Long[]::new),
            column(batch, entry -> (int) entry.attempt.duration().toMillis(), Integer[]::new),
            column(batch, entry -> entry.delivery().lease(), Integer[]::new),
            column(batch, entry -> entry.event.id().value(), UUID[]::new),
            column(batch, entry -> entry.event.id().toString(), String[]::new),
            column(batch, entry -> bytes(entry.event.body()), Buffer[]::new),
            SystemEvent.DELIVERY_EXHAUSTED,
            SystemEvent.patterns(SystemEvent.DELIVERY_EXHAUSTED),
            refused.events(),
            refused.endpoints()));
  }

  private static <T> T[] column(
      List<Entry> batch, Function<Entry, @Nullable T> value, IntFunction<T[]> array) {
    return batch.stream().map(value).toArray(array);
  }

  private static @Nullable Buffer bytes(byte @Nullable [] bytes) {
    return bytes == null ? null : Buffer.buffer(bytes);
  }
}

package dev.usher.journal;

import dev.usher.dispatch.Dispatch;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.filter.EndpointFilters;
import dev.usher.store.Sql;
import dev.usher.trace.TraceParent;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch to Postgres with one statement, so one message and one commit. The unique key of
 * {@code idempotency_keys} decides which events are new, over all nodes.
 *
 * <p>Almost every batch is all new and is written by {@code append.sql}, which takes all or
 * nothing. Where it took nothing, {@code append_carefully.sql} takes what is new, and {@code
 * first.sql} tells what came before.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class PostgresBatchWriter implements BatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBatchWriter.class);

  private static final String APPEND = Sql.read(PostgresBatchWriter.class, "append.sql");
  private static final String CAREFULLY =
      Sql.read(PostgresBatchWriter.class, "append_carefully.sql");
  private static final String FIRST = Sql.read(PostgresBatchWriter.class, "first.sql");

  /** In both statements of a batch: where {@link #REFUSED} goes. */
  private static final String FILTERS = "-- and filters";

  /** Only for batches of which a filter refuses something: for all others nothing changes. */
  private static final String REFUSED =
      """
      AND NOT EXISTS (SELECT FROM unnest($19::uuid[], $20::uuid[]) AS refused (event_id, endpoint_id)
                      WHERE refused.event_id = i.event_id AND refused.endpoint_id = r.endpoint_id)
      """;

  /** Raised where a key came in on both sides of midnight: the batch starts over. */
  private static final String SEAM = "UM001";

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * Batches that are written carefully after a key collided: where repeated keys arrive unseen by
   * Redis, more than one batch in so many is not written twice.
   */
  private static final int CAREFUL_BATCHES = 64;

  /** The class of SQLSTATE for values that are not what they should be. */
  private static final String DATA_EXCEPTION = "22";

  private static final int MOST_TRIES = 3;

  private static final Fate NOWHERE = new Fate.Accepted(List.of(), 0);
  private static final Fate UNDECIDED = new Fate.Undecided();

  private final PostgresConnections connections;
  private final Dispatch dispatch;
  private final int daysRemembered;
  private final EndpointFilters filters;
  private final String append;
  private final String appendFiltered;
  private final String appendCarefully;
  private final String appendCarefullyFiltered;
  private final String first;
  private int careful; // batches still to be written carefully

  /**
   * @param daysRemembered whole days that an idempotency key is remembered at least, from 1
   */
  public PostgresBatchWriter(
      PostgresConnections connections,
      Dispatch dispatch,
      int daysRemembered,
      EndpointFilters filters) {
    this(connections, dispatch, daysRemembered, filters, UnaryOperator.identity());
  }

  /** With the statements changed: for a test that moves Postgres' clock. */
  PostgresBatchWriter(
      PostgresConnections connections,
      Dispatch dispatch,
      int daysRemembered,
      EndpointFilters filters,
      UnaryOperator<String> statements) {
    this.connections = connections;
    this.dispatch = dispatch;
    this.daysRemembered = daysRemembered;
    this.filters = filters;
    this.append = statements.apply(APPEND);
    this.appendFiltered = append.replace(FILTERS, REFUSED);
    this.appendCarefully = statements.apply(CAREFULLY);
    this.appendCarefullyFiltered = appendCarefully.replace(FILTERS, REFUSED);
    this.first = statements.apply(FIRST);
  }

  @Override
  public Future<List<Fate>> write(List<Event> batch) {
    return write(batch, 1);
  }

  private Future<List<Fate>> write(List<Event> batch, int tries) {
    return connections
        .use(connection -> append(connection, batch))
        .recover(failure -> again(batch, tries, failure));
  }

  private Future<List<Fate>> again(List<Event> batch, int tries, Throwable failure) {
    if (failure instanceof PgException error) {
      if (SEAM.equals(error.getSqlState()) && tries < MOST_TRIES) {
        return write(batch, tries + 1);
      }
      // A value that Postgres does not take: its neighbours must not be refused with it.
      if (String.valueOf(error.getSqlState()).startsWith(DATA_EXCEPTION) && batch.size() > 1) {
        return writeHalves(batch);
      }
      if (String.valueOf(error.getSqlState()).startsWith(DATA_EXCEPTION)) {
        Event refused = batch.getFirst();
        LOG.atError() // without Postgres' own words, which may quote what the sender wrote
            .addKeyValue("event", refused.id())
            .addKeyValue("trace", TraceParent.of(refused).traceId())
            .log("Postgres does not take an event: SQLSTATE {}", error.getSqlState());
        return Future.succeededFuture(List.of(UNDECIDED));
      }
    }
    return Future.failedFuture(failure);
  }

  /** Where only the second half fails, the first is written: its events have their fates. */
  private Future<List<Fate>> writeHalves(List<Event> batch) {
    int middle = batch.size() / 2;
    List<Event> rest = batch.subList(middle, batch.size());
    return write(batch.subList(0, middle), 1)
        .compose(
            first ->
                write(rest, 1)
                    .recover(failure -> undecided(rest, failure))
                    .map(second -> Stream.concat(first.stream(), second.stream()).toList()));
  }

  private static Future<List<Fate>> undecided(List<Event> batch, Throwable failure) {
    if (failure instanceof UncertainCommitException) {
      return Future.failedFuture(failure); // their deliveries may be leased: that has to be told
    }
    LOG.warn("{} events of a batch were not written: {}", batch.size(), failure.toString());
    return Future.succeededFuture(Collections.nCopies(batch.size(), UNDECIDED));
  }

  private Future<List<Fate>> append(PgConnection connection, List<Event> batch) {
    Refused refused = Refused.of(batch, filters);
    Integer lease = dispatch.lease();
    Tuple parameters =
        PostgresBatchParameters.of(batch, lease, dispatch.full(), daysRemembered, refused);
    int under = lease == null ? 0 : lease;
    String carefully = refused.isEmpty() ? appendCarefully : appendCarefullyFiltered;
    if (careful > 0) {
      careful--;
      return appendCarefully(connection, carefully, batch, parameters, under);
    }
    return connection
        .preparedQuery(refused.isEmpty() ? append : appendFiltered)
        .execute(parameters)
        .transform(
            done -> {
              if (done.succeeded()) {
                return done.result().size() > 0
                    ? Future.succeededFuture(complete(allAccepted(batch, done.result(), under)))
                    : appendCarefully(connection, carefully, batch, parameters, under);
              }
              if (isCollision(done.cause())) {
                careful = CAREFUL_BATCHES;
                return appendCarefully(connection, carefully, batch, parameters, under);
              }
              return Future.failedFuture(done.cause());
            });
  }

  private static boolean isCollision(Throwable failure) {
    return failure instanceof PgException error && UNIQUE_VIOLATION.equals(error.getSqlState());
  }

  private Future<List<Fate>> appendCarefully(
      PgConnection connection, String statement, List<Event> batch, Tuple parameters, int lease) {
    return connection
        .preparedQuery(statement)
        .execute(parameters)
        .compose(
            rows -> {
              @Nullable Fate[] fates = new @Nullable Fate[batch.size()];
              addRows(batch, rows, fates, lease);
              return withFirst(connection, batch, fates);
            });
  }

  private static @Nullable Fate[] allAccepted(List<Event> batch, RowSet<Row> rows, int lease) {
    @Nullable Fate[] fates = new @Nullable Fate[batch.size()];
    Arrays.fill(fates, NOWHERE);
    if (rows.size() > 1) {
      addRows(batch, rows, fates, lease);
    }
    return fates;
  }

  /** Each row names an event that was accepted, and an endpoint where we deliver it at once. */
  private static void addRows(
      List<Event> batch, RowSet<Row> rows, @Nullable Fate[] fates, int lease) {
    Map<UUID, Integer> positions = HashMap.newHashMap(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      positions.put(batch.get(i).id().value(), i);
    }
    for (Row row : rows) {
      UUID event = row.getUUID(0);
      if (event == null) {
        continue; // says only that the batch was taken
      }
      int position = positions.getOrDefault(event, -1);
      UUID endpoint = row.getUUID(1);
      fates[position] =
          endpoint == null ? NOWHERE : with(fates[position], new EndpointId(endpoint), lease);
    }
  }

  private static Fate with(@Nullable Fate before, EndpointId endpoint, int lease) {
    if (before instanceof Fate.Accepted(var endpoints, int _) && before != NOWHERE) {
      endpoints.add(endpoint);
      return before;
    }
    List<EndpointId> endpoints = new ArrayList<>(2);
    endpoints.add(endpoint);
    return new Fate.Accepted(endpoints, lease);
  }

  /**
   * Finds the first events of the keys that were taken. A statement of its own: a key that another
   * node committed while our insert waited for it is not visible to the statement that waited.
   */
  private Future<List<Fate>> withFirst(
      PgConnection connection, List<Event> batch, @Nullable Fate[] fates) {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < fates.length; i++) {
      if (fates[i] == null) {
        taken.add(i);
      }
    }
    if (taken.isEmpty()) {
      return Future.succeededFuture(complete(fates));
    }
    UUID[] organizations = new UUID[taken.size()];
    UUID[] keys = new UUID[taken.size()];
    for (int i = 0; i < keys.length; i++) {
      Event event = batch.get(taken.get(i));
      organizations[i] = event.organization().value();
      keys[i] = event.keyHash().toUuid();
    }
    return connection
        .preparedQuery(first)
        .execute(Tuple.of(organizations, keys, daysRemembered))
        .map(
            rows -> {
              for (Row row : rows) {
                fates[taken.get(row.getLong(0).intValue() - 1)] =
                    new Fate.Known(new EventId(row.getUUID(1)), Hash128.of(row.getUUID(2)));
              }
              return complete(fates);
            })
        // The others of the batch are committed, whatever happens to this question.
        .otherwise(_ -> complete(fates));
  }

  private static List<Fate> complete(@Nullable Fate[] fates) {
    List<Fate> complete = new ArrayList<>(fates.length);
    for (Fate fate : fates) {
      complete.add(fate == null ? UNDECIDED : fate);
    }
    return complete;
  }
}

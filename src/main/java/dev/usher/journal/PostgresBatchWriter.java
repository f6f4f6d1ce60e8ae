package dev.usher.journal;

import dev.usher.dispatch.Dispatch;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch to Postgres with one statement, so one message and one commit. The unique key of
 * {@code idempotency_keys} decides which events are new, over all nodes; see {@code append.sql}.
 */
public final class PostgresBatchWriter implements BatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresBatchWriter.class);

  static final String APPEND = Sql.read(PostgresBatchWriter.class, "append.sql");
  private static final String FIRST = Sql.read(PostgresBatchWriter.class, "first.sql");

  /** Raised where a key came in on both sides of midnight: the batch starts over. */
  private static final String SEAM = "UM001";

  /** The class of SQLSTATE for values that are not what they should be. */
  private static final String DATA_EXCEPTION = "22";

  private static final int MOST_TRIES = 3;

  private static final Fate NOWHERE = new Fate.Accepted(List.of());
  private static final Fate UNDECIDED = new Fate.Undecided();

  private final PostgresConnections connections;
  private final Dispatch dispatch;
  private final int daysRemembered;
  private final String append;

  /**
   * @param daysRemembered whole days that an idempotency key is remembered at least, from 1
   */
  public PostgresBatchWriter(
      PostgresConnections connections, Dispatch dispatch, int daysRemembered) {
    this(connections, dispatch, daysRemembered, APPEND);
  }

  /** With the statement given: for a test that moves Postgres' clock. */
  PostgresBatchWriter(
      PostgresConnections connections, Dispatch dispatch, int daysRemembered, String append) {
    this.append = append;
    this.connections = connections;
    this.dispatch = dispatch;
    this.daysRemembered = daysRemembered;
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
        int middle = batch.size() / 2;
        return write(batch.subList(0, middle), 1)
            .compose(
                first ->
                    write(batch.subList(middle, batch.size()), 1)
                        .map(second -> Stream.concat(first.stream(), second.stream()).toList()));
      }
      if (String.valueOf(error.getSqlState()).startsWith(DATA_EXCEPTION)) {
        LOG.error("Postgres does not take {}: {}", batch.getFirst(), error.getMessage());
        return Future.succeededFuture(List.of(UNDECIDED));
      }
    }
    return Future.failedFuture(failure);
  }

  private Future<List<Fate>> append(PgConnection connection, List<Event> batch) {
    return connection
        .preparedQuery(append)
        .execute(parameters(batch))
        .compose(rows -> withFirst(connection, batch, accepted(batch, rows)));
  }

  /** The fates of the events that were accepted; null for the others. */
  private static @Nullable Fate[] accepted(List<Event> batch, RowSet<Row> rows) {
    Map<UUID, Integer> positions = HashMap.newHashMap(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      positions.put(batch.get(i).id().value(), i);
    }
    @Nullable Fate[] fates = new @Nullable Fate[batch.size()];
    for (Row row : rows) {
      int position = positions.getOrDefault(row.getUUID(0), -1);
      UUID endpoint = row.getUUID(1);
      if (endpoint == null) {
        fates[position] = NOWHERE;
      } else {
        fates[position] = with(fates[position], new EndpointId(endpoint));
      }
    }
    return fates;
  }

  private static Fate with(@Nullable Fate before, EndpointId endpoint) {
    if (before instanceof Fate.Accepted(var endpoints)) {
      endpoints.add(endpoint);
      return before;
    }
    List<EndpointId> endpoints = new ArrayList<>(2);
    endpoints.add(endpoint);
    return new Fate.Accepted(endpoints);
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
    Buffer[] keys = new Buffer[taken.size()];
    for (int i = 0; i < keys.length; i++) {
      Event event = batch.get(taken.get(i));
      organizations[i] = event.organization().value();
      keys[i] = Buffer.buffer(event.keyHash().toBytes());
    }
    return connection
        .preparedQuery(FIRST)
        .execute(Tuple.of(organizations, keys, daysRemembered))
        .map(
            rows -> {
              for (Row row : rows) {
                fates[taken.get(row.getLong(0).intValue() - 1)] =
                    new Fate.Known(
                        new EventId(row.getUUID(1)), Hash128.of(row.getBuffer(2).getBytes(), 0));
              }
              return complete(fates);
            })
        // The others of the batch are committed, whatever happens to this question.
        .otherwise(_ -> complete(fates));
  }

  private static List<Fate> complete(@Nullable Fate[] fates) {
    return Arrays.stream(fates).map(fate -> fate == null ? UNDECIDED : fate).toList();
  }

  private Tuple parameters(List<Event> batch) {
    int size = batch.size();
    UUID[] organizations = new UUID[size];
    Buffer[] keyHashes = new Buffer[size];
    UUID[] ids = new UUID[size];
    Buffer[] bodyHashes = new Buffer[size];
    @Nullable UUID[] sources = new @Nullable UUID[size];
    String[] keys = new String[size];
    String[] types = new String[size];
    @Nullable String[] payloadIds = new @Nullable String[size];
    String[] contentTypes = new String[size];
    String[] headers = new String[size];
    Buffer[] bodies = new Buffer[size];
    Integer[] eventRoutes = new Integer[size];
    Routes routes = new Routes();
    for (int i = 0; i < size; i++) {
      Event event = batch.get(i);
      organizations[i] = event.organization().value();
      keyHashes[i] = Buffer.buffer(event.keyHash().toBytes());
      ids[i] = event.id().value();
      bodyHashes[i] = Buffer.buffer(event.bodyHash().toBytes());
      sources[i] = event.source() == null ? null : event.source().value();
      keys[i] = event.key();
      types[i] = event.type();
      payloadIds[i] = event.payloadId();
      contentTypes[i] = event.contentType();
      headers[i] = event.headers();
      bodies[i] = Buffer.buffer(event.body());
      eventRoutes[i] = routes.of(event.organization(), event.type());
    }
    UUID[] full = dispatch.full().stream().map(EndpointId::value).toArray(UUID[]::new);
    return Tuple.wrap(
        Arrays.asList(
            organizations,
            keyHashes,
            ids,
            bodyHashes,
            sources,
            keys,
            types,
            payloadIds,
            contentTypes,
            headers,
            bodies,
            eventRoutes,
            routes.numbers(),
            routes.organizations(),
            routes.patterns(),
            dispatch.lease(),
            full,
            daysRemembered));
  }
}

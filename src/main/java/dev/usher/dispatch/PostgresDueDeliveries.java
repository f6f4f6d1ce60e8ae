package dev.usher.dispatch;

import dev.usher.deliver.Deliveries;
import dev.usher.event.Delivery;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The table {@code deliveries}. */
public final class PostgresDueDeliveries implements DueDeliveries {
  private static final String WAITING = Sql.read(PostgresDueDeliveries.class, "waiting.sql");
  private static final String CLAIM = Sql.read(PostgresDueDeliveries.class, "claim.sql");
  private static final String LEASED =
      "SELECT event_id, endpoint_id FROM deliveries WHERE node_id = $1";
  private static final String FREE =
      """
      UPDATE deliveries d SET node_id = NULL
      FROM unnest($2::uuid[], $3::uuid[]) AS f (event_id, endpoint_id)
      WHERE d.node_id = $1 AND d.event_id = f.event_id AND d.endpoint_id = f.endpoint_id\
      """;
  private static final String RELEASE =
      """
      UPDATE deliveries d SET node_id = NULL
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])
        AS f (organization_id, event_id, endpoint_id, lease)
      WHERE d.organization_id = f.organization_id AND d.event_id = f.event_id
        AND d.endpoint_id = f.endpoint_id AND d.node_id = f.lease\
      """;

  /** A claimed event is known to the journal already: nobody compares its hashes any more. */
  private static final Hash128 NO_HASH = new Hash128(0, 0);

  private final Pool pool;

  public PostgresDueDeliveries(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<EndpointId>> waiting(int limit, int skip) {
    return pool.preparedQuery(WAITING)
        .execute(Tuple.of(limit, skip))
        .map(rows -> list(rows, row -> new EndpointId(row.getUUID(0))));
  }

  @Override
  public Future<List<Delivery>> claim(int lease, List<Room> room, int mostBytes) {
    UUID[] organizations =
        room.stream().map(r -> r.endpoint().organization().value()).toArray(UUID[]::new);
    UUID[] endpoints = room.stream().map(r -> r.endpoint().id().value()).toArray(UUID[]::new);
    Integer[] most = room.stream().map(Room::deliveries).toArray(Integer[]::new);
    Long[] bytes = room.stream().map(r -> (long) r.bytes()).toArray(Long[]::new);
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(lease, organizations, endpoints, most, (long) mostBytes, bytes))
        .map(rows -> list(rows, row -> delivery(row, lease)));
  }

  @Override
  public Future<Void> release(List<Delivery> deliveries) {
    UUID[] organizations =
        deliveries.stream().map(d -> d.event().organization().value()).toArray(UUID[]::new);
    UUID[] events = deliveries.stream().map(d -> d.event().id().value()).toArray(UUID[]::new);
    UUID[] endpoints = deliveries.stream().map(d -> d.endpoint().value()).toArray(UUID[]::new);
    Integer[] leases = deliveries.stream().map(Delivery::lease).toArray(Integer[]::new);
    return pool.preparedQuery(RELEASE)
        .execute(Tuple.of(organizations, events, endpoints, leases))
        .mapEmpty();
  }

  @Override
  public Future<List<Deliveries.Key>> leased(int lease) {
    return pool.preparedQuery(LEASED)
        .execute(Tuple.of(lease))
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Deliveries.Key(
                            new EventId(row.getUUID(0)), new EndpointId(row.getUUID(1)))));
  }

  @Override
  public Future<Void> free(int lease, List<Deliveries.Key> strays) {
    if (strays.isEmpty()) {
      return Future.succeededFuture();
    }
    UUID[] events = strays.stream().map(key -> key.event().value()).toArray(UUID[]::new);
    UUID[] endpoints = strays.stream().map(key -> key.endpoint().value()).toArray(UUID[]::new);
    return pool.preparedQuery(FREE).execute(Tuple.of(lease, events, endpoints)).mapEmpty();
  }

  static Delivery delivery(Row row, int lease) {
    UUID source = row.getUUID(4);
    Event event =
        new Event(
            new EventId(row.getUUID(1)),
            new OrganizationId(row.getUUID(0)),
            source == null ? null : new SourceId(source),
            row.getString(5),
            NO_HASH,
            NO_HASH,
            row.getString(6),
            row.getString(7),
            row.getString(8),
            row.getString(9),
            row.getBuffer(10).getBytes());
    return new Delivery(event, new EndpointId(row.getUUID(2)), row.getShort(3), lease);
  }

  static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
    List<T> list = new ArrayList<>(rows.size());
    for (Row row : rows) {
      list.add(read.apply(row));
    }
    return list;
  }
}

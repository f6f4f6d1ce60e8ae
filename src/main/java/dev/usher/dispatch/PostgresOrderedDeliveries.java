package dev.usher.dispatch;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** What of the table {@code deliveries} has a position. */
public final class PostgresOrderedDeliveries implements OrderedDeliveries {
  private static final String HEADS = Sql.read(PostgresOrderedDeliveries.class, "heads.sql");
  private static final String CLAIM = Sql.read(PostgresOrderedDeliveries.class, "claim_head.sql");
  private static final String UNIQUE_VIOLATION = "23505";

  private final Pool pool;

  public PostgresOrderedDeliveries(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<EndpointId>> waiting(int limit, int skip) {
    return pool.preparedQuery(HEADS)
        .execute(Tuple.of(limit, skip))
        .map(rows -> PostgresDueDeliveries.list(rows, row -> new EndpointId(row.getUUID(0))));
  }

  @Override
  public Future<List<Delivery>> claim(int lease, List<Endpoint> endpoints) {
    UUID[] organizations =
        endpoints.stream().map(endpoint -> endpoint.organization().value()).toArray(UUID[]::new);
    UUID[] ids = endpoints.stream().map(endpoint -> endpoint.id().value()).toArray(UUID[]::new);
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(lease, organizations, ids))
        .map(
            rows ->
                PostgresDueDeliveries.list(rows, row -> PostgresDueDeliveries.delivery(row, lease)))
        .recover(
            failure ->
                isTaken(failure)
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(failure));
  }

  /** Another node has leased another delivery of one of the endpoints in the same moment. */
  private static boolean isTaken(Throwable failure) {
    return failure instanceof PgException error && UNIQUE_VIOLATION.equals(error.getSqlState());
  }
}

package dev.usher.control;

import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that are due. Nodes work them off; here they are only shown, asked for once more, or
 * withdrawn with their endpoint.
 */
final class PostgresDeliveries {
  /** Short enough a statement that nodes never wait for it noticeably. */
  private static final int REMOVED_AT_ONCE = 5_000;

  private final Pool pool;

  PostgresDeliveries(Pool pool) {
    this.pool = pool;
  }

  /** A delivery that is still owed. */
  record Due(EndpointId endpoint, Instant at) {}

  /** What is still owed of an event. */
  Future<List<Due>> ofEvent(OrganizationId organization, EventId event) {
    return pool.preparedQuery(
            """
            SELECT endpoint_id, due_at FROM deliveries
            WHERE organization_id = $1 AND event_id = $2
            """)
        .execute(Tuple.of(organization.value(), event.value()))
        .map(rows -> PostgresRows.all(rows, PostgresDeliveries::due));
  }

  /**
   * An endpoint that may want an event.
   *
   * @param filter what it asks of the payload; null where it was tried with the event before, or
   *     asks nothing
   */
  record Candidate(EndpointId endpoint, @Nullable String filter) {}

  /** The endpoints that want events of this type, or were tried with this event before. */
  Future<List<Candidate>> endpointsOf(
      PostgresTransaction transaction, OrganizationId organization, EventId event, String type) {
    String[] patterns = EventPatterns.matching(type).toArray(String[]::new);
    return transaction
        .execute(
            """
            WITH tried AS (
              SELECT endpoint_id FROM attempts WHERE organization_id = $1 AND event_id = $3)
            SELECT id, CASE WHEN id NOT IN (SELECT endpoint_id FROM tried) THEN filter END AS filter
            FROM endpoints
            WHERE organization_id = $1 AND deleted_at IS NULL AND id IN (
              SELECT endpoint_id FROM subscriptions
              WHERE organization_id = $1 AND pattern = ANY ($2)
              UNION
              SELECT endpoint_id FROM tried)
            """,
            Tuple.of(organization.value()).addArrayOfString(patterns).addUUID(event.value()))
        .map(
            rows ->
                PostgresRows.all(
                    rows,
                    row ->
                        new Candidate(new EndpointId(row.getUUID("id")), row.getString("filter"))));
  }

  /**
   * Makes the event due now at each of {@code endpoints}. What a node is working on stays as it is,
   * and no row is waited for: so this cannot deadlock with the nodes' batches.
   *
   * @return how many deliveries became due
   */
  Future<Integer> resend(
      PostgresTransaction transaction,
      OrganizationId organization,
      EventId event,
      List<EndpointId> endpoints) {
    UUID[] ids = endpoints.stream().map(EndpointId::value).toArray(UUID[]::new);
    return transaction
        .execute(
            """
            WITH made AS (
              INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, position)
              SELECT $1, $2, id, now(), CASE WHEN ordered THEN nextval('delivery_positions') END
              FROM endpoints WHERE organization_id = $1 AND id = ANY ($3::uuid[])
              ON CONFLICT DO NOTHING RETURNING 1),
            waiting AS (
              SELECT endpoint_id FROM deliveries
              WHERE organization_id = $1 AND event_id = $2 AND endpoint_id = ANY ($3)
                AND node_id IS NULL
              FOR UPDATE SKIP LOCKED),
            hastened AS (
              UPDATE deliveries d SET due_at = least(d.due_at, now()) FROM waiting w
              WHERE d.organization_id = $1 AND d.event_id = $2 AND d.endpoint_id = w.endpoint_id
              RETURNING 1)
            SELECT ((SELECT count(*) FROM made) + (SELECT count(*) FROM hastened))::integer
            """,
            Tuple.of(organization.value(), event.value()).addArrayOfUUID(ids))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  /**
   * Withdraws the deliveries of an endpoint that is gone: first those that wait, a bounded number
   * at a time, then those that a node has in hand. Rows that are locked right now, or that a batch
   * is just committing, are left over: nobody claims them, so all they cost is their space.
   */
  Future<Void> withdraw(OrganizationId organization, EndpointId endpoint) {
    Tuple parameters = Tuple.of(organization.value(), endpoint.value());
    return removeAll("endpoint_id = $2 AND node_id IS NULL AND position IS NULL", parameters)
        .compose(v -> removeAll("endpoint_id = $2 AND position IS NOT NULL", parameters))
        .compose(v -> removeAll("endpoint_id = $2 AND node_id IS NOT NULL", parameters));
  }

  /** Withdraws the deliveries of an organization that is gone, as {@link #withdraw} does. */
  Future<Void> withdraw(OrganizationId organization) {
    return removeAll("true", Tuple.of(organization.value()));
  }

  private Future<Void> removeAll(String condition, Tuple parameters) {
    String statement =
        """
        DELETE FROM deliveries WHERE ctid = ANY (ARRAY (
          SELECT ctid FROM deliveries WHERE organization_id = $1 AND %s
          LIMIT %d FOR UPDATE SKIP LOCKED))
        """
            .formatted(condition, REMOVED_AT_ONCE);
    return pool.preparedQuery(statement)
        .execute(parameters)
        .compose(
            removed ->
                removed.rowCount() < REMOVED_AT_ONCE
                    ? Future.succeededFuture()
                    : removeAll(condition, parameters));
  }

  private static Due due(Row row) {
    return new Due(new EndpointId(row.getUUID("endpoint_id")), PostgresRows.time(row, "due_at"));
  }
}

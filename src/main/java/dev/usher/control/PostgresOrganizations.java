package dev.usher.control;

import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Organizations; deleted ones are kept as rows and never shown. */
final class PostgresOrganizations {
  private final Pool pool;

  PostgresOrganizations(Pool pool) {
    this.pool = pool;
  }

  Future<Organization> create(PostgresTransaction transaction, OrganizationId id, String name) {
    return transaction
        .execute(
            "INSERT INTO organizations (id, name) VALUES ($1, $2) RETURNING id, name, created_at",
            Tuple.of(id.value(), name))
        .map(rows -> organization(rows.iterator().next()));
  }

  Future<Optional<Organization>> find(OrganizationId id) {
    return pool.preparedQuery(
            """
            SELECT id, name, created_at FROM organizations
            WHERE id = $1 AND deleted_at IS NULL
            """)
        .execute(Tuple.of(id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresOrganizations::organization));
  }

  Future<Page<Organization>> list(PageRequest page) {
    return pool.preparedQuery(
            """
            SELECT id, name, created_at FROM organizations
            WHERE id < $1 AND deleted_at IS NULL ORDER BY id DESC LIMIT $2
            """)
        .execute(Tuple.of(page.before(), page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, PostgresOrganizations::organization))
        .map(all -> Page.of(all, page.limit(), organization -> organization.id().value()));
  }

  /**
   * Whether the organization exists; if so it cannot be deleted before this transaction ends, and
   * nothing can be made in one that is gone.
   */
  Future<Boolean> hold(PostgresTransaction transaction, OrganizationId id) {
    return transaction
        .execute(
            "SELECT 1 FROM organizations WHERE id = $1 AND deleted_at IS NULL FOR SHARE",
            Tuple.of(id.value()))
        .map(rows -> rows.size() == 1);
  }

  /** Deletes the organization with its keys, sources and endpoints; false where there is none. */
  Future<Boolean> delete(PostgresTransaction transaction, OrganizationId id) {
    Tuple parameters = Tuple.of(id.value());
    return transaction
        .execute(
            "UPDATE organizations SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL",
            parameters)
        .compose(
            deleted ->
                deleted.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : deleteAll(transaction, parameters).map(true));
  }

  private static Future<Void> deleteAll(PostgresTransaction transaction, Tuple organization) {
    List<String> statements =
        List.of(
            "DELETE FROM api_keys WHERE organization_id = $1",
            """
            UPDATE sources SET deleted_at = now()
            WHERE organization_id = $1 AND deleted_at IS NULL
            """,
            """
            UPDATE endpoints SET deleted_at = now()
            WHERE organization_id = $1 AND deleted_at IS NULL
            """,
            "DELETE FROM subscriptions WHERE organization_id = $1",
            "DELETE FROM rejections WHERE organization_id = $1",
            "DELETE FROM event_types WHERE organization_id = $1",
            "DELETE FROM secrets WHERE organization_id = $1",
            "DELETE FROM api_idempotency WHERE organization_id = $1");
    Future<Void> done = Future.succeededFuture();
    for (String statement : statements) {
      done = done.compose(before -> transaction.execute(statement, organization).mapEmpty());
    }
    return done;
  }

  private static Organization organization(Row row) {
    return new Organization(
        new OrganizationId(row.getUUID("id")),
        row.getString("name"),
        PostgresRows.time(row, "created_at"));
  }
}

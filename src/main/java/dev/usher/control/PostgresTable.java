package dev.usher.control;

import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What the tables of sources and endpoints have in common. Deleted rows are kept, so that nodes
 * learn of it, and never shown; every change of a row is announced to all nodes by its trigger.
 */
final class PostgresTable<T extends Stored> {
  private static final String WITH_ID =
      "WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL ";

  private final Pool pool;
  private final String name;
  private final String select;
  private final Function<Row, T> value;

  /**
   * @param columns what {@code value} reads
   */
  PostgresTable(Pool pool, String name, String columns, Function<Row, T> value) {
    this.pool = pool;
    this.name = name;
    this.select = "SELECT " + columns + " FROM " + name + " ";
    this.value = value;
  }

  Future<Optional<T>> find(OrganizationId organization, UUID id) {
    return pool.preparedQuery(select + WITH_ID)
        .execute(Tuple.of(organization.value(), id))
        .map(rows -> PostgresRows.one(rows, value));
  }

  Future<Page<T>> list(OrganizationId organization, PageRequest page) {
    return pool.preparedQuery(
            select
                + """
                WHERE organization_id = $1 AND id < $2 AND deleted_at IS NULL
                ORDER BY id DESC LIMIT $3
                """)
        .execute(Tuple.of(organization.value(), page.before(), page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, value))
        .map(all -> Page.of(all, page.limit(), Stored::uuid));
  }

  /** The row, which nobody else changes before this transaction ends. */
  Future<Optional<T>> lock(PostgresTransaction transaction, OrganizationId organization, UUID id) {
    return transaction
        .execute(select + WITH_ID + "FOR UPDATE", Tuple.of(organization.value(), id))
        .map(rows -> PostgresRows.one(rows, value));
  }

  /** Tells all nodes, when this transaction commits, that the row's secrets have changed. */
  Future<Void> announce(PostgresTransaction transaction, OrganizationId organization, UUID id) {
    return touch(transaction, "changed_at", organization, id);
  }

  /** Marks a row that is locked as deleted. */
  Future<Void> delete(PostgresTransaction transaction, OrganizationId organization, UUID id) {
    return touch(transaction, "deleted_at", organization, id);
  }

  private Future<Void> touch(
      PostgresTransaction transaction, String column, OrganizationId organization, UUID id) {
    return transaction
        .execute(
            "UPDATE " + name + " SET " + column + " = now() WHERE organization_id = $1 AND id = $2",
            Tuple.of(organization.value(), id))
        .mapEmpty();
  }
}

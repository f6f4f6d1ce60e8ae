package dev.usher.control;

import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Sources; deleted ones are kept as rows, so that nodes learn of it, and never shown. */
final class PostgresSources {
  private static final String COLUMNS =
      "id, name, scheme, options, allowed_networks, rate_limit, created_at, changed_at";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM sources ";
  private static final String RETURNING = "RETURNING " + COLUMNS;

  private final Pool pool;

  PostgresSources(Pool pool) {
    this.pool = pool;
  }

  Future<StoredSource> create(
      PostgresTransaction transaction,
      OrganizationId organization,
      SourceId id,
      SourceSettings settings) {
    return transaction
        .execute(
            """
            INSERT INTO sources (organization_id, id, name, scheme, options, allowed_networks, rate_limit)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """
                + RETURNING,
            parameters(organization, id, settings))
        .map(rows -> source(rows.iterator().next()));
  }

  Future<Optional<StoredSource>> find(OrganizationId organization, SourceId id) {
    return pool.preparedQuery(
            SELECT + "WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL")
        .execute(Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresSources::source));
  }

  Future<Page<StoredSource>> list(OrganizationId organization, PageRequest page) {
    return pool.preparedQuery(
            SELECT
                + """
                WHERE organization_id = $1 AND id < $2 AND deleted_at IS NULL
                ORDER BY id DESC LIMIT $3
                """)
        .execute(Tuple.of(organization.value(), page.before(), page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, PostgresSources::source))
        .map(all -> Page.of(all, page.limit(), source -> source.id().value()));
  }

  /** The source, which nobody else changes before this transaction ends. */
  Future<Optional<StoredSource>> lock(
      PostgresTransaction transaction, OrganizationId organization, SourceId id) {
    return transaction
        .execute(
            SELECT
                + """
                WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL
                FOR UPDATE
                """,
            Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresSources::source));
  }

  /** Tells all nodes, when this transaction commits, that the source's secrets have changed. */
  Future<Void> announce(PostgresTransaction transaction, OrganizationId organization, SourceId id) {
    return transaction
        .execute(
            "UPDATE sources SET changed_at = now() WHERE organization_id = $1 AND id = $2",
            Tuple.of(organization.value(), id.value()))
        .mapEmpty();
  }

  /** Writes the settings of a source that is locked. */
  Future<StoredSource> update(
      PostgresTransaction transaction,
      OrganizationId organization,
      SourceId id,
      SourceSettings settings) {
    return transaction
        .execute(
            """
            UPDATE sources
            SET name = $3, scheme = $4, options = $5, allowed_networks = $6, rate_limit = $7
            WHERE organization_id = $1 AND id = $2
            """
                + RETURNING,
            parameters(organization, id, settings))
        .map(rows -> source(rows.iterator().next()));
  }

  /** Deletes a source that is locked. */
  Future<Void> delete(PostgresTransaction transaction, OrganizationId organization, SourceId id) {
    return transaction
        .execute(
            "UPDATE sources SET deleted_at = now() WHERE organization_id = $1 AND id = $2",
            Tuple.of(organization.value(), id.value()))
        .mapEmpty();
  }

  private static Tuple parameters(
      OrganizationId organization, SourceId id, SourceSettings settings) {
    return Tuple.of(organization.value(), id.value(), settings.name(), settings.scheme())
        .addJsonObject(PostgresRows.jsonb(settings.options()))
        .addArrayOfString(settings.allowedNetworks().toArray(String[]::new))
        .addInteger(settings.rateLimit());
  }

  private static StoredSource source(Row row) {
    return new StoredSource(
        new SourceId(row.getUUID("id")),
        new SourceSettings(
            row.getString("name"),
            row.getString("scheme"),
            PostgresRows.texts(row, "options"),
            List.of(row.getArrayOfStrings("allowed_networks")),
            row.getInteger("rate_limit")),
        PostgresRows.time(row, "created_at"),
        PostgresRows.time(row, "changed_at"));
  }
}

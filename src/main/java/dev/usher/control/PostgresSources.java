package dev.usher.control;

import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** How sources are made and changed; what they have in common is in {@link PostgresTable}. */
final class PostgresSources {
  private static final String COLUMNS =
      "id, name, scheme, options, allowed_networks, rate_limit, created_at, changed_at, revision";

  private static final String RETURNING = "RETURNING " + COLUMNS;

  final PostgresTable<StoredSource> rows;

  PostgresSources(Pool pool) {
    this.rows = new PostgresTable<>(pool, "sources", COLUMNS, PostgresSources::source);
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
        PostgresRows.time(row, "changed_at"),
        row.getLong("revision"));
  }
}

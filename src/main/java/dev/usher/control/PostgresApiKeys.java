package dev.usher.control;

import dev.usher.event.ApiKeyId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of organizations, as hashes. */
final class PostgresApiKeys {
  private static final String COLUMNS = "id, name, role, created_at, expires_at, last_used_at";

  private final Pool pool;

  PostgresApiKeys(Pool pool) {
    this.pool = pool;
  }

  /**
   * What a new key is to be.
   *
   * @param expiresAt null for never
   */
  record NewKey(String name, Role role, @Nullable Instant expiresAt) {}

  /**
   * A key that is presented.
   *
   * @param hash the SHA-256 that the whole key must have
   * @param stale whether its last use was noted more than a minute ago, or never
   */
  record Presented(
      OrganizationId organization,
      ApiKeyId id,
      String name,
      Role role,
      byte[] hash,
      boolean stale) {}

  Future<StoredKey> create(
      PostgresTransaction transaction, OrganizationId organization, NewKey wanted, ApiKey key) {
    Instant expiresAt = wanted.expiresAt();
    return transaction
        .execute(
            """
            INSERT INTO api_keys (organization_id, id, name, role, expires_at, hash)
            VALUES ($1, $2, $3, $4, $5, $6)
            RETURNING
            """
                + COLUMNS,
            Tuple.of(
                organization.value(),
                key.id().value(),
                wanted.name(),
                wanted.role().text(),
                expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC),
                Buffer.buffer(key.hash())))
        .map(rows -> stored(rows.iterator().next()));
  }

  Future<Page<StoredKey>> list(OrganizationId organization, PageRequest page) {
    return pool.preparedQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_keys
                WHERE organization_id = $1 AND id < $2
                ORDER BY id DESC LIMIT $3
                """)
        .execute(Tuple.of(organization.value(), page.before(), page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, PostgresApiKeys::stored))
        .map(all -> Page.of(all, page.limit(), key -> key.id().value()));
  }

  Future<Optional<StoredKey>> find(OrganizationId organization, ApiKeyId id) {
    return pool.preparedQuery(
            "SELECT " + COLUMNS + " FROM api_keys WHERE organization_id = $1 AND id = $2")
        .execute(Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresApiKeys::stored));
  }

  /** Ends a key at once; gives what it was. Empty where there is none. */
  Future<Optional<StoredKey>> delete(
      PostgresTransaction transaction, OrganizationId organization, ApiKeyId id) {
    return transaction
        .execute(
            "DELETE FROM api_keys WHERE organization_id = $1 AND id = $2 RETURNING " + COLUMNS,
            Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresApiKeys::stored));
  }

  /** The key of that id where it has not expired, of an organization that still exists. */
  Future<Optional<Presented>> presented(ApiKeyId id) {
    return pool.preparedQuery(
            """
            SELECT k.organization_id, k.id, k.name, k.role, k.hash,
                   coalesce(k.last_used_at < now() - interval '1 minute', true) AS stale
            FROM api_keys k JOIN organizations o ON o.id = k.organization_id
            WHERE k.id = $1 AND o.deleted_at IS NULL
              AND (k.expires_at IS NULL OR k.expires_at > now())
            """)
        .execute(Tuple.of(id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresApiKeys::presented));
  }

  /** Notes that a key is in use, once a minute however often it is used. */
  Future<Void> touch(Presented key) {
    return pool.preparedQuery(
            """
            UPDATE api_keys SET last_used_at = now()
            WHERE organization_id = $1 AND id = $2
              AND coalesce(last_used_at < now() - interval '1 minute', true)
            """)
        .execute(Tuple.of(key.organization().value(), key.id().value()))
        .mapEmpty();
  }

  private static Presented presented(Row row) {
    return new Presented(
        new OrganizationId(row.getUUID("organization_id")),
        new ApiKeyId(row.getUUID("id")),
        row.getString("name"),
        role(row),
        row.getBuffer("hash").getBytes(),
        row.getBoolean("stale"));
  }

  private static StoredKey stored(Row row) {
    return new StoredKey(
        new ApiKeyId(row.getUUID("id")),
        row.getString("name"),
        role(row),
        PostgresRows.time(row, "created_at"),
        PostgresRows.timeOrNull(row, "expires_at"),
        PostgresRows.timeOrNull(row, "last_used_at"));
  }

  private static Role role(Row row) {
    return Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT));
  }
}

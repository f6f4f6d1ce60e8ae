package dev.usher.control;

import dev.usher.event.ApiKeyId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The keys of organizations, as hashes. */
final class PostgresApiKeys {
  private final Pool pool;

  PostgresApiKeys(Pool pool) {
    this.pool = pool;
  }

  /** Whose key it is, and the SHA-256 that the whole key must have. */
  record StoredKey(OrganizationId organization, byte[] hash) {}

  Future<Void> create(
      PostgresTransaction transaction, OrganizationId organization, String name, ApiKey key) {
    return transaction
        .execute(
            "INSERT INTO api_keys (organization_id, id, name, hash) VALUES ($1, $2, $3, $4)",
            Tuple.of(organization.value(), key.id().value(), name, Buffer.buffer(key.hash())))
        .mapEmpty();
  }

  /** The key of that id, of an organization that still exists. */
  Future<Optional<StoredKey>> find(ApiKeyId id) {
    return pool.preparedQuery(
            """
            SELECT k.organization_id, k.hash FROM api_keys k
            JOIN organizations o ON o.id = k.organization_id
            WHERE k.id = $1 AND o.deleted_at IS NULL
            """)
        .execute(Tuple.of(id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresApiKeys::key));
  }

  private static StoredKey key(Row row) {
    return new StoredKey(
        new OrganizationId(row.getUUID("organization_id")), row.getBuffer("hash").getBytes());
  }
}

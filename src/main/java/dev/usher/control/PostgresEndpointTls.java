package dev.usher.control;

import dev.usher.event.ClientTls;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How TLS connections to endpoints differ from others; the keys encrypted, and never read here. */
final class PostgresEndpointTls {
  private static final String OF_THE_ENDPOINT =
      "WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL";

  private final Pool pool;
  private final SecretSealer sealer;

  PostgresEndpointTls(Pool pool, SecretSealer sealer) {
    this.pool = pool;
    this.sealer = sealer;
  }

  /** What an endpoint has, without the key; empty where there is no such endpoint. */
  Future<Optional<ClientTls>> find(OrganizationId organization, EndpointId id) {
    return pool.preparedQuery("SELECT tls_ca, tls_certificate FROM endpoints " + OF_THE_ENDPOINT)
        .execute(Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresEndpointTls::withoutKey));
  }

  /**
   * Sets it, which announces the endpoint to all nodes; empty where there is no such endpoint.
   *
   * @param tls null for nothing of its own
   */
  Future<Optional<ClientTls>> set(
      PostgresTransaction transaction,
      OrganizationId organization,
      EndpointId id,
      @Nullable ClientTls tls) {
    String key = tls == null ? null : tls.key();
    SecretSealer.Sealed sealed = key == null ? null : sealer.seal(key, id.value());
    return transaction
        .execute(
            """
            UPDATE endpoints
            SET tls_ca = $3, tls_certificate = $4, tls_key = $5, tls_key_master_key_id = $6
            """
                + OF_THE_ENDPOINT
                + " RETURNING tls_ca, tls_certificate",
            Tuple.of(
                organization.value(),
                id.value(),
                tls == null ? null : tls.ca(),
                tls == null ? null : tls.certificate(),
                sealed == null ? null : Buffer.buffer(sealed.ciphertext()),
                sealed == null ? null : sealed.masterKeyId()))
        .map(rows -> PostgresRows.one(rows, PostgresEndpointTls::withoutKey));
  }

  private static ClientTls withoutKey(Row row) {
    return new ClientTls(row.getString("tls_ca"), row.getString("tls_certificate"), null);
  }
}

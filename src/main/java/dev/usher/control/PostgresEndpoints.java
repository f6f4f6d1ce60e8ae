package dev.usher.control;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How endpoints are made and changed; what they have in common is in {@link PostgresTable}. */
final class PostgresEndpoints {
  private static final String COLUMNS =
      """
      id, name, url, events, signature, headers, timeout_ms, retry_schedule_ms, concurrency,
      rate_limit, ordered, filter, status, disabled_reason, created_at, changed_at, revision
      """;

  private static final String RETURNING = "RETURNING " + COLUMNS;

  final PostgresTable<StoredEndpoint> rows;

  PostgresEndpoints(Pool pool) {
    this.rows = new PostgresTable<>(pool, "endpoints", COLUMNS, PostgresEndpoints::endpoint);
  }

  Future<StoredEndpoint> create(
      PostgresTransaction transaction,
      OrganizationId organization,
      EndpointId id,
      EndpointSettings settings) {
    return transaction
        .execute(
            """
            INSERT INTO endpoints (organization_id, id, name, url, events, signature, headers,
                                   timeout_ms, retry_schedule_ms, concurrency, rate_limit, ordered,
                                   filter)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """
                + RETURNING,
            parameters(organization, id, settings))
        .map(rows -> endpoint(rows.iterator().next()))
        .compose(made -> subscribe(transaction, organization, id, settings.events()).map(made));
  }

  /** Writes the settings of an endpoint that is locked, and what it subscribes to. */
  Future<StoredEndpoint> update(
      PostgresTransaction transaction,
      OrganizationId organization,
      EndpointId id,
      EndpointSettings settings) {
    return transaction
        .execute(
            """
             UPDATE endpoints
             SET name = $3, url = $4, events = $5, signature = $6, headers = $7, timeout_ms = $8,
                 retry_schedule_ms = $9, concurrency = $10, rate_limit = $11, ordered = $12,
                 filter = $13
            WHERE organization_id = $1 AND id = $2
            """
                + RETURNING,
            parameters(organization, id, settings))
        .map(rows -> endpoint(rows.iterator().next()))
        .compose(changed -> unsubscribe(transaction, organization, id).map(changed))
        .compose(
            changed -> subscribe(transaction, organization, id, settings.events()).map(changed));
  }

  /** Pauses or activates an endpoint that is locked; why it was disabled is forgotten with that. */
  Future<StoredEndpoint> changeStatus(
      PostgresTransaction transaction,
      OrganizationId organization,
      EndpointId id,
      Endpoint.Status status) {
    return transaction
        .execute(
            """
             UPDATE endpoints SET status = $3, disabled_reason = NULL
            WHERE organization_id = $1 AND id = $2
            """
                + RETURNING,
            Tuple.of(organization.value(), id.value(), status.name().toLowerCase(Locale.ROOT)))
        .map(rows -> endpoint(rows.iterator().next()));
  }

  private static Future<Void> subscribe(
      PostgresTransaction transaction,
      OrganizationId organization,
      EndpointId id,
      List<String> events) {
    String[] patterns = EventPatterns.withoutCovered(events).toArray(String[]::new);
    return transaction
        .execute(
            """
            INSERT INTO subscriptions (organization_id, pattern, endpoint_id)
            SELECT $1, pattern, $2 FROM unnest($3::text[]) pattern
            """,
            Tuple.of(organization.value(), id.value()).addArrayOfString(patterns))
        .mapEmpty();
  }

  /** Forgets what an endpoint that is locked subscribes to. */
  Future<Void> unsubscribe(
      PostgresTransaction transaction, OrganizationId organization, EndpointId id) {
    return transaction
        .execute(
            "DELETE FROM subscriptions WHERE organization_id = $1 AND endpoint_id = $2",
            Tuple.of(organization.value(), id.value()))
        .mapEmpty();
  }

  private static Tuple parameters(
      OrganizationId organization, EndpointId id, EndpointSettings settings) {
    Duration timeout = settings.timeout();
    return Tuple.of(organization.value(), id.value(), settings.name(), settings.url().toString())
        .addArrayOfString(settings.events().toArray(String[]::new))
        .addString(EndpointSettings.text(settings.signature()))
        .addJsonObject(PostgresRows.jsonb(settings.headers()))
        .addInteger(timeout == null ? null : Math.toIntExact(timeout.toMillis()))
        .addArrayOfLong(millis(settings.retrySchedule()))
        .addInteger(settings.concurrency())
        .addInteger(settings.rateLimit())
        .addBoolean(settings.ordered())
        .addString(settings.filter());
  }

  private static Long @Nullable [] millis(@Nullable List<Duration> waits) {
    return waits == null ? null : waits.stream().map(Duration::toMillis).toArray(Long[]::new);
  }

  private static StoredEndpoint endpoint(Row row) {
    Integer timeout = row.getInteger("timeout_ms");
    Long[] waits = row.getArrayOfLongs("retry_schedule_ms");
    return new StoredEndpoint(
        new EndpointId(row.getUUID("id")),
        new EndpointSettings(
            row.getString("name"),
            URI.create(row.getString("url")),
            List.of(row.getArrayOfStrings("events")),
            Endpoint.Signature.valueOf(constant(row.getString("signature"))),
            PostgresRows.texts(row, "headers"),
            timeout == null ? null : Duration.ofMillis(timeout),
            waits == null ? null : Arrays.stream(waits).map(Duration::ofMillis).toList(),
            row.getInteger("concurrency"),
            row.getInteger("rate_limit"),
            row.getBoolean("ordered"),
            row.getString("filter")),
        Endpoint.Status.valueOf(constant(row.getString("status"))),
        row.getString("disabled_reason"),
        PostgresRows.time(row, "created_at"),
        PostgresRows.time(row, "changed_at"),
        row.getLong("revision"));
  }

  private static String constant(String text) {
    return text.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

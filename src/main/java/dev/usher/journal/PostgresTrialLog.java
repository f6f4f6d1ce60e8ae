package dev.usher.journal;

import dev.usher.deliver.TrialLog;
import dev.usher.event.Attempt;
import dev.usher.event.Event;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Logs trials: the event and its only attempt, in one statement. */
public final class PostgresTrialLog implements TrialLog {
  private static final String STATEMENT =
      """
      WITH stored AS (
        INSERT INTO events (organization_id, id, idempotency_key, type, payload_id, content_type,
                            headers, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8))
      INSERT INTO attempts (organization_id, id, event_id, endpoint_id, number, outcome, http_status,
                            error, response_body, started_at, duration_ms)
      VALUES ($1, $9, $2, $10, $11, $12, $13, $14, $15, $16, $17)\
      """;

  private final Pool pool;

  public PostgresTrialLog(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Void> log(Attempt attempt) {
    Event event = attempt.delivery().event();
    Integer status = attempt.httpStatus();
    byte[] answer = attempt.responseBody();
    return pool.preparedQuery(STATEMENT)
        .execute(
            Tuple.wrap(
                Arrays.asList(
                    event.organization().value(),
                    event.id().value(),
                    event.key(),
                    event.type(),
                    event.payloadId(),
                    event.contentType(),
                    event.headers(),
                    Buffer.buffer(event.body()),
                    attempt.id().value(),
                    attempt.delivery().endpoint().value(),
                    (short) attempt.number(),
                    attempt.outcome().toString(),
                    status == null ? null : status.shortValue(),
                    attempt.error(),
                    answer == null ? null : Buffer.buffer(answer),
                    attempt.startedAt().atOffset(ZoneOffset.UTC),
                    (int) attempt.duration().toMillis())))
        .mapEmpty();
  }
}

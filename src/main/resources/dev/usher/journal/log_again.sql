-- Logs what is new of a batch of attempts that may have been logged before, with the parameters of log.sql.
-- It changes nothing twice: only attempts that are new here settle their deliveries.
WITH logged AS (
  INSERT INTO attempts (organization_id, id, event_id, endpoint_id, number, outcome, http_status, error,
                        response_body, started_at, duration_ms, next_attempt_at)
  SELECT r.organization_id, r.id, r.event_id, r.endpoint_id, r.number, r.outcome, r.http_status,
         r.error, r.response_body, to_timestamp(r.started_ms / 1000.0), r.duration_ms,
         now() + r.retry_ms * interval '1 millisecond'
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::int[],
              $8::text[], $9::bytea[], $10::bigint[], $11::int[], $12::bigint[])
    AS r (organization_id, id, event_id, endpoint_id, number, outcome, http_status, error,
          response_body, started_ms, duration_ms, retry_ms)
  ON CONFLICT DO NOTHING
  RETURNING organization_id, id, event_id, endpoint_id, number, next_attempt_at
),
ours AS (
  SELECT l.*, t.lease FROM logged l
  JOIN unnest($2::uuid[], $13::int[]) AS t (attempt_id, lease) ON t.attempt_id = l.id
),
settled AS (
  DELETE FROM deliveries d USING ours l
  WHERE d.organization_id = l.organization_id AND d.event_id = l.event_id
    AND d.endpoint_id = l.endpoint_id AND d.node_id = l.lease AND l.next_attempt_at IS NULL
)
UPDATE deliveries d
SET attempts = l.number, due_at = l.next_attempt_at, node_id = NULL
FROM ours l
WHERE d.organization_id = l.organization_id AND d.event_id = l.event_id
  AND d.endpoint_id = l.endpoint_id AND d.node_id = l.lease AND l.next_attempt_at IS NOT NULL

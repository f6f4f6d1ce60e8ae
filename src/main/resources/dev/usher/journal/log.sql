-- Logs a batch of attempts, and with each what becomes of its delivery: gone, or due again.
--
--   $1 uuid[] organization    $5 int[]  number          $9  bytea[]   beginning of the answer
--   $2 uuid[] attempt id      $6 text[] outcome         $10 bigint[]  started, ms since 1970
--   $3 uuid[] event           $7 int[]  http status     $11 int[]     duration, ms
--   $4 uuid[] endpoint        $8 text[] error           $12 bigint[]  ms until the next, or null
--   $13 int[]  the lease it was taken on under: what was taken over since is no longer ours to settle
--
-- All of the batch is new, or the statement fails (23505 unique_violation) and changes nothing: then it was
-- logged before a connection was lost, and log_again.sql takes what is new of it.
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
),
settled AS (
  DELETE FROM deliveries d
  USING unnest($1::uuid[], $3::uuid[], $4::uuid[], $12::bigint[], $13::int[])
    AS r (organization_id, event_id, endpoint_id, retry_ms, lease)
  WHERE d.organization_id = r.organization_id AND d.event_id = r.event_id
    AND d.endpoint_id = r.endpoint_id AND d.node_id = r.lease AND r.retry_ms IS NULL
)
UPDATE deliveries d
SET attempts = r.number, due_at = now() + r.retry_ms * interval '1 millisecond', node_id = NULL
FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::int[], $12::bigint[], $13::int[])
  AS r (organization_id, event_id, endpoint_id, number, retry_ms, lease)
WHERE d.organization_id = r.organization_id AND d.event_id = r.event_id
  AND d.endpoint_id = r.endpoint_id AND d.node_id = r.lease AND r.retry_ms IS NOT NULL

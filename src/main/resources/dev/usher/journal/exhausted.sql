-- Logs attempts that were the last of their deliveries, as log.sql does, and writes an event for each
-- delivery that is given up with that, with its own deliveries: all in one transaction.
--
--   $1 uuid[] organization    $5 int[]  number          $9  bytea[]   beginning of the answer
--   $2 uuid[] attempt id      $6 text[] outcome         $10 bigint[]  started, ms since 1970
--   $3 uuid[] event           $7 int[]  http status     $11 int[]     duration, ms
--   $4 uuid[] endpoint        $8 text[] error           $12 int[]     its lease
--   $13 uuid[] the new event's id, $14 text[] its payload's id, $15 bytea[] its body
--   $16 text   the new events' type, $17 text[] the subscriptions that cover it
--   $18 uuid[] new events that filters refuse, $19 uuid[] for which endpoints
--
-- Sent again after a lost connection it changes nothing twice: only attempts that are new here settle
-- their deliveries, and only a delivery that this deletes is told of.
WITH logged AS (
  INSERT INTO attempts (organization_id, id, event_id, endpoint_id, number, outcome, http_status, error,
                        response_body, started_at, duration_ms)
  SELECT r.organization_id, r.id, r.event_id, r.endpoint_id, r.number, r.outcome, r.http_status,
         r.error, r.response_body, to_timestamp(r.started_ms / 1000.0), r.duration_ms
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::int[],
              $8::text[], $9::bytea[], $10::bigint[], $11::int[])
    AS r (organization_id, id, event_id, endpoint_id, number, outcome, http_status, error,
          response_body, started_ms, duration_ms)
  ON CONFLICT DO NOTHING
  RETURNING organization_id, id, event_id, endpoint_id
),
given_up AS (
  DELETE FROM deliveries d USING logged l
  JOIN unnest($2::uuid[], $12::int[]) AS t (attempt_id, lease) ON t.attempt_id = l.id
  WHERE d.organization_id = l.organization_id AND d.event_id = l.event_id
    AND d.endpoint_id = l.endpoint_id AND d.node_id = t.lease
  RETURNING l.organization_id, l.id AS attempt_id
),
told AS (
  INSERT INTO events (organization_id, id, idempotency_key, type, payload_id, content_type, headers, body)
  SELECT g.organization_id, t.event_id, t.event_id::text, $16::text, t.payload_id, 'application/json',
         '', t.body
  FROM given_up g
  JOIN unnest($2::uuid[], $13::uuid[], $14::text[], $15::bytea[])
    AS t (attempt_id, event_id, payload_id, body) ON t.attempt_id = g.attempt_id
  RETURNING organization_id, id
)
INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, position)
SELECT t.organization_id, t.id, s.endpoint_id, now(),
       CASE WHEN e.ordered THEN nextval('delivery_positions') END
FROM told t
JOIN subscriptions s ON s.organization_id = t.organization_id AND s.pattern = ANY ($17::text[])
JOIN endpoints e ON e.organization_id = s.organization_id AND e.id = s.endpoint_id
WHERE NOT EXISTS (SELECT FROM unnest($18::uuid[], $19::uuid[]) AS refused (event_id, endpoint_id)
                  WHERE refused.event_id = t.id AND refused.endpoint_id = s.endpoint_id)

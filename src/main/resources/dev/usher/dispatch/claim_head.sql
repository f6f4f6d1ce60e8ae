-- Leases the first delivery in order of each endpoint, where it is due and nothing of the endpoint is
-- under way, and reads its event.
--   $1 int our lease, $2 uuid[] organization, $3 uuid[] endpoint
--
-- Only the very first will do: a head that somebody holds, or that waits for its retry, holds back the
-- rest. So a head that is locked right now is left out, and never replaced by the one behind it. Two nodes
-- may see different heads at the same moment, when one of them was committed in between: the unique
-- index deliveries_one_at_a_time then fails one of the statements.
WITH head AS MATERIALIZED (
  SELECT d.organization_id, d.event_id, d.endpoint_id
  FROM unnest($2::uuid[], $3::uuid[]) AS r (organization_id, endpoint_id)
  CROSS JOIN LATERAL (
    SELECT w.organization_id, w.event_id, w.endpoint_id, w.node_id, w.due_at
    FROM deliveries w
    -- A delivery whose event was dropped can never be made: it must not hold back the others.
    JOIN events e ON e.organization_id = w.organization_id AND e.id = w.event_id
    WHERE w.organization_id = r.organization_id AND w.endpoint_id = r.endpoint_id
      AND w.position IS NOT NULL
    ORDER BY w.position
    LIMIT 1) d
  WHERE d.node_id IS NULL AND d.due_at <= now()
    AND NOT EXISTS (
      SELECT FROM deliveries o
      WHERE o.organization_id = r.organization_id AND o.endpoint_id = r.endpoint_id
        AND o.position IS NOT NULL AND o.node_id IS NOT NULL)
),
free AS MATERIALIZED (
  SELECT d.organization_id, d.event_id, d.endpoint_id
  FROM head h
  JOIN deliveries d ON d.organization_id = h.organization_id AND d.event_id = h.event_id
    AND d.endpoint_id = h.endpoint_id
  WHERE d.node_id IS NULL AND d.due_at <= now() -- looked at again once it is locked
  FOR UPDATE OF d SKIP LOCKED
),
claimed AS (
  UPDATE deliveries d SET node_id = $1::int
  FROM free f
  WHERE d.organization_id = f.organization_id AND d.event_id = f.event_id
    AND d.endpoint_id = f.endpoint_id
  RETURNING d.organization_id, d.event_id, d.endpoint_id, d.attempts
)
SELECT c.organization_id, c.event_id, c.endpoint_id, c.attempts, e.source_id, e.idempotency_key, e.type,
       e.payload_id, e.content_type, e.headers, e.body
FROM claimed c
JOIN events e ON e.organization_id = c.organization_id AND e.id = c.event_id

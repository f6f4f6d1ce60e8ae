-- Leases due deliveries, the oldest of each endpoint first, and reads their events.
--   $1 int our lease, $2 uuid[] organization, $3 uuid[] endpoint, $4 int[] how many for each,
--   $5 bigint bytes of events over all, $6 bigint[] bytes for each; the first is taken whatever its size
WITH candidate AS (
  SELECT d.organization_id, d.event_id, d.endpoint_id, d.due_at, d.bytes, r.most_bytes
  FROM unnest($2::uuid[], $3::uuid[], $4::int[], $6::bigint[])
         AS r (organization_id, endpoint_id, room, most_bytes)
  CROSS JOIN LATERAL (
    SELECT w.organization_id, w.event_id, w.endpoint_id, w.due_at,
           -- as Event.weight() counts: of small events what comes with the body weighs more than it does
           octet_length(e.body) + char_length(e.headers) + 512 AS bytes
    FROM deliveries w
    -- Joined before the limit: deliveries whose event was dropped must not stand in the way.
    JOIN events e ON e.organization_id = w.organization_id AND e.id = w.event_id
    WHERE w.node_id IS NULL AND w.position IS NULL AND w.organization_id = r.organization_id
      AND w.endpoint_id = r.endpoint_id AND w.due_at <= now()
    ORDER BY w.due_at
    LIMIT r.room
    FOR UPDATE OF w SKIP LOCKED) d
),
share AS ( -- one endpoint's large bodies leave room for the others
  SELECT *
  FROM (SELECT c.*, sum(bytes) OVER (PARTITION BY endpoint_id ORDER BY due_at, event_id) - bytes
                      AS bytes_before
        FROM candidate c) sized
  WHERE bytes_before < most_bytes
),
fitting AS (
  SELECT *
  FROM (SELECT s.organization_id, s.event_id, s.endpoint_id, s.due_at,
               sum(bytes) OVER (ORDER BY due_at, event_id, endpoint_id) - bytes AS bytes_before
        FROM share s) sized
  WHERE bytes_before < $5::bigint
),
claimed AS (
  UPDATE deliveries d SET node_id = $1::int
  FROM fitting f
  WHERE d.organization_id = f.organization_id AND d.event_id = f.event_id
    AND d.endpoint_id = f.endpoint_id AND d.node_id IS NULL
  RETURNING d.organization_id, d.event_id, d.endpoint_id, d.attempts, f.due_at
)
SELECT c.organization_id, c.event_id, c.endpoint_id, c.attempts, e.source_id, e.idempotency_key, e.type,
       e.payload_id, e.content_type, e.headers, e.body
FROM claimed c
JOIN events e ON e.organization_id = c.organization_id AND e.id = c.event_id
ORDER BY c.due_at, c.event_id

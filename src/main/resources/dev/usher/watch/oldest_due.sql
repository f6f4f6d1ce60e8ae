-- Notes how long each organization's oldest due delivery has been waiting, in this minute and this hour.
--   $1 timestamptz now, $2 int endpoints with something waiting that are looked at
-- Steps from endpoint to endpoint as backlog.sql does. What it counts is what the API calls oldest_due_at.
WITH RECURSIVE waiting AS (
  (SELECT organization_id, endpoint_id, due_at, 1 AS step
   FROM deliveries WHERE node_id IS NULL AND position IS NULL
   ORDER BY organization_id, endpoint_id, due_at LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at, w.step + 1
  FROM waiting w
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at
    FROM deliveries
    WHERE node_id IS NULL AND position IS NULL
      AND (organization_id, endpoint_id) > (w.organization_id, w.endpoint_id)
    ORDER BY organization_id, endpoint_id, due_at LIMIT 1) n
  WHERE w.step < $2::int
),
head AS (
  (SELECT organization_id, endpoint_id, due_at, 1 AS step
   FROM deliveries WHERE position IS NOT NULL
   ORDER BY organization_id, endpoint_id, position LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at, h.step + 1
  FROM head h
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at
    FROM deliveries
    WHERE position IS NOT NULL
      AND (organization_id, endpoint_id) > (h.organization_id, h.endpoint_id)
    ORDER BY organization_id, endpoint_id, position LIMIT 1) n
  WHERE h.step < $2::int
),
oldest AS MATERIALIZED (
  SELECT d.organization_id,
         (extract(epoch FROM $1::timestamptz - min(d.due_at)) * 1000)::bigint AS waited_ms
  FROM (SELECT organization_id, endpoint_id, due_at FROM waiting
        UNION ALL
        SELECT organization_id, endpoint_id, due_at FROM head) d
  JOIN endpoints e ON e.organization_id = d.organization_id AND e.id = d.endpoint_id
  WHERE d.due_at <= $1::timestamptz AND e.status = 'active' AND e.deleted_at IS NULL
  GROUP BY d.organization_id
),
by_hour AS (
  INSERT INTO oldest_due_by_hour AS h
  SELECT organization_id, date_trunc('hour', $1::timestamptz, 'UTC'), waited_ms FROM oldest
  ON CONFLICT (organization_id, at) DO UPDATE SET waited_ms = greatest(h.waited_ms, EXCLUDED.waited_ms)
)
INSERT INTO oldest_due_by_minute AS m
SELECT organization_id, date_trunc('minute', $1::timestamptz), waited_ms FROM oldest
ON CONFLICT (organization_id, at) DO UPDATE SET waited_ms = greatest(m.waited_ms, EXCLUDED.waited_ms)

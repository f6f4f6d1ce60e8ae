-- What waits to be delivered: how much, for how long, and for how many endpoints long.
--   $1 int endpoints with something waiting that are looked at, $2 int deliveries counted at most
-- Steps from endpoint to endpoint through the index of waiting deliveries, as dispatch/waiting.sql does;
-- the oldest is exact, the count ends at its bound.
WITH RECURSIVE waiting AS (
  (SELECT organization_id, endpoint_id, due_at, 1 AS step
   FROM deliveries WHERE node_id IS NULL
   ORDER BY organization_id, endpoint_id, due_at LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at, w.step + 1
  FROM waiting w
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at
    FROM deliveries
    WHERE node_id IS NULL
      AND (organization_id, endpoint_id) > (w.organization_id, w.endpoint_id)
    ORDER BY organization_id, endpoint_id, due_at LIMIT 1) n
  WHERE w.step < $1::int
),
due AS MATERIALIZED (
  SELECT w.organization_id, w.endpoint_id, w.due_at
  FROM waiting w
  JOIN endpoints e ON e.organization_id = w.organization_id AND e.id = w.endpoint_id
  WHERE w.due_at <= now() AND e.status = 'active' AND e.deleted_at IS NULL
    -- What an endpoint that only fails is owed waits for the endpoint, and not for us.
    AND NOT EXISTS (SELECT FROM endpoint_failures f
                    WHERE f.organization_id = w.organization_id AND f.endpoint_id = w.endpoint_id)
)
SELECT (SELECT count(*)
        FROM (SELECT 1
              FROM due w
              JOIN deliveries d ON d.organization_id = w.organization_id
                AND d.endpoint_id = w.endpoint_id AND d.due_at <= now() AND d.node_id IS NULL
              LIMIT $2::int) counted),
       (SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8 FROM due),
       (SELECT count(*) FILTER (WHERE due_at < now() - interval '5 minutes')::int FROM due)

-- What waits to be delivered: how much, for how long, and for how many endpoints long.
--   $1 int endpoints with something waiting that are looked at, $2 int deliveries counted at most
-- Steps from endpoint to endpoint through the indexes of waiting deliveries, as dispatch/waiting.sql and
-- dispatch/heads.sql do; the oldest is exact, the counts end at their bounds.
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
  WHERE w.step < $1::int
),
head AS (
  (SELECT organization_id, endpoint_id, due_at, node_id, 1 AS step
   FROM deliveries WHERE position IS NOT NULL
   ORDER BY organization_id, endpoint_id, position LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at, n.node_id, h.step + 1
  FROM head h
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at, node_id
    FROM deliveries
    WHERE position IS NOT NULL
      AND (organization_id, endpoint_id) > (h.organization_id, h.endpoint_id)
    ORDER BY organization_id, endpoint_id, position LIMIT 1) n
  WHERE h.step < $1::int
),
due AS MATERIALIZED (
  SELECT w.organization_id, w.endpoint_id, w.due_at, w.in_order
  FROM (SELECT organization_id, endpoint_id, due_at, false AS in_order FROM waiting
        UNION ALL
        -- Behind a head that is under way or fails, order waits for the endpoint.
        SELECT organization_id, endpoint_id, due_at, true FROM head WHERE node_id IS NULL) w
  JOIN endpoints e ON e.organization_id = w.organization_id AND e.id = w.endpoint_id
  WHERE w.due_at <= now() AND e.status = 'active' AND e.deleted_at IS NULL
    -- What an endpoint that only fails is owed waits for the endpoint, and not for us.
    AND NOT EXISTS (SELECT FROM endpoint_failures f
                    WHERE f.organization_id = w.organization_id AND f.endpoint_id = w.endpoint_id)
)
SELECT least($2::int,
         (SELECT count(*)
          FROM (SELECT 1
                FROM due w
                JOIN deliveries d ON d.organization_id = w.organization_id
                  AND d.endpoint_id = w.endpoint_id AND d.due_at <= now() AND d.node_id IS NULL
                  AND d.position IS NULL
                WHERE NOT w.in_order
                LIMIT $2::int) counted)
         + (SELECT count(*)
            FROM (SELECT 1
                  FROM due w
                  JOIN deliveries d ON d.organization_id = w.organization_id
                    AND d.endpoint_id = w.endpoint_id AND d.due_at <= now()
                    AND d.position IS NOT NULL
                  WHERE w.in_order
                  LIMIT $2::int) counted)),
       (SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8 FROM due),
       (SELECT count(*) FILTER (WHERE due_at < now() - interval '5 minutes')::int FROM due)

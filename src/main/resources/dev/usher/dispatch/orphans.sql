-- Deletes deliveries whose endpoint is deleted: those that a batch was just committing when it was.
--   $1 int how many at most
-- Steps from endpoint to endpoint as waiting.sql does: its cost grows with the endpoints that have
-- something waiting.
WITH RECURSIVE waiting AS (
  (SELECT organization_id, endpoint_id
   FROM deliveries WHERE node_id IS NULL
   ORDER BY organization_id, endpoint_id LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id
  FROM waiting w
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id
    FROM deliveries
    WHERE node_id IS NULL
      AND (organization_id, endpoint_id) > (w.organization_id, w.endpoint_id)
    ORDER BY organization_id, endpoint_id LIMIT 1) n
),
gone AS (
  SELECT w.organization_id, w.endpoint_id
  FROM waiting w
  JOIN endpoints e ON e.organization_id = w.organization_id AND e.id = w.endpoint_id
  WHERE e.deleted_at IS NOT NULL
)
DELETE FROM deliveries
WHERE ctid = ANY (ARRAY (
  SELECT d.ctid
  FROM gone g
  CROSS JOIN LATERAL (
    SELECT ctid FROM deliveries
    WHERE organization_id = g.organization_id AND endpoint_id = g.endpoint_id AND node_id IS NULL
    LIMIT $1::int
    FOR UPDATE SKIP LOCKED) d
  LIMIT $1::int))

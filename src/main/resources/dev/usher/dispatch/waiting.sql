-- Active endpoints with a delivery that is due and not leased, the longest waiting first.
--   $1 int how many at most, $2 int how many to leave out
-- What is in order is not among them: see heads.sql.
-- Steps from endpoint to endpoint through the index: its cost grows with the endpoints that have
-- something waiting, and not with how much waits.
WITH RECURSIVE waiting AS (
  (SELECT organization_id, endpoint_id, due_at
   FROM deliveries WHERE node_id IS NULL AND position IS NULL
   ORDER BY organization_id, endpoint_id, due_at LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at
  FROM waiting w
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at
    FROM deliveries
    WHERE node_id IS NULL AND position IS NULL
      AND (organization_id, endpoint_id) > (w.organization_id, w.endpoint_id)
    ORDER BY organization_id, endpoint_id, due_at LIMIT 1) n
)
SELECT w.endpoint_id
FROM waiting w
JOIN endpoints e ON e.organization_id = w.organization_id AND e.id = w.endpoint_id
WHERE w.due_at <= now() AND e.status = 'active' AND e.deleted_at IS NULL
ORDER BY w.due_at
LIMIT $1::int OFFSET $2::int

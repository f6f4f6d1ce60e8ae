-- Active endpoints whose first delivery in order is due and in nobody's hands, the longest waiting first.
--   $1 int how many at most, $2 int how many to leave out
-- Steps from endpoint to endpoint through the index: its cost grows with the endpoints that have
-- something in order, and not with how much.
WITH RECURSIVE head AS (
  (SELECT organization_id, endpoint_id, due_at, node_id
   FROM deliveries WHERE position IS NOT NULL
   ORDER BY organization_id, endpoint_id, position LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id, n.due_at, n.node_id
  FROM head h
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id, due_at, node_id
    FROM deliveries
    WHERE position IS NOT NULL
      AND (organization_id, endpoint_id) > (h.organization_id, h.endpoint_id)
    ORDER BY organization_id, endpoint_id, position LIMIT 1) n
)
SELECT h.endpoint_id
FROM head h
JOIN endpoints e ON e.organization_id = h.organization_id AND e.id = h.endpoint_id
WHERE h.node_id IS NULL AND h.due_at <= now() AND e.status = 'active' AND e.deleted_at IS NULL
ORDER BY h.due_at
LIMIT $1::int OFFSET $2::int

-- Deletes deliveries whose endpoint is deleted: those that a batch was just committing when it was.
--   $1 int how many at most of those in order, and of the others
-- Steps from endpoint to endpoint as waiting.sql and heads.sql do: its cost grows with the endpoints that
-- have something waiting.
WITH RECURSIVE waiting AS (
  (SELECT organization_id, endpoint_id
   FROM deliveries WHERE node_id IS NULL AND position IS NULL
   ORDER BY organization_id, endpoint_id LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id
  FROM waiting w
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id
    FROM deliveries
    WHERE node_id IS NULL AND position IS NULL
      AND (organization_id, endpoint_id) > (w.organization_id, w.endpoint_id)
    ORDER BY organization_id, endpoint_id LIMIT 1) n
),
in_order AS (
  (SELECT organization_id, endpoint_id
   FROM deliveries WHERE position IS NOT NULL
   ORDER BY organization_id, endpoint_id LIMIT 1)
  UNION ALL
  SELECT n.organization_id, n.endpoint_id
  FROM in_order o
  CROSS JOIN LATERAL (
    SELECT organization_id, endpoint_id
    FROM deliveries
    WHERE position IS NOT NULL
      AND (organization_id, endpoint_id) > (o.organization_id, o.endpoint_id)
    ORDER BY organization_id, endpoint_id LIMIT 1) n
),
doomed AS (
  (SELECT d.place
   FROM waiting w
   JOIN endpoints e ON e.organization_id = w.organization_id AND e.id = w.endpoint_id
   CROSS JOIN LATERAL (
     SELECT ctid AS place FROM deliveries
     WHERE organization_id = w.organization_id AND endpoint_id = w.endpoint_id
       AND node_id IS NULL AND position IS NULL
     LIMIT $1::int FOR UPDATE SKIP LOCKED) d
   WHERE e.deleted_at IS NOT NULL
   LIMIT $1::int)
  UNION ALL
  (SELECT d.place
   FROM in_order o
   JOIN endpoints e ON e.organization_id = o.organization_id AND e.id = o.endpoint_id
   CROSS JOIN LATERAL (
     SELECT ctid AS place FROM deliveries
     WHERE organization_id = o.organization_id AND endpoint_id = o.endpoint_id
       AND position IS NOT NULL AND node_id IS NULL
     LIMIT $1::int FOR UPDATE SKIP LOCKED) d
   WHERE e.deleted_at IS NOT NULL
   LIMIT $1::int)
)
DELETE FROM deliveries WHERE ctid = ANY (ARRAY (SELECT place FROM doomed))

-- Takes deliveries out of order whose endpoint is not ordered any more: they flow like all others then.
--   $1 int how many at most
WITH RECURSIVE in_order AS (
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
)
UPDATE deliveries SET position = NULL
WHERE ctid = ANY (ARRAY (
  SELECT d.place
  FROM in_order o
  JOIN endpoints e ON e.organization_id = o.organization_id AND e.id = o.endpoint_id
  CROSS JOIN LATERAL (
    SELECT ctid AS place FROM deliveries
    WHERE organization_id = o.organization_id AND endpoint_id = o.endpoint_id
      AND position IS NOT NULL AND node_id IS NULL
    LIMIT $1::int FOR UPDATE SKIP LOCKED) d
  WHERE NOT e.ordered AND e.deleted_at IS NULL
  LIMIT $1::int))

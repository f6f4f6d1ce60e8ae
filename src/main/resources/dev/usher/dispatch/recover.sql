-- One step of the recovery that has waited longest: makes the next dead letters due again.
--   $1 int attempts looked at, at most; $2 int due deliveries of an endpoint above which it waits
--
-- The step waits while enough of the endpoint is due: so a million dead letters neither stand before the
-- endpoint's new events nor fill the table, and what is cancelled is really not sent. A recovery is locked
-- for its step only, and other nodes take the next one. What waits for a retry hours away is not in its way,
-- unless it stands before the rest in order.
WITH job AS MATERIALIZED (
  SELECT r.organization_id, r.id, r.endpoint_id, r.position, r.below_id, e.id IS NULL AS gone,
         coalesce(e.ordered, false) AS ordered
  FROM recoveries r
  LEFT JOIN endpoints e ON e.organization_id = r.organization_id AND e.id = r.endpoint_id
    AND e.deleted_at IS NULL
  WHERE r.status = 'running' AND (e.id IS NULL OR e.status = 'active')
    AND (SELECT count(*) FROM (
           SELECT FROM deliveries d
           WHERE d.organization_id = r.organization_id AND d.endpoint_id = r.endpoint_id
             AND d.node_id IS NULL AND d.position IS NULL AND d.due_at <= now()
           LIMIT $2::int) w) < $2::int
    AND (SELECT count(*) FROM (
           SELECT FROM deliveries d
           WHERE d.organization_id = r.organization_id AND d.endpoint_id = r.endpoint_id
             AND d.position IS NOT NULL
           LIMIT $2::int) w) < $2::int
  ORDER BY r.changed_at
  LIMIT 1
  FOR UPDATE OF r SKIP LOCKED
),
page AS MATERIALIZED (
  SELECT a.organization_id, a.id, a.event_id, a.endpoint_id, j.ordered
  FROM job j
  CROSS JOIN LATERAL (
    SELECT organization_id, id, event_id, endpoint_id
    FROM attempts
    WHERE organization_id = j.organization_id AND endpoint_id = j.endpoint_id
      AND outcome <> 'succeeded' AND next_attempt_at IS NULL
      AND id > j.position AND id < j.below_id
    ORDER BY id
    LIMIT $1::int) a
  WHERE NOT j.gone
),
made AS (
  INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, position)
  SELECT p.organization_id, p.event_id, p.endpoint_id, now(),
         CASE WHEN p.ordered THEN nextval('delivery_positions') END
  FROM (SELECT * FROM page ORDER BY event_id) p
  -- Not what was tried again since, nor what is past its retention.
  WHERE NOT EXISTS (
      SELECT FROM attempts n
      WHERE n.organization_id = p.organization_id AND n.event_id = p.event_id
        AND n.endpoint_id = p.endpoint_id AND n.id > p.id)
    AND EXISTS (
      SELECT FROM events e WHERE e.organization_id = p.organization_id AND e.id = p.event_id)
  ON CONFLICT DO NOTHING
  RETURNING 1
)
UPDATE recoveries r
SET position = coalesce((SELECT id FROM page ORDER BY id DESC LIMIT 1), r.position),
    recovered = r.recovered + (SELECT count(*) FROM made),
    status = CASE WHEN j.gone THEN 'cancelled'
                  WHEN (SELECT count(*) FROM page) < $1::int THEN 'done'
                  ELSE 'running' END,
    changed_at = clock_timestamp()
FROM job j
WHERE r.organization_id = j.organization_id AND r.id = j.id
RETURNING r.id, r.status

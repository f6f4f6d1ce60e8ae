-- Which event came first under each key: asked only for the keys of a batch that were taken.
--   $1 uuid[] organization, $2 uuid[] key hash, $3 int days a key is remembered
SELECT i.number, k.event_id, k.body_hash
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i (organization_id, key_hash, number)
CROSS JOIN LATERAL (
  SELECT k.event_id, k.body_hash
  FROM idempotency_keys k
  WHERE k.organization_id = i.organization_id AND k.key_hash = i.key_hash
    -- What stands in today's partition is remembered, however few the days are.
    AND k.day >= (SELECT LEAST(c.day - $3::int, first_day_of_keys(c.day))
                  FROM (SELECT (now() AT TIME ZONE 'UTC' - interval '1 minute')::date) AS c (day))
  ORDER BY k.day DESC
  LIMIT 1) k

-- Which event came first under each key: asked only for the keys of a batch that were taken.
--   $1 uuid[] organization, $2 bytea[] key hash, $3 int days a key is remembered
SELECT i.number, k.event_id, k.body_hash
FROM unnest($1::uuid[], $2::bytea[]) WITH ORDINALITY AS i (organization_id, key_hash, number)
CROSS JOIN LATERAL (
  SELECT k.event_id, k.body_hash
  FROM idempotency_keys k
  WHERE k.organization_id = i.organization_id AND k.key_hash = i.key_hash
    AND k.day >= (now() AT TIME ZONE 'UTC' - interval '1 minute')::date - $3::int
  ORDER BY k.day DESC
  LIMIT 1) k

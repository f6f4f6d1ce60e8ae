-- Adds to the sample of refused requests, and keeps of each source that it adds to the newest only.
--
--   $1 uuid[] organization   $4 text[] code      $7 text[] address          $10 int[] how many alike
--   $2 uuid[] source         $5 int[]  status    $8 text[] idempotency key  $11 int   kept of a source
--   $3 uuid[] id             $6 text[] reason    $9 int[]  bytes of the body
WITH added AS (
  INSERT INTO rejections (organization_id, source_id, id, code, status, reason, address,
                          idempotency_key, body_bytes, alike)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[],
                       $7::text[], $8::text[], $9::int[], $10::int[])
  ON CONFLICT DO NOTHING
),
sources AS (
  SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[]) AS s (organization_id, source_id)
),
-- Nodes may do so at the same time: none waits for another.
surplus AS MATERIALIZED (
  SELECT r.ctid AS place FROM sources s
  CROSS JOIN LATERAL (
    SELECT id FROM rejections k
    WHERE k.organization_id = s.organization_id AND k.source_id = s.source_id
    ORDER BY id DESC OFFSET $11::int LIMIT 1) oldest
  JOIN rejections r ON r.organization_id = s.organization_id AND r.source_id = s.source_id
                   AND r.id <= oldest.id
  FOR UPDATE OF r SKIP LOCKED
)
DELETE FROM rejections WHERE ctid = ANY (ARRAY (SELECT place FROM surplus))

-- Writes what is new of one batch: keys, events and due deliveries, in one statement and so in one
-- transaction. Batches in which a key may be known come here; the others go through append.sql.
-- Every array is unnested where it is needed; a parameter that is named twice is sent once.
--
--   $1  uuid[]  organization        $7  text[]  type             $13 int[]   route: number
--   $2  uuid[]  key hash            $8  text[]  payload id       $14 uuid[]  route: organization
--   $3  uuid[]  event id            $9  text[]  content type     $15 text[]  route: pattern
--   $4  uuid[]  body hash           $10 text[]  headers          $16 int     our lease, or null
--   $5  uuid[]  source, or null     $11 bytea[] body             $17 uuid[]  endpoints that are full
--   $6  text[]  idempotency key     $12 int[]   event's route    $18 int     days a key is remembered
--
-- Where filters refuse some of the batch for some endpoints, "and filters" is a condition that leaves them
-- out, with two more parameters: see PostgresBatchWriter.
--
-- A route is one (organization, type) of the batch, with a row for each pattern that covers the type.
--
-- The day of a key is Postgres' own, so that no node's clock counts. Within a minute of the midnight at
-- which two partitions of keys meet, the two days of the clock lie in different partitions, and the key is
-- written to both: transactions on the two sides of the seam then collide in either. The earlier day
-- comes first everywhere, and keys go in the order of their hashes, so that two batches never wait for
-- each other crosswise.
--
-- The answer is a row for each event that was new, or several: one for each delivery that is ours to send.
WITH clock AS MATERIALIZED (
  SELECT (now() AT TIME ZONE 'UTC' - interval '1 minute')::date AS day,
         (now() AT TIME ZONE 'UTC' + interval '1 minute')::date AS second_day
),
seam AS MATERIALIZED (
  SELECT first_day_of_keys(day) <> first_day_of_keys(second_day) AS is_now FROM clock
),
claimed AS (
  INSERT INTO idempotency_keys (organization_id, key_hash, day, event_id, body_hash)
  SELECT i.organization_id, i.key_hash, (SELECT day FROM clock), i.event_id, i.body_hash
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
       AS i (organization_id, key_hash, event_id, body_hash)
  WHERE NOT EXISTS (
    SELECT FROM idempotency_keys k
    WHERE k.organization_id = i.organization_id AND k.key_hash = i.key_hash
      AND k.day <  (SELECT first_day_of_keys(day) FROM clock)
      AND k.day >= (SELECT day FROM clock) - $18::int
    OFFSET 0) -- looked up key by key: never a join over whole days
    -- Inside the seam a key may also stand in the second day alone, written just after the seam.
    AND (NOT (SELECT is_now FROM seam)
         OR NOT EXISTS (
           SELECT FROM idempotency_keys k
           WHERE k.organization_id = i.organization_id AND k.key_hash = i.key_hash
             AND k.day = (SELECT second_day FROM clock)
           OFFSET 0))
  ORDER BY i.key_hash
  ON CONFLICT DO NOTHING
  RETURNING organization_id, key_hash, event_id, body_hash
),
claimed_beyond AS (
  INSERT INTO idempotency_keys (organization_id, key_hash, day, event_id, body_hash)
  SELECT organization_id, key_hash, (SELECT second_day FROM clock), event_id, body_hash
  FROM claimed
  WHERE (SELECT is_now FROM seam)
  ORDER BY key_hash
  ON CONFLICT DO NOTHING
  RETURNING event_id
),
stored AS (
  INSERT INTO events (organization_id, id, source_id, idempotency_key, type, payload_id, content_type,
                      headers, body)
  SELECT i.organization_id, i.event_id, i.source_id, i.idempotency_key, i.type, i.payload_id,
         i.content_type, i.headers, i.body
  FROM unnest($1::uuid[], $3::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::bytea[])
       AS i (organization_id, event_id, source_id, idempotency_key, type, payload_id, content_type,
             headers, body)
  JOIN claimed c ON c.event_id = i.event_id
),
routes AS MATERIALIZED ( -- once for each route, and not for each event
  SELECT r.number, s.organization_id, s.endpoint_id, e.ordered,
         e.status = 'active' AND NOT e.ordered AS handed_on -- what is ordered waits for its turn
  FROM unnest($13::int[], $14::uuid[], $15::text[]) AS r (number, organization_id, pattern)
  JOIN subscriptions s ON s.organization_id = r.organization_id AND s.pattern = r.pattern
  JOIN endpoints e ON e.organization_id = s.organization_id AND e.id = s.endpoint_id
),
due AS (
  INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, node_id, position)
  SELECT r.organization_id, c.event_id, r.endpoint_id, now(),
         CASE WHEN r.handed_on AND r.endpoint_id <> ALL ($17::uuid[]) THEN $16::int END,
         CASE WHEN r.ordered THEN nextval('delivery_positions') END
  FROM unnest($3::uuid[], $12::int[]) AS i (event_id, route)
  JOIN claimed c ON c.event_id = i.event_id
  JOIN routes r ON r.number = i.route
  WHERE true -- and filters
  RETURNING event_id, endpoint_id, node_id
)
SELECT c.event_id, d.endpoint_id,
       CASE WHEN (SELECT is_now FROM seam)
            THEN assert_seam((SELECT count(*) FROM claimed), (SELECT count(*) FROM claimed_beyond)) END
FROM claimed c
LEFT JOIN due d ON d.event_id = c.event_id AND d.node_id IS NOT NULL

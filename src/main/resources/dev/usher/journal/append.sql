-- Writes one batch: keys, events and due deliveries, in one statement and so in one transaction. Takes all
-- of the batch or nothing. Nothing is taken
--   - where a key stands in an earlier partition of keys, or two partitions meet at this moment: the
--     answer is empty;
--   - where a key stands in today's partition, or comes in with another batch at this moment: the
--     statement fails (23505 unique_violation), and with it everything it wrote.
-- In both cases the batch goes through append_carefully.sql, which has the same parameters and is the
-- statement to read first. Almost every batch is all new: what was seen before is found in Redis.
--
-- The answer is one row of nulls, and one for each delivery that is ours to send.
WITH clock AS MATERIALIZED (
  SELECT (now() AT TIME ZONE 'UTC' - interval '1 minute')::date AS day,
         (now() AT TIME ZONE 'UTC' + interval '1 minute')::date AS second_day
),
fresh AS MATERIALIZED (
  SELECT first_day_of_keys(c.day) = first_day_of_keys(c.second_day) AND NOT EXISTS (
    SELECT FROM unnest($1::uuid[], $2::uuid[]) AS i (organization_id, key_hash)
    JOIN idempotency_keys k ON k.organization_id = i.organization_id AND k.key_hash = i.key_hash
    WHERE k.day <  (SELECT first_day_of_keys(day) FROM clock)
      AND k.day >= (SELECT day FROM clock) - $18::int) AS all_of_it
  FROM clock c
),
claimed AS (
  INSERT INTO idempotency_keys (organization_id, key_hash, day, event_id, body_hash)
  SELECT i.organization_id, i.key_hash, (SELECT day FROM clock), i.event_id, i.body_hash
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
       AS i (organization_id, key_hash, event_id, body_hash)
  WHERE (SELECT all_of_it FROM fresh)
  ORDER BY i.key_hash
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
  WHERE (SELECT all_of_it FROM fresh)
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
  SELECT r.organization_id, i.event_id, r.endpoint_id, now(),
         CASE WHEN r.handed_on AND r.endpoint_id <> ALL ($17::uuid[]) THEN $16::int END,
         CASE WHEN r.ordered THEN nextval('delivery_positions') END
  FROM unnest($3::uuid[], $12::int[]) AS i (event_id, route)
  JOIN routes r ON r.number = i.route
  WHERE (SELECT all_of_it FROM fresh) -- and filters
  RETURNING event_id, endpoint_id, node_id
)
SELECT NULL::uuid AS event_id, NULL::uuid AS endpoint_id WHERE (SELECT all_of_it FROM fresh)
UNION ALL
SELECT event_id, endpoint_id FROM due WHERE node_id IS NOT NULL

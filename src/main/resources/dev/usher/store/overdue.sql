-- The partitions that have outlived their time, by Postgres' own clock. They are named by their first day.
--   $1 bigint seconds that events and attempts are kept, $2 bigint seconds that a key is remembered
-- The journal looks for keys back to whole days, and within a minute of midnight a day further: a day is
-- added to what it may still ask for. PostgresState asks the same for usher_partitions_overdue_seconds.
WITH partitions AS (
  SELECT c.relname AS name, t.parent,
         CASE t.parent WHEN 'idempotency_keys' THEN d.first_day + 2 ELSE d.first_day END AS last_day,
         CASE WHEN NOT c.relispartition THEN 'DETACHED'
              WHEN i.inhdetachpending THEN 'PENDING' ELSE 'ATTACHED' END AS state
  FROM unnest('{events,attempts,idempotency_keys}'::text[]) AS t (parent)
  JOIN pg_class c ON c.relname ~ ('^' || t.parent || '_[0-9]{8}$') AND c.relkind = 'r'
                 AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = t.parent::regclass)
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  CROSS JOIN LATERAL (SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS first_day) d
),
timed AS (
  SELECT name, parent, last_day, state, (last_day + 1)::timestamp + CASE parent
           WHEN 'idempotency_keys' THEN ceil($2::bigint / 86400.0) * interval '1 day' + interval '1 day'
           ELSE $1::bigint * interval '1 second' END AS due
  FROM partitions
)
SELECT name, parent, last_day, state, due
FROM timed
WHERE due <= now() AT TIME ZONE 'UTC'
-- Until a pending one is finished no other of its table can be detached.
ORDER BY state = 'PENDING' DESC, last_day, parent DESC

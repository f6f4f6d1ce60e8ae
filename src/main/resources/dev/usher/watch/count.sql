-- What came in and what was tried in slices of time, which are ranges of ids, added to the minutes.
-- One index range a slice, an organization and a table; the bodies of events are not read.
WITH slice (at, low, high) AS (SELECT * FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[]))
INSERT INTO statistics_by_minute AS m
SELECT o.id, coalesce(a.endpoint_id, '00000000-0000-0000-0000-000000000000'), s.at,
       CASE WHEN a.endpoint_id IS NULL THEN e.events ELSE 0 END,
       a.succeeded, a.failed, a.given_up, a.latency
FROM slice s
CROSS JOIN organizations o
CROSS JOIN LATERAL (
  SELECT count(*) AS events FROM events
  WHERE organization_id = o.id AND id >= s.low AND id < s.high) e
CROSS JOIN LATERAL (
  SELECT endpoint_id,
         count(*) FILTER (WHERE bucket IS NOT NULL) AS succeeded,
         count(*) FILTER (WHERE bucket IS NULL) AS failed,
         count(*) FILTER (WHERE bucket IS NULL AND next_attempt_at IS NULL) AS given_up,
         ARRAY[%s] AS latency
  FROM (
    SELECT endpoint_id, next_attempt_at,
           CASE WHEN outcome = 'succeeded'
             THEN width_bucket((extract(epoch FROM started_at) * 1000)::bigint + duration_ms
                                 - millis_of(event_id), $4::bigint[]) END AS bucket
    FROM attempts
    WHERE organization_id = o.id AND id >= s.low AND id < s.high) attempted
  GROUP BY GROUPING SETS ((endpoint_id), ())) a
WHERE o.deleted_at IS NULL AND e.events + a.succeeded + a.failed > 0
ON CONFLICT (organization_id, endpoint_id, at) DO UPDATE SET
  events = m.events + EXCLUDED.events,
  succeeded = m.succeeded + EXCLUDED.succeeded,
  failed = m.failed + EXCLUDED.failed,
  given_up = m.given_up + EXCLUDED.given_up,
  latency = add_counts(m.latency, EXCLUDED.latency)

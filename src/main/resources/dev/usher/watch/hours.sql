-- Minutes that are counted for good, added to their hours.
INSERT INTO statistics_by_hour AS h
SELECT organization_id, endpoint_id, date_trunc('hour', at, 'UTC'), sum(events)::bigint,
       sum(succeeded)::bigint, sum(failed)::bigint, sum(given_up)::bigint, sum_counts(latency)
FROM statistics_by_minute WHERE at >= $1 AND at < $2
GROUP BY 1, 2, 3
ON CONFLICT (organization_id, endpoint_id, at) DO UPDATE SET
  events = h.events + EXCLUDED.events,
  succeeded = h.succeeded + EXCLUDED.succeeded,
  failed = h.failed + EXCLUDED.failed,
  given_up = h.given_up + EXCLUDED.given_up,
  latency = add_counts(h.latency, EXCLUDED.latency)

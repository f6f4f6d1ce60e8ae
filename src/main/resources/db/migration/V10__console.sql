-- The console's sessions: of each a hash of its token, and whose key opened it.
CREATE TABLE console_sessions (
  token_hash      bytea PRIMARY KEY, -- SHA-256; the token itself is in the browser's cookie only
  key_id          uuid, -- an organization's key; null: the administrator's
  key_hash        bytea NOT NULL, -- a key that has changed or ended ends its sessions
  organization_id uuid, -- where the administrator works at the moment; null: nowhere yet
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL
);
CREATE INDEX console_sessions_by_age ON console_sessions (expires_at);

-- Numbers over time, so that no page counts events: see PostgresRollUp. Minutes are kept for a day, hours
-- for a month. The endpoint is the nil UUID for the organization as a whole.
CREATE TABLE statistics_by_minute (
  organization_id uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  at              timestamptz NOT NULL,
  events          bigint NOT NULL, -- accepted; 0 where the row is an endpoint's
  succeeded       bigint NOT NULL, -- attempts
  failed          bigint NOT NULL,
  given_up        bigint NOT NULL, -- of those that failed, the last ones
  latency         bigint[] NOT NULL, -- of attempts that succeeded, by time since acceptance: see Latencies
  PRIMARY KEY (organization_id, endpoint_id, at)
);
CREATE INDEX statistics_by_minute_by_time ON statistics_by_minute (at);
CREATE TABLE statistics_by_hour (LIKE statistics_by_minute INCLUDING ALL);

-- How long the delivery that was due for the longest had been waiting, at the worst look within the minute or
-- the hour; no row where nothing waited. Noted while it stands: afterwards nothing tells it.
CREATE TABLE oldest_due_by_minute (
  organization_id uuid NOT NULL,
  at              timestamptz NOT NULL,
  waited_ms       bigint NOT NULL,
  PRIMARY KEY (organization_id, at)
);
CREATE INDEX oldest_due_by_minute_by_time ON oldest_due_by_minute (at);
CREATE TABLE oldest_due_by_hour (LIKE oldest_due_by_minute INCLUDING ALL);

-- How far the counting has come. One row, which also is the lock: one node counts at a time.
CREATE TABLE statistics_progress (
  settled_until timestamptz NOT NULL, -- counted for good, and into the hours
  fresh_until   timestamptz NOT NULL -- counted once, before what was late had its time
);

-- From the first day there is, or from now on.
INSERT INTO statistics_progress
SELECT start, start FROM (
  SELECT coalesce(min(to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD'))::timestamp AT TIME ZONE 'UTC',
                  date_trunc('minute', now())) AS start
  FROM pg_inherits WHERE inhparent = 'events'::regclass) first_day;

CREATE FUNCTION add_counts(a bigint[], b bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT
RETURN (SELECT array_agg(x + y ORDER BY n) FROM unnest(a, b) WITH ORDINALITY AS u (x, y, n));

CREATE AGGREGATE sum_counts(bigint[]) (SFUNC = add_counts, STYPE = bigint[]);

-- Milliseconds since 1970 at which a UUIDv7 was made.
CREATE FUNCTION millis_of(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT
RETURN ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint;

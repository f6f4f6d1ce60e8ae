-- Every table leads with the organization, so that it can be distributed by it.

CREATE TABLE organizations (
  id         uuid PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);

CREATE TABLE api_keys (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  name            text NOT NULL,
  hash            bytea NOT NULL, -- SHA-256 of the key; the key itself is shown once and not kept
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX api_keys_by_id ON api_keys (id);

-- Counts changes of sources and endpoints; each node follows it (see the trigger below).
CREATE SEQUENCE configuration_revision;

CREATE TABLE sources (
  organization_id  uuid NOT NULL,
  id               uuid NOT NULL,
  name             text NOT NULL,
  scheme           text NOT NULL,
  options          jsonb NOT NULL DEFAULT '{}', -- an object of strings
  allowed_networks text[] NOT NULL DEFAULT '{}',
  rate_limit       integer, -- genuine events a second on each node; null: no limit
  created_at       timestamptz NOT NULL DEFAULT now(),
  changed_at       timestamptz NOT NULL DEFAULT now(),
  revision         bigint NOT NULL DEFAULT nextval('configuration_revision'),
  deleted_at       timestamptz,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX sources_changed ON sources (changed_at);
CREATE UNIQUE INDEX sources_by_id ON sources (id);

CREATE TABLE endpoints (
  organization_id   uuid NOT NULL,
  id                uuid NOT NULL,
  name              text NOT NULL,
  url               text NOT NULL,
  events            text[] NOT NULL,
  status            text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
  disabled_reason   text,
  signature         text NOT NULL DEFAULT 'both'
                    CHECK (signature IN ('showpass', 'standard-webhooks', 'both')),
  headers           jsonb NOT NULL DEFAULT '{}', -- an object of strings
  timeout_ms        integer,
  retry_schedule_ms bigint[],
  concurrency       integer,
  rate_limit        integer,
  ordered           boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  changed_at        timestamptz NOT NULL DEFAULT now(),
  revision          bigint NOT NULL DEFAULT nextval('configuration_revision'),
  deleted_at        timestamptz,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX endpoints_changed ON endpoints (changed_at);
CREATE UNIQUE INDEX endpoints_by_id ON endpoints (id);

-- The keys of sources and endpoints, encrypted (AES-256-GCM) under the master key named beside them.
CREATE TABLE secrets (
  organization_id uuid NOT NULL,
  owner_id        uuid NOT NULL, -- a source or an endpoint
  id              uuid NOT NULL,
  master_key_id   text NOT NULL,
  ciphertext      bytea NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz, -- the end of a rotation's overlap; null: the current key
  PRIMARY KEY (organization_id, owner_id, id)
);

-- Which endpoint wants which types. No pattern of one endpoint covers another of the same endpoint, so
-- that an event matches at most one row of an endpoint: the journal joins without DISTINCT.
CREATE TABLE subscriptions (
  organization_id uuid NOT NULL,
  pattern         text NOT NULL, -- 'invoice.purchase', 'invoice.*' or '*'
  endpoint_id     uuid NOT NULL,
  PRIMARY KEY (organization_id, pattern, endpoint_id)
);
CREATE INDEX subscriptions_of_endpoint ON subscriptions (organization_id, endpoint_id);

-- Every change of a source or an endpoint tells all nodes, in the transaction that makes it.
CREATE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := clock_timestamp();
  NEW.revision := nextval('configuration_revision');
  PERFORM pg_notify('usher_changes', TG_TABLE_NAME || ':' || NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER sources_announce BEFORE INSERT OR UPDATE ON sources
  FOR EACH ROW EXECUTE FUNCTION announce_change();
CREATE TRIGGER endpoints_announce BEFORE INSERT OR UPDATE ON endpoints
  FOR EACH ROW EXECUTE FUNCTION announce_change();

-- What was accepted. The hash covers source and key. A partition holds three days, and its own primary
-- key, (organization_id, key_hash), has no day in it. See docs/adr/0003-idempotency-by-day.md.
CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL,
  key_hash        uuid NOT NULL, -- 128 bits of SHA-256, compared faster as a uuid than as bytes
  day             date NOT NULL,
  event_id        uuid NOT NULL,
  body_hash       uuid NOT NULL
) PARTITION BY RANGE (day);

-- The first day of the partition of keys that holds a day.
CREATE FUNCTION first_day_of_keys(day date) RETURNS date LANGUAGE sql IMMUTABLE STRICT
RETURN day - (day - DATE '2000-01-01') % 3;

-- Events and attempts are partitioned by their ids: a UUIDv7 begins with its time, so a range of ids is
-- a range of time, and an id alone tells its partition.
CREATE TABLE events (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  source_id       uuid, -- null: published over the API
  idempotency_key text NOT NULL,
  type            text NOT NULL,
  payload_id      text, -- the payload's top-level id, which the Showpass signature covers
  content_type    text NOT NULL,
  headers         text NOT NULL,
  body            bytea NOT NULL,
  PRIMARY KEY (organization_id, id)
) PARTITION BY RANGE (id);
-- Bytes as received: compressing bodies of this size cost more CPU than it saved in space.
ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE attempts (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  event_id        uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  number          smallint NOT NULL,
  outcome         text NOT NULL,
  http_status     smallint,
  error           text,
  response_body   bytea,
  started_at      timestamptz NOT NULL,
  duration_ms     integer NOT NULL,
  next_attempt_at timestamptz, -- null: there is none, it succeeded or was given up
  PRIMARY KEY (organization_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX attempts_of_event ON attempts (organization_id, event_id);
CREATE INDEX attempts_failed ON attempts (organization_id, endpoint_id, id) WHERE outcome <> 'succeeded';

-- The gateways that are up. A node's lease covers every delivery that bears its number.
CREATE TABLE nodes (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz NOT NULL
);

-- Only what is still due: a row is deleted when its delivery has succeeded or is given up.
CREATE TABLE deliveries (
  organization_id uuid NOT NULL,
  event_id        uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  attempts        smallint NOT NULL DEFAULT 0, -- made so far
  due_at          timestamptz NOT NULL,
  node_id         integer, -- the node that works on it; null: it waits to be claimed
  PRIMARY KEY (organization_id, event_id, endpoint_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_scale_factor = 0.5);
-- A delivery that its node hands straight on never enters this index.
CREATE INDEX deliveries_waiting ON deliveries (organization_id, endpoint_id, due_at)
  WHERE node_id IS NULL;

-- The smallest UUIDv7 of a day.
CREATE FUNCTION first_id_of(day date) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT rpad(lpad(to_hex((extract(epoch FROM day::timestamp) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- Makes the partitions of one day where they are missing. Nodes may call it at the same time.
-- Gives up early where somebody reads a table for long: all writers would queue up behind it. It is
-- tried again, days before the partition is needed.
CREATE FUNCTION create_partitions(wanted date) RETURNS void LANGUAGE plpgsql
SET lock_timeout = '2s' AS $$
DECLARE
  suffix text := to_char(wanted, 'YYYYMMDD');
  keys   text := 'idempotency_keys_' || to_char(first_day_of_keys(wanted), 'YYYYMMDD');
  -- Rows are inserted, and dropped with their partition. A vacuum for the sake of inserts would write every
  -- page once more, and each doubling of a partition is enough to know its statistics.
  only_inserted text := 'autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 1,
                         autovacuum_analyze_threshold = 10000';
BEGIN
  IF to_regclass('attempts_' || suffix) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('usher.create_partitions'));
  IF to_regclass(keys) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF idempotency_keys FOR VALUES FROM (%L) TO (%L) WITH (%s)',
                   keys, first_day_of_keys(wanted), first_day_of_keys(wanted) + 3, only_inserted);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (organization_id, key_hash)', keys);
  END IF;
  -- A body of up to 8 KB stays beside its row instead of in a TOAST table with an index of its own.
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF events
                  FOR VALUES FROM (%L) TO (%L) WITH (toast_tuple_target = 8160, %s)',
                 'events_' || suffix, first_id_of(wanted), first_id_of(wanted + 1), only_inserted);
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF attempts
                  FOR VALUES FROM (%L) TO (%L) WITH (%s)',
                 'attempts_' || suffix, first_id_of(wanted), first_id_of(wanted + 1), only_inserted);
END $$;

-- Called where the two rows that a key gets around midnight disagree: the whole batch starts over and
-- then finds the key that came first. See docs/adr/0003-idempotency-by-day.md.
CREATE FUNCTION assert_seam(first_day bigint, second_day bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF first_day <> second_day THEN
    RAISE EXCEPTION 'an idempotency key came in on both sides of midnight' USING ERRCODE = 'UM001';
  END IF;
END $$;

-- Makes the partitions of one day where they are missing. Nodes may call it at the same time.
-- Each is made beside its table first and attached then: CREATE TABLE … PARTITION OF would keep everybody
-- from the table, and everybody would queue up behind it while somebody reads the table for long. Attaching
-- (SHARE UPDATE EXCLUSIVE) keeps nobody from reading and writing.
CREATE OR REPLACE FUNCTION create_partitions(wanted date) RETURNS void LANGUAGE plpgsql
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
  IF to_regclass('attempts_' || suffix) IS NOT NULL THEN
    RETURN; -- another node came first
  END IF;
  IF to_regclass(keys) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE idempotency_keys INCLUDING ALL) WITH (%s)', keys, only_inserted);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (organization_id, key_hash)', keys);
    EXECUTE format('ALTER TABLE idempotency_keys ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   keys, first_day_of_keys(wanted), first_day_of_keys(wanted) + 3);
  END IF;
  -- A body of up to 8 KB stays beside its row instead of in a TOAST table with an index of its own.
  EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING ALL) WITH (toast_tuple_target = 8160, %s)',
                 'events_' || suffix, only_inserted);
  EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 'events_' || suffix, first_id_of(wanted), first_id_of(wanted + 1));
  EXECUTE format('CREATE TABLE %I (LIKE attempts INCLUDING ALL) WITH (%s)',
                 'attempts_' || suffix, only_inserted);
  EXECUTE format('ALTER TABLE attempts ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 'attempts_' || suffix, first_id_of(wanted), first_id_of(wanted + 1));
END $$;

-- Who changed what, when, apart from what was changed: it outlives it. Written in the change's transaction.
CREATE TABLE audit_log (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL, -- UUIDv7: its time is the change's
  actor           text NOT NULL, -- a key's id, 'administrator' or 'gateway'
  actor_name      text NOT NULL, -- the key's name then; empty for the others
  action          text NOT NULL, -- 'endpoint.updated'
  target          text NOT NULL, -- the id, or the name, of what was changed
  changes         text NOT NULL, -- JSON: each member that changed, from and to; never a secret
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_log_by_time ON audit_log (id);

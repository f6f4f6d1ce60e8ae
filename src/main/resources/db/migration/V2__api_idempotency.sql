-- What the management API answered to creating calls that carried an Idempotency-Key, for 24 hours. The
-- row is written in the transaction that creates, so it never tells of something that was rolled back.
CREATE TABLE api_idempotency (
  organization_id uuid NOT NULL, -- the nil UUID for calls of the administrator's own
  key             text NOT NULL,
  request_hash    bytea NOT NULL, -- SHA-256 over method, path and body
  master_key_id   text, -- null only inside the transaction that creates
  answer          bytea, -- encrypted as the secrets are: it may hold one that is shown once
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key)
);
CREATE INDEX api_idempotency_by_age ON api_idempotency (created_at);

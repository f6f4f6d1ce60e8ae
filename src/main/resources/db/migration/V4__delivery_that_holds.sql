-- Endpoints that only fail, and since when, over all nodes and restarts: after five days of it they are
-- disabled. A row ends with the endpoint's first success.
CREATE TABLE endpoint_failures (
  organization_id uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  failing_since   timestamptz NOT NULL,
  last_failed_at  timestamptz NOT NULL,
  PRIMARY KEY (organization_id, endpoint_id)
);
CREATE UNIQUE INDEX endpoint_failures_by_endpoint ON endpoint_failures (endpoint_id);

-- The last attempts of deliveries that were given up: dead letters, unless something came after.
CREATE INDEX attempts_given_up ON attempts (organization_id, endpoint_id, id)
  WHERE outcome <> 'succeeded' AND next_attempt_at IS NULL;

-- Recoveries: dead letters of an endpoint that are to be sent again. Nodes work them off in small steps;
-- position is the last attempt that was looked at.
CREATE TABLE recoveries (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  endpoint_id     uuid NOT NULL,
  since           timestamptz NOT NULL,
  until           timestamptz NOT NULL,
  position        uuid NOT NULL, -- attempts have ids that begin with their time
  below_id        uuid NOT NULL,
  found           bigint NOT NULL, -- dead letters when it began, at most
  recovered       bigint NOT NULL DEFAULT 0,
  status          text NOT NULL CHECK (status IN ('running', 'done', 'cancelled')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  changed_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX recoveries_running ON recoveries (changed_at) WHERE status = 'running';
CREATE INDEX recoveries_ended ON recoveries (changed_at) WHERE status <> 'running';

-- How TLS connections to an endpoint differ from others, as PEM. The key is encrypted as the secrets are.
ALTER TABLE endpoints
  ADD COLUMN tls_ca text,
  ADD COLUMN tls_certificate text,
  ADD COLUMN tls_key bytea,
  ADD COLUMN tls_key_master_key_id text;

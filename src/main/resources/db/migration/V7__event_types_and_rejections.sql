-- Which types of events an organization has, with what it says of them.
CREATE TABLE event_types (
  organization_id uuid NOT NULL,
  id              uuid NOT NULL,
  name            text NOT NULL,
  description     text NOT NULL,
  schema          text, -- a JSON Schema, as it was given
  sample          text, -- JSON
  created_at      timestamptz NOT NULL DEFAULT now(),
  changed_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, name)
);

-- A bounded sample of the requests that the public door refused; see PostgresRejectionLog.
CREATE TABLE rejections (
  organization_id uuid NOT NULL, -- the nil UUID where the request named no source
  source_id       uuid NOT NULL, -- likewise
  id              uuid NOT NULL, -- UUIDv7: its time is the refusal's
  code            text NOT NULL,
  status          smallint NOT NULL,
  reason          text NOT NULL,
  address         text, -- the sender's; null where it is not known
  idempotency_key text, -- null where it could not be read
  body_bytes      integer,
  alike           integer NOT NULL, -- how many were refused for the same source and code, with this one
  PRIMARY KEY (organization_id, source_id, id)
);
CREATE INDEX rejections_by_time ON rejections (organization_id, id);

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

-- Disables an endpoint, with an entry of the audit log, and writes the event that tells of it, with its
-- deliveries, in one transaction. Where the endpoint is not active any more, or was changed by a person
-- meanwhile, nothing happens.
--
--   $1 uuid organization, $2 uuid endpoint, $3 bigint its revision, $4 text why
--   $5 uuid the event's id, or null for no event, $6 text its payload's id, $7 text its type,
--   $8 bytea its body, $9 text[] the subscriptions that cover it
--   $10 uuid the audit entry's id, $11 text the endpoint's id as people know it, $12 text what changed,
--   $13 uuid[] the endpoints whose filter refuses the event
WITH disabled AS (
  UPDATE endpoints SET status = 'disabled', disabled_reason = $4::text
  WHERE organization_id = $1::uuid AND id = $2::uuid AND revision = $3::bigint
    AND status = 'active' AND deleted_at IS NULL
  RETURNING organization_id
),
audited AS (
  INSERT INTO audit_log (organization_id, id, actor, actor_name, action, target, changes)
  SELECT organization_id, $10::uuid, 'gateway', '', 'endpoint.disabled', $11::text, $12::text FROM disabled
),
told AS (
  INSERT INTO events (organization_id, id, idempotency_key, type, payload_id, content_type, headers, body)
  SELECT organization_id, $5::uuid, $5::uuid::text, $7::text, $6::text, 'application/json', '', $8::bytea
  FROM disabled WHERE $5::uuid IS NOT NULL
  RETURNING organization_id, id
),
due AS (
  INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, position)
  SELECT t.organization_id, t.id, s.endpoint_id, now(),
         CASE WHEN e.ordered THEN nextval('delivery_positions') END
  FROM told t
  JOIN subscriptions s ON s.organization_id = t.organization_id AND s.pattern = ANY ($9::text[])
  JOIN endpoints e ON e.organization_id = s.organization_id AND e.id = s.endpoint_id
  WHERE s.endpoint_id <> ALL ($13::uuid[])
)
SELECT count(*)::int FROM disabled

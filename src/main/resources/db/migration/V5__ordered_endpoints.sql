-- Ordered endpoints: their deliveries have a position, and are claimed one at a time, the lowest first.
-- See docs/adr/0006-order-by-position.md for why this is the order of acceptance.
CREATE SEQUENCE delivery_positions;

ALTER TABLE deliveries ADD COLUMN position bigint; -- null: in no order

-- What has a position does not wait among the others.
DROP INDEX deliveries_waiting;
CREATE INDEX deliveries_waiting ON deliveries (organization_id, endpoint_id, due_at)
  WHERE node_id IS NULL AND position IS NULL;
CREATE INDEX deliveries_in_order ON deliveries (organization_id, endpoint_id, position)
  WHERE position IS NOT NULL;

-- No two of an endpoint are ever under way, whatever two nodes believe at the same moment.
CREATE UNIQUE INDEX deliveries_one_at_a_time ON deliveries (organization_id, endpoint_id)
  WHERE position IS NOT NULL AND node_id IS NOT NULL;

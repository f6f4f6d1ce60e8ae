-- Which payloads an endpoint wants of the types that it subscribed to, as JSON; null: all. Judged where an
-- event is accepted, so a delivery that a filter refuses is never written.
ALTER TABLE endpoints ADD COLUMN filter text;

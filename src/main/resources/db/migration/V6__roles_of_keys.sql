-- Keys that are there already opened everything in their organization, and so do keys that an older node
-- makes meanwhile.
ALTER TABLE api_keys
  ADD COLUMN role         text NOT NULL DEFAULT 'admin'
                          CHECK (role IN ('admin', 'member', 'viewer', 'publisher')),
  ADD COLUMN expires_at   timestamptz, -- null: never
  ADD COLUMN last_used_at timestamptz; -- to the minute

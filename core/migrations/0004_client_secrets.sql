-- Two live secrets a client: the newest, and the one before it until its time is over.
alter table identity.client_secrets add column expires_at timestamptz;  -- null: the newest

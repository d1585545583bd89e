-- Sign in with TimeBack: sessions of browsers, what apps were granted, failed attempts.
-- Cookies, codes and refresh tokens have 256 random bits and are kept only as SHA-256 hashes.
create table identity.sso_sessions (
    sid uuid primary key default gen_random_uuid(),   -- the claim `sid`; opens nothing
    cookie_hash bytea not null unique,
    person_id uuid not null references identity.people on delete cascade,
    signed_in_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index sso_sessions_by_person on identity.sso_sessions (person_id);
create index sso_sessions_by_expiry on identity.sso_sessions (expires_at);

-- One row for each authorization code and everything made from it: its end ends them all.
create table identity.grants (
    grant_id uuid primary key default gen_random_uuid(),
    client_id text not null references identity.login_clients on delete cascade,
    person_id uuid not null references identity.people on delete cascade,
    sid uuid not null,
    scope text not null,
    signed_in_at timestamptz not null,
    code_hash bytea not null unique,
    code_expires_at timestamptz not null,
    code_used_at timestamptz,
    redirect_uri text not null,
    code_challenge text not null,
    nonce text,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_because text check (
        ended_because in ('signed_out', 'revoked', 'code_replayed', 'refresh_token_reused')
    )
);
create index grants_by_session on identity.grants (sid, client_id);
create index grants_by_person on identity.grants (person_id);
create index grants_by_expiry on identity.grants (expires_at);

create table identity.refresh_tokens (
    token_hash bytea primary key,
    grant_id uuid not null references identity.grants on delete cascade,
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index refresh_tokens_by_grant on identity.refresh_tokens (grant_id);

-- Failed sign-ins since the last good one, by account and by network address (both hashed).
create table identity.sign_in_failures (
    kind text not null check (kind in ('account', 'address')),
    key_hash bytea not null,
    failures integer not null,
    last_failed_at timestamptz not null default now(),
    locked_until timestamptz,
    primary key (kind, key_hash)
);

-- Sign-ins that are under way at an external identity provider.
create table identity.external_sign_ins (
    state_hash bytea primary key,
    browser_hash bytea not null,
    code_verifier text not null,
    nonce text not null,
    authorize_query text not null,
    expires_at timestamptz not null
);

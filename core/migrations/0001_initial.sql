-- journal: what was accepted and is not yet in the lake; one row a request.
create schema journal;

create table journal.requests (
    seq bigint generated always as identity primary key,
    receipt_id uuid not null,
    client_id text not null,
    received_at timestamptz not null,
    event_count integer not null,
    refusals bytea,   -- JSON: the door's refusals, [{index, reason, path, message}]
    body bytea not null
);
alter table journal.requests alter column body set storage external;

-- Versions of registry records on their way to the lake, written with the record itself.
create table journal.record_versions (
    seq bigint generated always as identity primary key,
    record_type text not null,
    sourced_id text not null,
    version integer not null,
    owner_client_id text,
    is_sandbox boolean not null,
    status text not null,
    recorded_at timestamptz not null,
    payload jsonb not null
);

-- The batch that a loader has chosen: explicit lists, because identity order is not commit order.
create table journal.pending_load (
    load_id bigint generated always as identity primary key,
    request_seqs bigint[] not null,
    record_seqs bigint[] not null,
    created_at timestamptz not null default now()
);

-- How far the loader has come; one row.
create table journal.progress (
    is_only_row boolean primary key default true check (is_only_row),
    last_load_id bigint not null default 0,
    loaded_at timestamptz
);
insert into journal.progress default values;

-- registry: the current state of catalog and roster; history goes to the lake.
create schema registry;

create table registry.records (
    record_type text not null,
    sourced_id text not null,
    owner_client_id text,
    is_sandbox boolean not null default false,
    status text not null default 'active',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    modified_at timestamptz not null default now(),
    payload jsonb not null,
    primary key (record_type, sourced_id)
);

-- identity: clients (partners' backends), people, keys.
create schema identity;

create table identity.clients (
    client_id text primary key,
    name text not null,
    mode text not null check (mode in ('testing', 'production', 'admin')),
    scopes text[] not null,
    scope_mode text not null default 'granted' check (scope_mode in ('granted', 'requested')),
    org_id text,
    redirect_uris text[] not null default '{}',
    status text not null default 'active' check (status in ('active', 'revoked')),
    created_at timestamptz not null default now()
);

create table identity.client_secrets (
    client_id text not null references identity.clients on delete cascade,
    secret_hash bytea not null,
    created_at timestamptz not null default now(),
    primary key (client_id, secret_hash)
);

create table identity.people (
    person_id uuid primary key default gen_random_uuid(),
    email text not null,
    password_hash text not null,
    user_id text,             -- sourcedId of the person's OneRoster user, if they have one
    client_id text references identity.clients,   -- set for a partner's people
    is_platform_admin boolean not null default false,
    is_analyst boolean not null default false,
    status text not null default 'active' check (status in ('active', 'disabled')),
    created_at timestamptz not null default now()
);
create unique index people_email on identity.people (lower(email));

create table identity.signing_keys (
    kid text primary key,
    private_jwk jsonb not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
);

create table identity.audit_log (
    audit_id bigint generated always as identity primary key,
    occurred_at timestamptz not null default now(),
    actor_kind text not null,
    actor_id text not null,
    action text not null,
    student_id text,
    details jsonb not null default '{}'
);
create index audit_log_student on identity.audit_log (student_id, occurred_at desc);

-- publishing: every build of the marts; readers pin the snapshot of a published one.
create schema publishing;

create table publishing.builds (
    build_number bigint generated always as identity primary key,
    build_id text not null unique,
    status text not null check (status in ('running', 'published', 'failed', 'dropped')),
    full_refresh boolean not null,
    as_of timestamptz not null,
    source_snapshot bigint not null,
    published_snapshot bigint,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    details jsonb not null default '{}'
);
create index builds_published on publishing.builds (build_number desc) where status = 'published';

-- Builds that someone asked of a running build loop.
create table publishing.build_requests (
    request_id bigint generated always as identity primary key,
    full_refresh boolean not null,
    requested_at timestamptz not null default now(),
    build_id text,            -- set when it is done
    error text                -- set when it failed
);

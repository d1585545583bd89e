-- privacy: students who were erased, known by a keyed hash of their id alone.
create schema privacy;

-- One row: the key of the hashes (RFC 2104), made with the install, so that every backup holds it.
create table privacy.state (
    is_only_row boolean primary key default true check (is_only_row),
    hash_key bytea not null,
    has_traces boolean not null default false   -- something came about an erased student since
);
insert into privacy.state (hash_key)
values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

create table privacy.erasures (
    erasure_id uuid primary key default gen_random_uuid(),
    student_hash text not null unique,   -- HMAC-SHA256 of the sourcedId, hex
    student_id text,                     -- only until nothing is left that it is needed for
    status text not null default 'requested'
    check (status in ('requested', 'erasing', 'cleaning', 'finished')),
    stage text,                          -- what is being done, in words
    stages_done integer not null default 0,
    error text,                          -- why the last attempt ended early
    is_reapplied boolean not null default false,  -- a backup brought the student back
    requested_at timestamptz not null default now(),
    finished_at timestamptz
);
create index erasures_unfinished on privacy.erasures (requested_at) where status <> 'finished';

-- Who did what, and on which day: the questions of the access log.
create index audit_log_time on identity.audit_log (occurred_at desc, audit_id desc);
create index audit_log_actor on identity.audit_log (actor_id, occurred_at desc);

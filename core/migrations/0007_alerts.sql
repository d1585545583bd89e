-- alerting: what was written to people, once a person, kind and local day.
create schema alerting;

create table alerting.outbox (
    alert_id bigint generated always as identity primary key,
    person_id uuid not null references identity.people on delete cascade,
    kind text not null check (kind in ('guide_daily', 'parent_weekly')),
    local_on date not null,            -- the day there that it is about, and is sent on
    status text not null check (
        status in (
            'sending',                 -- claimed; stays if the process dies before it is known
            'sent',                    -- the mail server took it
            'held',                    -- no mail server is set: it can be read in the outbox alone
            'nothing',                 -- there was nothing to say
            'failed',                  -- certainly not sent: may be tried again that day
            'uncertain'                -- the connection broke: perhaps sent, so never tried again
        )
    ),
    attempts integer not null default 1,
    recipient text not null,
    subject text not null default '',
    text_body text not null default '',
    html_body text not null default '',
    student_ids text[] not null default '{}',   -- everyone whom the text is about
    build_id text,
    error text,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    unique (person_id, kind, local_on)
);
create index outbox_student on alerting.outbox using gin (student_ids);
create index outbox_created on alerting.outbox (created_at desc);

-- Who does not want which alert.
create table alerting.muted (
    person_id uuid not null references identity.people on delete cascade,
    kind text not null,
    muted_at timestamptz not null default now(),
    primary key (person_id, kind)
);

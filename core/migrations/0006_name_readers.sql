-- People whom an operator allowed to read names, e-mail addresses and comments by SQL.
create table identity.name_readers (
    person_id uuid primary key references identity.people on delete cascade,
    granted_at timestamptz not null default now()
);

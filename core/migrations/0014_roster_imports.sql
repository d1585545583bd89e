-- What roster imports brought, by the line that named it: only this may end because a later
-- import no longer names it.
create table registry.imported (
    file text not null check (file in ('users', 'roles', 'classes', 'enrollments', 'agents')),
    line_id text not null,      -- the line's sourcedId; of a link the link's
    record_type text not null,
    sourced_id text not null,   -- the record that the line made; of a role the user who holds it
    role jsonb,                 -- of a role: what the line says (OneRoster 1.2 Role); null: it ended
    primary key (file, line_id),
    foreign key (record_type, sourced_id) references registry.records on delete cascade
);
create index imported_by_record on registry.imported (record_type, sourced_id);

-- Who imported a link was not written down before: each of Alpha's may end with its line.
insert into registry.imported (file, line_id, record_type, sourced_id)
select 'agents', sourced_id, record_type, sourced_id from registry.records
where record_type = 'agent' and owner_client_id is null;

-- A user's roles from their first day on, through their last one, wherever on earth that is.
create function registry.roles_now(payload jsonb) returns setof jsonb
language sql stable parallel safe as $$
    select given
    from jsonb_path_query(payload, '$.roles[*]') as given
    where
        coalesce(left(given ->> 'beginDate', 10), '')
        <= to_char(now() at time zone 'UTC' + interval '14 hours', 'YYYY-MM-DD')
        and coalesce(left(given ->> 'endDate', 10), '9999')
        >= to_char(now() at time zone 'UTC' - interval '12 hours', 'YYYY-MM-DD')
$$;

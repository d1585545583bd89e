-- Indexes for the questions that access rules and roster lists ask of registry.records.
create index records_by_owner on registry.records (owner_client_id, record_type, sourced_id);
create index records_by_type_and_time on registry.records (record_type, modified_at);

create index enrollments_by_user on registry.records ((payload -> 'user' ->> 'sourcedId'))
where record_type = 'enrollment';
create index enrollments_by_class on registry.records ((payload -> 'class' ->> 'sourcedId'))
where record_type = 'enrollment';
create index classes_by_course on registry.records ((payload -> 'course' ->> 'sourcedId'))
where record_type = 'class';
create index classes_by_school on registry.records ((payload -> 'school' ->> 'sourcedId'))
where record_type = 'class';
create index components_by_course on registry.records ((payload -> 'course' ->> 'sourcedId'))
where record_type in ('unit', 'lesson');
create index lessons_by_unit on registry.records ((payload -> 'unit' ->> 'sourcedId'))
where record_type = 'lesson';
create index users_by_school on registry.records ((payload -> 'primaryOrg' ->> 'sourcedId'))
where record_type = 'user';
create index users_by_email on registry.records (lower(payload ->> 'email'))
where record_type = 'user';
create index orgs_by_parent on registry.records ((payload -> 'parent' ->> 'sourcedId'))
where record_type = 'org';
create index agents_by_student on registry.records ((payload -> 'student' ->> 'sourcedId'))
where record_type = 'agent';
create index agents_by_agent on registry.records ((payload -> 'agent' ->> 'sourcedId'))
where record_type = 'agent';

-- The named keys of an object; an empty object if `source` is none.
create function registry.pick(source jsonb, keys text[]) returns jsonb
language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(entry.key, entry.value), '{}')
    from jsonb_each(case when jsonb_typeof(source) = 'object' then source else '{}' end) as entry
    where entry.key = any(keys)
$$;

-- The orgs and terms that belong to what is seen; follows sight_of_partner or sight_of_person.
seen_orgs as not materialized (

    select org_id from run_orgs
    union
    select payload -> 'school' ->> 'sourcedId' from seen_classes
    union
    select homes.org_id
    from seen_users
    join registry.records as person
        on person.record_type = 'user' and person.sourced_id = seen_users.user_id
    cross join lateral (
        select person.payload -> 'primaryOrg' ->> 'sourcedId' as org_id
        union
        select given -> 'org' ->> 'sourcedId'
        from jsonb_path_query(person.payload, '$.roles[*]') as given
    ) as homes

),

seen_sessions as not materialized (

    select term ->> 'sourcedId' as session_id
    from seen_classes, jsonb_path_query(payload, '$.terms[*]') as term

)

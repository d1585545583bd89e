-- The orgs and terms that belong to what is seen; follows sight_of_partner or sight_of_person.
seen_orgs as (

    select org_id from run_orgs
    union
    select payload -> 'school' ->> 'sourcedId' from seen_classes
    union
    select payload -> 'primaryOrg' ->> 'sourcedId' from seen_users
    union
    select given -> 'org' ->> 'sourcedId'
    from seen_users, jsonb_path_query(payload, '$.roles[*]') as given

),

seen_sessions as (

    select term ->> 'sourcedId' as session_id
    from seen_classes, jsonb_path_query(payload, '$.terms[*]') as term

)

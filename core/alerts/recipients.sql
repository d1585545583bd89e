-- People with a login and a mailbox whose roster role may get alerts, with the zone of their
-- school: of their own, else of a linked child's. Sandboxes get none.
with people as (

    select
        people.person_id, people.email, people.user_id, roster.payload,
        coalesce(
            roster.payload -> 'primaryOrg' ->> 'sourcedId',
            roster.payload -> 'roles' -> 0 -> 'org' ->> 'sourcedId'
        ) as org_id
    from identity.people as people
    join registry.records as roster
        on roster.record_type = 'user' and roster.sourced_id = people.user_id
        and roster.status = 'active' and not roster.is_sandbox
        and roster.payload -> 'enabledUser' is distinct from 'false'::jsonb
    where people.status = 'active' and people.email like '%%@%%'

)

select
    people.person_id::text,
    coalesce(
        (
            select org.payload -> 'metadata' ->> 'timezone'
            from registry.records as org
            where org.record_type = 'org' and org.sourced_id = people.org_id
        ),
        (
            select min(org.payload -> 'metadata' ->> 'timezone')
            from registry.records as link
            join registry.records as child
                on child.record_type = 'user'
                and child.sourced_id = link.payload -> 'student' ->> 'sourcedId'
            join registry.records as org
                on org.record_type = 'org'
                and org.sourced_id = child.payload -> 'primaryOrg' ->> 'sourcedId'
            where
                link.record_type = 'agent' and link.status = 'active'
                and link.payload -> 'agent' ->> 'sourcedId' = people.user_id
        ),
        'UTC'
    ) as zone,
    array(
        select role ->> 'role' from registry.roles_now(people.payload) as role
    ) as oneroster_roles
from people
order by people.person_id

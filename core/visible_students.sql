-- The students that one person may read now: themself, linked children, students of the classes
-- they teach, students of the schools they run. Parameters: user_id, admin_roles; zones and
-- todays pair each school's time zone with its local date.
with recursive me as (

    select sourced_id as user_id, is_sandbox, owner_client_id, payload
    from registry.records
    where record_type = 'user' and sourced_id = %(user_id)s and status = 'active'

),

my_roles as (

    select given ->> 'role' as role, given -> 'org' ->> 'sourcedId' as org_id
    from me, registry.roles_now(me.payload) as given

),

my_orgs (org_id) as (

    select org_id from my_roles where role = any(%(admin_roles)s)
    union
    select assigned #>> '{}'
    from me, jsonb_path_query(me.payload, '$.metadata.guideOf[*]') as assigned
    where exists (select from my_roles where role = 'teacher')
    union
    select child.sourced_id
    from registry.records as child
    join my_orgs on child.payload -> 'parent' ->> 'sourcedId' = my_orgs.org_id
    where child.record_type = 'org' and child.status = 'active'

),

todays as (

    select * from unnest(%(zones)s::text[], %(todays)s::text[]) as pair (zone, today)

),

enrolled as not materialized (

    select
        enrollment.payload -> 'user' ->> 'sourcedId' as user_id, class.sourced_id as class_id,
        coalesce(enrollment.payload ->> 'role', 'student') as role
    from registry.records as enrollment
    join registry.records as class
        on class.record_type = 'class' and class.status = 'active'
        and class.sourced_id = enrollment.payload -> 'class' ->> 'sourcedId'
    left join registry.records as school
        on school.record_type = 'org'
        and school.sourced_id = class.payload -> 'school' ->> 'sourcedId'
    join todays on todays.zone = coalesce(school.payload -> 'metadata' ->> 'timezone', 'UTC')
    where
        enrollment.record_type = 'enrollment' and enrollment.status = 'active'
        and todays.today >= coalesce(left(enrollment.payload ->> 'beginDate', 10), '')
        and todays.today <= coalesce(left(enrollment.payload ->> 'endDate', 10), '9999')

),

candidates as (

    select user_id as student_id, null as link_owner
    from me where exists (select from my_roles where role = 'student')
    union all
    select link.payload -> 'student' ->> 'sourcedId', link.owner_client_id
    from registry.records as link
    where
        link.record_type = 'agent' and link.status = 'active'
        and link.payload -> 'agent' ->> 'sourcedId' = %(user_id)s
        and coalesce(link.payload ->> 'role', 'parent') in ('parent', 'guardian')
        and exists (select from my_roles where role in ('parent', 'guardian'))
    union all
    select learner.user_id, null
    from enrolled as teacher
    join enrolled as learner on learner.class_id = teacher.class_id and learner.role = 'student'
    where teacher.user_id = %(user_id)s and teacher.role = 'teacher'
    union all
    select learner.sourced_id, null
    from registry.records as learner
    join my_orgs on learner.payload -> 'primaryOrg' ->> 'sourcedId' = my_orgs.org_id
    where learner.record_type = 'user' and learner.payload @? '$.roles[*] ? (@.role == "student")'

)

select distinct learner.sourced_id
from candidates
join registry.records as learner
    on learner.record_type = 'user' and learner.sourced_id = candidates.student_id
    and learner.status = 'active'
join me
    on me.is_sandbox = learner.is_sandbox
    and me.owner_client_id is not distinct from learner.owner_client_id
where learner.is_sandbox or candidates.link_owner is null

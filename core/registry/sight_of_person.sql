-- What a person sees of the registry: themself and the students that the access policy names; an
-- admin also the users and classes of the orgs they run and those below; then the enrollments,
-- classes and courses of all these, and the links of these students: all to an admin, else one's own. Parameters: viewer_user_id, viewer_student_ids, admin_roles.
me as (

    select is_sandbox, owner_client_id, payload from registry.records
    where record_type = 'user' and sourced_id = %(viewer_user_id)s and status = 'active'

),

run_orgs (org_id) as (

    select given -> 'org' ->> 'sourcedId'
    from me, registry.roles_now(me.payload) as given
    where given ->> 'role' = any(%(admin_roles)s)
    union
    select child.sourced_id
    from registry.records as child
    join run_orgs on child.payload -> 'parent' ->> 'sourcedId' = run_orgs.org_id
    where child.record_type = 'org' and child.status = 'active'

),

seen_users as (

    select colleague.sourced_id as user_id
    from registry.records as colleague
    join me
        on me.is_sandbox = colleague.is_sandbox
        and me.owner_client_id is not distinct from colleague.owner_client_id
    where
        colleague.record_type = 'user'
        and (
            colleague.sourced_id = %(viewer_user_id)s
            or colleague.sourced_id = any(%(viewer_student_ids)s)
            or colleague.payload -> 'primaryOrg' ->> 'sourcedId' in (select org_id from run_orgs)
        )

),

seen_enrollments as (

    select sourced_id as enrollment_id, payload from registry.records
    join seen_users on seen_users.user_id = payload -> 'user' ->> 'sourcedId'
    where record_type = 'enrollment'

),

seen_classes as (

    select sourced_id as class_id, payload from registry.records
    where
        record_type = 'class'
        and (
            sourced_id in (select payload -> 'class' ->> 'sourcedId' from seen_enrollments)
            or payload -> 'school' ->> 'sourcedId' in (select org_id from run_orgs)
        )

),

seen_courses as not materialized (

    select distinct payload -> 'course' ->> 'sourcedId' as course_id from seen_classes

),

seen_agents as not materialized (

    select sourced_id as link_id from registry.records
    where
        record_type = 'agent'
        and payload -> 'student' ->> 'sourcedId' = any(%(viewer_student_ids)s)
        and (
            %(viewer_user_id)s in (payload -> 'agent' ->> 'sourcedId', payload -> 'student' ->> 'sourcedId')
            or exists (select from run_orgs)
        )

),

-- What a partner sees of the registry: its own records; classes of its courses; enrollments in
-- those classes, also ended ones; users with an enrollment in force there; their orgs and terms.
-- Another client's sandbox is never seen. Parameters: viewer_client_id; zones and todays pair each
-- school's time zone with its local date.
run_orgs (org_id) as (

    select org_id from identity.clients where client_id = %(viewer_client_id)s

),

todays as (

    select * from unnest(%(zones)s::text[], %(todays)s::text[]) as pair (zone, today)

),

seen_courses as not materialized (

    select sourced_id as course_id from registry.records
    where record_type = 'course' and owner_client_id = %(viewer_client_id)s

),

seen_classes as not materialized (

    select sourced_id as class_id, status, payload from registry.records
    where
        record_type = 'class'
        and (
            owner_client_id = %(viewer_client_id)s
            or (
                not is_sandbox
                and payload -> 'course' ->> 'sourcedId' in (select course_id from seen_courses)
            )
        )

),

seen_enrollments as not materialized (

    select sourced_id as enrollment_id, status, payload from registry.records
    where
        record_type = 'enrollment' and (not is_sandbox or owner_client_id = %(viewer_client_id)s)
        and payload -> 'class' ->> 'sourcedId' in (select class_id from seen_classes)

),

seen_users as not materialized (

    select sourced_id as user_id from registry.records
    where record_type = 'user' and owner_client_id = %(viewer_client_id)s
    union
    select learner.sourced_id
    from seen_enrollments as enrollment
    join seen_classes as class
        on class.class_id = enrollment.payload -> 'class' ->> 'sourcedId'
        and class.status = 'active'
    left join registry.records as school
        on school.record_type = 'org'
        and school.sourced_id = class.payload -> 'school' ->> 'sourcedId'
    join todays on todays.zone = coalesce(school.payload -> 'metadata' ->> 'timezone', 'UTC')
    join registry.records as learner
        on learner.record_type = 'user' and learner.status = 'active' and not learner.is_sandbox
        and learner.sourced_id = enrollment.payload -> 'user' ->> 'sourcedId'
    where
        enrollment.status = 'active'
        and todays.today >= coalesce(left(enrollment.payload ->> 'beginDate', 10), '')
        and todays.today <= coalesce(left(enrollment.payload ->> 'endDate', 10), '9999')

),

seen_agents as not materialized (

    select sourced_id as link_id from registry.records
    where record_type = 'agent' and owner_client_id = %(viewer_client_id)s

),

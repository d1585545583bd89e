-- One student as a partner knows them: no row unless they ever had an enrollment in one of its
-- courses or were made by it; is_named while an enrollment is in force
-- and the student has not left, always for its own.
-- Parameters: student_id, client_id; zones and todays pair each school's zone with its date.
with todays as (

    select * from unnest(%(zones)s::text[], %(todays)s::text[]) as pair (zone, today)

),

enrolled as (

    select
        enrollment.status = 'active' and class.status = 'active'
        and todays.today >= coalesce(left(enrollment.payload ->> 'beginDate', 10), '')
        and todays.today <= coalesce(left(enrollment.payload ->> 'endDate', 10), '9999')
            as is_in_force
    from registry.records as enrollment
    join registry.records as class
        on class.record_type = 'class'
        and class.sourced_id = enrollment.payload -> 'class' ->> 'sourcedId'
    join registry.records as course
        on course.record_type = 'course' and course.owner_client_id = %(client_id)s
        and course.sourced_id = class.payload -> 'course' ->> 'sourcedId'
    left join registry.records as school
        on school.record_type = 'org'
        and school.sourced_id = class.payload -> 'school' ->> 'sourcedId'
    join todays on todays.zone = coalesce(school.payload -> 'metadata' ->> 'timezone', 'UTC')
    where
        enrollment.record_type = 'enrollment'
        and enrollment.payload -> 'user' ->> 'sourcedId' = %(student_id)s
        and coalesce(enrollment.payload ->> 'role', 'student') = 'student'

)

select
    coalesce(learner.owner_client_id = %(client_id)s, false)
    or (learner.status = 'active' and exists (select from enrolled where is_in_force)) as is_named
from registry.records as learner
where
    learner.record_type = 'user' and learner.sourced_id = %(student_id)s
    and (
        learner.owner_client_id = %(client_id)s
        or (not learner.is_sandbox and exists (select from enrolled))
    )

-- The newest version of each record, and since when it was known at all.
create temp table records as
select
    *,
    min(recorded_at) over (partition by record_type, sourced_id) as first_recorded_at
from lake.raw.records
qualify row_number() over (partition by record_type, sourced_id order by version desc) = 1;

create table dim_schools as
select
    sourced_id as school_id,
    payload ->> '$.name' as school_name,
    payload ->> '$.type' as org_type,
    payload ->> '$.parent.sourcedId' as parent_org_id,
    coalesce(payload ->> '$.metadata.timezone', 'UTC') as timezone,
    status = 'active' as is_active,
    is_sandbox
from records where record_type = 'org';

create table dim_students as
select
    users.sourced_id as student_id,
    payload ->> '$.givenName' as given_name,
    payload ->> '$.familyName' as family_name,
    payload ->> '$.email' as email,
    payload ->> '$.grades[0]' as grade,
    coalesce(
        payload ->> '$.primaryOrg.sourcedId', payload ->> '$.roles[0].org.sourcedId'
    ) as school_id,
    coalesce(dim_schools.timezone, 'UTC') as timezone,
    dim_schools.timezone is null as is_timezone_fallback,
    users.is_sandbox,
    owner_client_id,
    status = 'active' as is_active
from records as users
left join dim_schools
    on dim_schools.school_id = coalesce(
        payload ->> '$.primaryOrg.sourcedId', payload ->> '$.roles[0].org.sourcedId'
    )
where record_type = 'user' and list_contains(payload ->> '$.roles[*].role', 'student');

create table dim_courses as
select
    sourced_id as course_id,
    payload ->> '$.title' as course_title,
    coalesce(payload ->> '$.subjects[0]', 'Other') as subject,
    owner_client_id as client_id,
    coalesce(payload ->> '$.metadata.gradePolicy', 'best') as grade_policy,
    status = 'active' as is_active,
    is_sandbox
from records where record_type = 'course';

create table dim_classes as
select
    sourced_id as class_id,
    payload ->> '$.title' as class_title,
    payload ->> '$.course.sourcedId' as course_id,
    payload ->> '$.school.sourcedId' as school_id,
    status = 'active' as is_active,
    is_sandbox
from records where record_type = 'class';

create table dim_lessons as
with units as (
    select
        sourced_id as unit_id,
        payload ->> '$.title' as unit_title,
        payload ->> '$.course.sourcedId' as course_id,
        try_cast(payload ->> '$.sortOrder' as integer) as sort_order
    from records where record_type = 'unit'
),
lessons as (
    select
        sourced_id as lesson_id,
        payload ->> '$.title' as lesson_title,
        payload ->> '$.unit.sourcedId' as unit_id,
        payload ->> '$.course.sourcedId' as course_id,
        try_cast(payload ->> '$.sortOrder' as integer) as sort_order,
        owner_client_id as client_id,
        status = 'active' as is_active
    from records where record_type = 'lesson'
),
placed as (
    select lessons.* replace (coalesce(lessons.course_id, units.course_id) as course_id),
        unit_title, units.sort_order as unit_order
    from lessons left join units using (unit_id)
)
select
    lesson_id, lesson_title,
    row_number() over (
        partition by course_id
        order by unit_order nulls last, unit_id nulls last, sort_order nulls last, lesson_id
    )::integer as lesson_position,
    unit_id, unit_title, course_id, placed.client_id,
    coalesce(dim_courses.subject, 'Other') as subject,
    placed.is_active
from placed left join dim_courses using (course_id);

create table dim_enrollments as
with enrollments as (
    select
        sourced_id as enrollment_id,
        payload ->> '$.user.sourcedId' as student_id,
        payload ->> '$.class.sourcedId' as class_id,
        payload ->> '$.school.sourcedId' as school_id,
        coalesce(payload ->> '$.role', 'student') as role,
        coalesce(try_cast(payload ->> '$.primary' as boolean), false) as is_primary,
        try_cast(left(payload ->> '$.beginDate', 10) as date) as begin_on,
        try_cast(left(payload ->> '$.endDate', 10) as date) as end_on,
        status = 'active' as is_current
    from records where record_type = 'enrollment'
)
select
    enrollment_id, student_id, class_id, course_id, client_id,
    coalesce(enrollments.school_id, dim_classes.school_id) as school_id,
    role, is_primary, begin_on, end_on,
    is_current and dim_classes.is_active
    and timezone(coalesce(timezone, 'UTC'), getvariable('as_of'))::date
    between coalesce(begin_on, date '-infinity') and coalesce(end_on, date 'infinity')
        as is_active
from enrollments
left join dim_classes using (class_id)
left join dim_courses using (course_id)
left join dim_students using (student_id);

-- The terms that a school's classes name.
create temp table terms as
with named as (
    select unnest(payload ->> '$.terms[*].sourcedId') as term_id,
        payload ->> '$.school.sourcedId' as school_id
    from records where record_type = 'class'
)
select distinct
    named.school_id,
    try_cast(left(payload ->> '$.startDate', 10) as date) as begin_on,
    try_cast(left(payload ->> '$.endDate', 10) as date) as end_on
from named
inner join records on record_type = 'academicSession' and sourced_id = term_id;

-- XP a day that each record asks for.
create temp table goals as
select
    record_type,
    sourced_id as record_id,
    try_cast(payload ->> '$.metadata.goals.dailyXp' as decimal(18, 4)) as daily_goal_xp,
    coalesce(
        try_cast(payload -> '$.metadata.calendar.schoolDays' as integer[]), [1, 2, 3, 4, 5]
    ) as school_days,
    coalesce(try_cast(payload -> '$.metadata.calendar.holidays' as varchar[]), []) as holidays
from records where record_type in ('enrollment', 'user', 'course', 'org');

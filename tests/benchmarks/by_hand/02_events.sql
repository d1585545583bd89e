create macro seconds_between(earlier, later) as (epoch_us(later) - epoch_us(earlier)) / 1e6;

-- When a day that was over was changed.
create macro restated(known_at, local_on, timezone) as if(
    known_at > timezone(timezone, (local_on + 1)::timestamp) + interval 1 hour, known_at, null
);

create macro last_segment(ref) as try(url_decode(regexp_extract(ref, '([^/]+)/*$', 1)));

create temp table clients as
select sourced_id as client_id, payload ->> '$.name' as client_name,
    payload ->> '$.defaultAppId' as default_app_id
from records where record_type = 'client';

-- References are few: each is looked up once. An id comes bare, as urn:uuid: or ends a URL.
create temp table references_ as
with sent as (
    select distinct 'student' as kind, student_ref as ref, null as client_id from lake.raw.events
    union all
    select distinct 'course', coalesce(course_ref, object_part_ref), client_id
    from lake.raw.events
    union all
    select distinct 'lesson', coalesce(lesson_ref, assignable_ref, object_part_ref), client_id
    from lake.raw.events
),
keyed as (
    select *, unnest([ref, replace(ref, 'urn:uuid:', ''), last_segment(ref)]) as record_id
    from sent where ref is not null
)
select distinct kind, ref, keyed.client_id, record_id, first_recorded_at,
    lessons.course_id as lesson_course_id, courses.client_id = keyed.client_id as is_owned
from keyed
left join dim_students as students on kind = 'student' and student_id = record_id
left join dim_courses as courses on kind = 'course' and courses.course_id = record_id
left join dim_lessons as lessons
    on kind = 'lesson' and lesson_id = record_id and lessons.client_id = keyed.client_id
left join records
    on sourced_id = record_id and record_type = if(kind = 'student', 'user', kind)
where student_id is not null or courses.course_id is not null or lesson_id is not null;

-- Ids that came more than once: the first arrival counts.
create temp table repeated as
with hashes as (
    select client_id, event_hash from lake.raw.events group by all having count(*) > 1
)
select journal_seq, event_index,
    first_value(journal_seq) over arrival as winner_event_journal_seq,
    if(canonical_hash = first_value(canonical_hash) over arrival, 'duplicate', 'conflict')
        as verdict
from lake.raw.events semi join hashes using (client_id, event_hash)
window arrival as (partition by client_id, event_id order by journal_seq, event_index)
qualify row_number() over arrival > 1;

-- The enrollment that a student's day in a course is credited to.
create temp table enrolled_days as
with days as (
    select unnest(generate_series(min(day), max(day) + 1, interval 1 day))::date as local_on
    from lake.raw.events
)
select student_id, course_id, local_on, enrollment_id, class_id, records.first_recorded_at
from dim_enrollments as enrollments
inner join dim_students using (student_id)
inner join records on record_type = 'enrollment' and sourced_id = enrollment_id
inner join days
    on local_on between coalesce(begin_on, date '-infinity') and coalesce(end_on, date 'infinity')
where role = 'student'
qualify row_number() over (
    partition by student_id, course_id, local_on
    order by coalesce(enrollments.school_id, dim_students.school_id)
        is not distinct from dim_students.school_id desc,
        is_primary desc, begin_on desc nulls last, enrollment_id
) = 1;

create temp table judged as
with resolved as (
    select
        events.* exclude (payload, event_hash, canonical_hash, day, student_ref),
        event_time as occurred_at,
        coalesce(last_segment(app_ref), default_app_id, events.client_id) as app_id,
        coalesce(events.actor_type = 'SoftwareApplication', false) as actor_is_software,
        if(event_type = 'GradeEvent', payload ->> '$.generated.comment', null) as score_comment,
        students.student_id, students.school_id, students.timezone, is_timezone_fallback,
        timezone(students.timezone, event_time)::date as local_on,
        courses.record_id as matched_course_id, courses.is_owned,
        lessons.record_id as matched_lesson_id, lessons.lesson_course_id,
        coalesce(repeated.verdict, if(is_processed, null, 'unprocessed')) as own_verdict,
        winner_event_journal_seq,
        greatest(
            received_at, people.first_recorded_at, courses.first_recorded_at,
            lessons.first_recorded_at
        ) as recorded_at
    from lake.raw.events as events
    left join repeated using (journal_seq, event_index)
    left join clients using (client_id)
    left join references_ as people on people.kind = 'student' and student_ref = people.ref
    left join dim_students as students on people.record_id = students.student_id
    left join references_ as courses
        on courses.kind = 'course' and coalesce(course_ref, object_part_ref) = courses.ref
        and events.client_id = courses.client_id
    left join references_ as lessons
        on lessons.kind = 'lesson'
        and coalesce(lesson_ref, assignable_ref, object_part_ref) = lessons.ref
        and events.client_id = lessons.client_id
),
reasoned as (
    select
        * exclude (matched_course_id, is_owned, matched_lesson_id, lesson_course_id, own_verdict),
        case
            when own_verdict is not null then null
            when student_id is null then 'unknown_student'
            when event_type = 'SessionEvent' then null
            when matched_course_id is null then 'unknown_course'
            when not is_owned then 'course_not_owned'
            when matched_lesson_id is null then 'unknown_lesson'
            when lesson_course_id is distinct from matched_course_id then 'lesson_not_in_course'
        end as reason,
        coalesce(own_verdict, if(reason is null, 'accepted', 'quarantined')) as verdict,
        if(is_owned, matched_course_id, null) as course_id,
        if(is_owned and lesson_course_id = matched_course_id, matched_lesson_id, null)
            as lesson_id
    from resolved
)
select
    reasoned.* replace (coalesce(dim_courses.subject, reasoned.subject, 'Other') as subject),
    enrollment_id, class_id,
    greatest(recorded_at, first_recorded_at) as known_at
from reasoned
left join dim_courses using (course_id)
left join enrolled_days using (student_id, course_id, local_on);


-- What each touched event refers to, as far as roster and catalog know it. Where a grade's actor is
-- no student, it is that of the attempt's assignee: a teacher's. The course is the one
-- that was sent, else object.isPartOf where that is a course. Candidates for the lesson in order:
-- extensions.lesson.id, assignable.id, assignable.isPartOf.id, and object.isPartOf unless that is a
-- course. The first one that the client's catalog knows counts; two different known ones contradict
-- each other. Of the versions of a record the first holds since ever, and of two recorded in one
-- instant the newest; a day has the course's subject of the last version recorded on it.
with referred as (

    select * from {{ ref('int_references__resolved') }}

),

apps as (

    select app_ref, {{ last_segment('app_ref') }} as app_id
    from (select distinct app_ref from {{ ref('int_events__touched') }})

),

clients as (

    select client_id, default_app_id from {{ ref('stg_catalog__clients') }}
    qualify row_number() over (partition by client_id order by version desc) = 1

),

zones as (

    select distinct timezone from {{ ref('int_students__dated') }}
    union
    select 'UTC'

),

courses as (

    select
        courses.course_id,
        courses.subject,
        zones.timezone,
        if(
            courses.recorded_at = min(courses.recorded_at) over (partition by courses.course_id),
            date '-infinity',
            {{ local_date('courses.recorded_at', 'zones.timezone') }}
        ) as known_from_on,
        coalesce(
            lead({{ local_date('courses.recorded_at', 'zones.timezone') }}) over (
                partition by courses.course_id, zones.timezone
                order by courses.recorded_at, courses.version
            ),
            date 'infinity'
        ) as known_to_on
    from {{ ref('stg_catalog__courses') }} as courses
    cross join zones

),

lessons as (

    select
        lesson_id,
        status,
        if(recorded_at = min(recorded_at) over versions, timestamptz '-infinity', recorded_at)
            as known_from_at,
        coalesce(
            lead(recorded_at) over (partition by lesson_id order by recorded_at),
            timestamptz 'infinity'
        ) as known_to_at
    from {{ ref('stg_catalog__lessons') }}
    window versions as (partition by lesson_id)
    qualify
        row_number() over (partition by lesson_id, recorded_at order by version desc) = 1

),

joined as (

    select
        events.*,
        coalesce(apps.app_id, clients.default_app_id, events.client_id) as app_id,
        repeated.repetition,
        repeated.winner_event_journal_seq,
        dated.student_id,
        dated.school_id,
        dated.timezone,
        dated.is_timezone_fallback,
        {{ local_date('events.occurred_at', 'dated.timezone') }} as local_on,
        matched_courses.course_id as matched_course_id,
        matched_courses.is_course_owned,
        coalesce(
            sent.lesson_id, assignables.lesson_id, assignable_parts.lesson_id, parts.lesson_id
        ) as matched_lesson_id,
        sent.lesson_id is not null as is_lesson_explicit,
        least(sent.lesson_id, assignables.lesson_id, assignable_parts.lesson_id, parts.lesson_id)
        <> greatest(
            sent.lesson_id, assignables.lesson_id, assignable_parts.lesson_id, parts.lesson_id
        ) as is_lesson_conflict
    from {{ ref('int_events__touched') }} as events
    left join {{ ref('int_events__repeated') }} as repeated using (journal_seq, event_index)
    left join apps using (app_ref)
    left join clients on events.client_id = clients.client_id
    left join referred as students
        on events.client_id = students.client_id and events.student_ref = students.reference
    left join referred as assignees
        on events.client_id = assignees.client_id and events.assignee_ref = assignees.reference
    left join {{ ref('int_students__dated') }} as dated
        on coalesce(students.student_id, assignees.student_id) = dated.student_id
        and events.occurred_at >= dated.valid_from_at
        and events.occurred_at < dated.valid_to_at
    left join referred as matched_courses
        on events.client_id = matched_courses.client_id
        and coalesce(nullif(events.course_ref, ''), events.object_part_ref)
        = matched_courses.reference
    left join referred as sent
        on events.client_id = sent.client_id and events.lesson_ref = sent.reference
    left join referred as assignables
        on events.client_id = assignables.client_id
        and events.assignable_ref = assignables.reference
    left join referred as assignable_parts
        on events.client_id = assignable_parts.client_id
        and events.assignable_part_ref = assignable_parts.reference
    left join referred as parts
        on events.client_id = parts.client_id
        and case
            when coalesce(events.object_part_type, '') not in {{ course_types() }}
                then events.object_part_ref
        end = parts.reference

),

final as (

    select
        joined.*,
        courses.subject as course_subject,
        owned_lessons.course_id as lesson_course_id,
        coalesce(lessons.status = 'tobedeleted', false) as is_lesson_deleted
    from joined
    left join courses
        on joined.matched_course_id = courses.course_id
        and coalesce(joined.timezone, 'UTC') = courses.timezone
        and coalesce(joined.local_on, cast(joined.occurred_at as date)) >= courses.known_from_on
        and coalesce(joined.local_on, cast(joined.occurred_at as date)) < courses.known_to_on
    left join {{ ref('dim_lessons') }} as owned_lessons
        on joined.matched_lesson_id = owned_lessons.lesson_id
    left join lessons
        on joined.matched_lesson_id = lessons.lesson_id
        and joined.occurred_at >= lessons.known_from_at
        and joined.occurred_at < lessons.known_to_at

)

select * from final

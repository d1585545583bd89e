-- What each touched event refers to, as far as roster and catalog know it. Of the versions of a
-- record the first holds since ever, and of two recorded in one instant the newest.
with courses as (

    select
        course_id,
        subject,
        if(recorded_at = min(recorded_at) over versions, timestamptz '-infinity', recorded_at)
            as known_from_at
    from {{ ref('stg_catalog__courses') }}
    window versions as (partition by course_id)
    qualify
        row_number() over (partition by course_id, recorded_at order by version desc) = 1

),

lessons as (

    select
        lesson_id,
        status,
        if(recorded_at = min(recorded_at) over versions, timestamptz '-infinity', recorded_at)
            as known_from_at
    from {{ ref('stg_catalog__lessons') }}
    window versions as (partition by lesson_id)
    qualify
        row_number() over (partition by lesson_id, recorded_at order by version desc) = 1

),

joined as (

    select
        events.*,
        ranked.repetition,
        ranked.winner_event_journal_seq,
        students.student_id,
        students.school_id,
        students.local_on,
        students.timezone,
        students.is_timezone_fallback,
        matched_courses.course_id as matched_course_id,
        matched_courses.is_owned as is_course_owned,
        matched_lessons.lesson_id as matched_lesson_id,
        matched_lessons.lesson_course_id,
        matched_lessons.is_explicit as is_lesson_explicit,
        matched_lessons.is_conflict as is_lesson_conflict,
        {{ start_of_day('coalesce(students.local_on, cast(events.occurred_at as date)) + 1',
            "coalesce(students.timezone, 'UTC')") }} as day_ends_at
    from {{ ref('int_events__touched') }} as events
    inner join {{ ref('int_events__ranked') }} as ranked using (journal_seq, event_index)
    left join {{ ref('int_events__students') }} as students using (journal_seq, event_index)
    left join {{ ref('int_events__courses') }} as matched_courses
        using (journal_seq, event_index)
    left join {{ ref('int_events__lessons') }} as matched_lessons
        using (journal_seq, event_index)

),

final as (

    select
        joined.*,
        courses.subject as course_subject,
        coalesce(lessons.status = 'tobedeleted', false) as is_lesson_deleted
    from joined
    asof left join courses
        on joined.matched_course_id = courses.course_id
        and joined.day_ends_at > courses.known_from_at
    asof left join lessons
        on joined.matched_lesson_id = lessons.lesson_id
        and joined.occurred_at >= lessons.known_from_at

)

select * from final

-- Rule X5: credit goes to one enrollment, an active student enrollment in a class of that course
-- on that local day; tie: the student's school, then primary, latest begin, smallest id.
with events as (

    select journal_seq, event_index, student_id, school_id, course_id, local_on, occurred_at
    from {{ ref('int_events__judged') }}
    where verdict = 'accepted' and course_id is not null

),

enrollments as (

    select * from {{ ref('int_enrollments__current') }} where role = 'student'

),

chosen as (

    select
        events.journal_seq,
        events.event_index,
        events.local_on,
        enrollments.enrollment_id,
        enrollments.class_id
    from events
    inner join enrollments
        on events.student_id = enrollments.student_id
        and events.course_id = enrollments.course_id
        and events.local_on >= coalesce(enrollments.begin_on, date '-infinity')
        and events.local_on <= coalesce(enrollments.end_on, date 'infinity')
        and events.occurred_at < coalesce(enrollments.ended_at, timestamptz 'infinity')
    qualify row_number() over (
        partition by events.journal_seq, events.event_index
        order by
            coalesce(enrollments.school_id, events.school_id) is not distinct from events.school_id
            desc,
            enrollments.is_primary desc,
            enrollments.begin_on desc nulls last,
            enrollments.enrollment_id asc
    ) = 1

),

-- Since when the roster says so: the first version whose days hold the event's.
final as (

    select
        chosen.journal_seq,
        chosen.event_index,
        chosen.enrollment_id,
        chosen.class_id,
        min(versions.recorded_at) as enrolled_at
    from chosen
    left join {{ ref('stg_catalog__enrollments') }} as versions
        on
            chosen.enrollment_id = versions.enrollment_id
            and versions.status = 'active'
            and chosen.local_on >= coalesce(versions.begin_on, date '-infinity')
            and chosen.local_on <= coalesce(versions.end_on, date 'infinity')
    group by chosen.journal_seq, chosen.event_index, chosen.enrollment_id, chosen.class_id

)

select * from final

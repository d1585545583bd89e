with students as (

    select * from {{ ref('int_off_track__students') }}

),

struggling as (

    select
        mastery.student_id,
        mastery.lesson_id,
        mastery.last_ten_ratio,
        mastery.last_ten_count
    from {{ ref('fct_lesson_mastery') }} as mastery
    inner join {{ ref('dim_lessons') }} as lessons
        on mastery.lesson_id = lessons.lesson_id and lessons.is_active
    where mastery.is_struggling

),

flags as (

    select student_id, reason, measured, evidence_count, null as lesson_id
    from {{ ref('int_off_track__days') }}
    union all
    select student_id, reason, measured, evidence_count, null from {{ ref('int_off_track__week') }}
    union all
    select student_id, 'struggling_lesson', last_ten_ratio, last_ten_count, lesson_id
    from struggling

),

final as (

    select
        flags.student_id,
        students.today as flagged_on,
        students.school_id,
        flags.reason,
        flags.measured::double as measured,
        case flags.reason
            when 'no_events' then {{ var('off_track_silent_days') }}
            when 'goal_missed' then {{ var('off_track_goals_missed') }}
            when 'low_accuracy' then {{ var('off_track_accuracy_ratio') }}
            when 'idle' then {{ var('off_track_idle_ratio') }}
            when 'struggling_lesson' then {{ var('struggling_ratio') }}
            when 'xp_review' then 1
        end::double as threshold,
        flags.evidence_count::bigint as evidence_count,
        case flags.reason
            when 'no_events' then 'school_days'
            when 'goal_missed' then 'school_days'
            when 'low_accuracy' then 'answers'
            when 'idle' then 'minutes'
            when 'struggling_lesson' then 'answers'
            when 'xp_review' then 'ledger_entries'
        end as evidence_unit,
        flags.lesson_id::varchar as lesson_id
    from flags
    inner join students on flags.student_id = students.student_id
    order by flags.student_id, flags.reason, flags.lesson_id

)

select * from final

with grades as (

    select * from {{ ref('int_ledger__chained') }}

),

added as (

    select
        *,
        event_id as source_event_id,
        case when corrected_event_id is null then 'earn' else 'correct' end as kind
    from grades

),

reversed as (

    select
        * replace (-xp as xp, correction_known_at as known_at),
        correcting_event_id as source_event_id,
        'reverse' as kind
    from grades
    where correcting_event_id is not null

),

entries as (

    select * from added
    union all
    select * from reversed

),

final as (

    select
        {{ uuid5("to_json(['ledger', client_id, source_event_id, kind])::varchar") }} as entry_id,
        kind,
        case when enrollment_id is null then 'pending_enrollment' else 'credited' end as status,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        enrollment_id,
        class_id,
        school_id,
        source_event_id,
        attempt_ref,
        occurred_at as earned_at,
        local_on as earned_on,
        timezone,
        is_timezone_fallback,
        {{ restated_at('known_at', 'local_on', 'timezone') }} as restated_at,
        xp
    from entries

)

select * from final

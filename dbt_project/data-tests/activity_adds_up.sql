-- What the day's activity says of a lesson is what ledger, segments and item responses say of it
-- (rule X9: by day = by lesson).
with activity as (

    select
        student_id,
        local_on,
        coalesce(lesson_id, '') as lesson_id,
        sum(xp) as xp,
        sum(active_seconds) as active_seconds,
        sum(client_active_seconds) as client_active_seconds,
        sum(total_questions) as total_questions
    from {{ ref('agg_student_day_lesson__activity') }}
    where {{ is_touched(days('student_id', 'local_on')) }}
    group by all

),

ledger as (

    select student_id, earned_on as local_on, coalesce(lesson_id, '') as lesson_id, sum(xp) as xp
    from {{ ref('fct_xp_ledger') }}
    where {{ is_touched(days('student_id', 'earned_on')) }}
    group by all

),

segments as (

    select
        student_id,
        local_on,
        coalesce(lesson_id, '') as lesson_id,
        sum(seconds) filter (where is_counted) as active_seconds,
        sum(seconds) filter (where is_counted_for_client) as client_active_seconds
    from {{ ref('fct_activity_segments') }}
    where state = 'active' and {{ is_touched(days('student_id', 'local_on')) }}
    group by all

),

items as (

    select
        student_id,
        answered_on as local_on,
        coalesce(lesson_id, '') as lesson_id,
        sum(question_count) as total_questions
    from (
        select student_id, answered_on, lesson_id, 1 as question_count
        from {{ ref('fct_item_responses') }}
        where {{ is_touched(days('student_id', 'answered_on')) }}
        union all
        select student_id, scored_on, lesson_id, item_count
        from {{ ref('int_attempts__results') }}
        where has_counts_alone and {{ is_touched(days('student_id', 'scored_on')) }}
    )
    group by all

),

compared as (

    select
        student_id,
        local_on,
        lesson_id,
        coalesce(activity.xp, 0) - coalesce(ledger.xp, 0) as xp_difference,
        coalesce(activity.active_seconds, 0) - coalesce(segments.active_seconds, 0)
            as seconds_difference,
        coalesce(activity.client_active_seconds, 0) - coalesce(segments.client_active_seconds, 0)
            as client_seconds_difference,
        coalesce(activity.total_questions, 0) - coalesce(items.total_questions, 0)
            as questions_difference
    from activity
    full join ledger using (student_id, local_on, lesson_id)
    full join segments using (student_id, local_on, lesson_id)
    full join items using (student_id, local_on, lesson_id)

)

select * from compared
where
    xp_difference <> 0
    or abs(seconds_difference) > 0.001
    or abs(client_seconds_difference) > 0.001
    or questions_difference <> 0

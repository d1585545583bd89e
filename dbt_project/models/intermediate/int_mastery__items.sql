{{ config(meta={'full_kind': 'table'}) }}

with answers as (

    select
        student_id,
        lesson_id,
        list(is_correct::double order by answered_at, response_id) as answers,
        list(session_id order by answered_at, response_id) as sessions
    from {{ ref('fct_item_responses') }}
    where is_scored and {{ in_lessons('student_id', 'lesson_id', 'answered_on') }}
    group by all

),

final as (

    select
        student_id,
        lesson_id,
        len(answers) as item_count,
        list_sum(answers)::bigint as correct_count,
        list_avg(answers[-{{ var('mastery_last_items') }}:]) as last_ten_ratio,
        least(len(answers), {{ var('mastery_last_items') }}) as last_ten_count,
        len(answers) >= {{ var('mastered_item_count') }}
        and list_unique(sessions[-{{ var('mastery_last_items') }}:])
        >= {{ var('mastered_session_count') }}
        and last_ten_ratio >= {{ var('proficient_ratio') }} as is_proficient,
        (
            len(answers) >= {{ var('struggling_wrong_in_a_row') }}
            and list_sum(answers[-{{ var('struggling_wrong_in_a_row') }}:]) = 0
        )
        or (
            len(answers) >= {{ var('struggling_tries') }}
            and list_avg(answers[-{{ var('mastery_last_items') }}:]) < {{ var('struggling_ratio') }}
        ) as is_struggling,
        list_reduce(
            answers,
            lambda known, correct: {{ known_after('known', 'correct') }},
            {{ var('known_at_first') }}::double
        ) as p_known
    from answers

)

select * from final

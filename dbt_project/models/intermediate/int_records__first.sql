with final as (

    select 'user' as record_type, user_id as record_id, min(recorded_at) as first_recorded_at
    from {{ ref('stg_catalog__users') }}
    group by user_id
    union all
    select 'course', course_id, min(recorded_at) from {{ ref('stg_catalog__courses') }}
    group by course_id
    union all
    select 'lesson', lesson_id, min(recorded_at) from {{ ref('stg_catalog__lessons') }}
    group by lesson_id

)

select * from final

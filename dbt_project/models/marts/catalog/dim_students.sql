with latest as (

    select * from {{ ref('stg_catalog__users') }}
    qualify row_number() over (partition by user_id order by version desc) = 1

),

student_ids as (

    select distinct user_id from {{ ref('stg_catalog__users') }} where is_student

),

zones as (

    select * from {{ ref('int_students__dated') }}
    qualify row_number() over (partition by student_id order by valid_from_at desc) = 1

),

final as (

    select
        latest.user_id as student_id,
        latest.given_name,
        latest.family_name,
        latest.email,
        {{ grade_code('latest.grade') }} as grade,
        latest.school_id,
        zones.timezone,
        zones.is_timezone_fallback,
        latest.is_sandbox,
        latest.owner_client_id,
        latest.status = 'active' and latest.is_student as is_active
    from latest
    semi join student_ids on latest.user_id = student_ids.user_id
    left join zones on latest.user_id = zones.student_id
    order by student_id

)

select * from final

{{ config(materialized='table') }}

-- Student enrollments that changed since the last build, by themselves or with their class: whom
-- they named then and name now. And those that began or ended with time alone.
with changed as (

    select * from {{ ref('int_records__changed') }}

),

versions as (

    select enrollment_id, student_id, class_id from {{ ref('stg_catalog__enrollments') }}

),

final as (

    select versions.enrollment_id, versions.student_id, true as is_recorded
    from versions
    semi join changed
        on changed.record_type = 'enrollment' and changed.record_id = versions.enrollment_id
    union
    select versions.enrollment_id, versions.student_id, true
    from versions
    semi join changed
        on changed.record_type = 'class' and changed.record_id = versions.class_id
    union
    select enrollment_id, student_id, false
    from {{ ref('int_enrollments__current') }}
    where
        begin_on between {{ marked_as_of() }} - to_days(2) and {{ as_of() }} + to_days(2)
        or end_on between {{ marked_as_of() }} - to_days(2) and {{ as_of() }} + to_days(2)

)

select * from final

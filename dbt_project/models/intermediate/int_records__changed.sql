{{ config(materialized='table') }}

{% set is_new = 'load_id > ' ~ marked_load_id() %}

with users as (

    select user_id, school_id, load_id from {{ ref('stg_catalog__users') }}

),

enrollments as (

    select enrollment_id, student_id, class_id, load_id from {{ ref('stg_catalog__enrollments') }}

),

lessons as (

    select lesson_id, unit_id, load_id from {{ ref('stg_catalog__lessons') }}

),

changed_classes as (

    select class_id from {{ ref('stg_catalog__classes') }} where {{ is_new }}

),

changed_orgs as (

    select org_id from {{ ref('stg_catalog__orgs') }} where {{ is_new }}

),

changed_units as (

    select unit_id from {{ ref('stg_catalog__units') }} where {{ is_new }}

),

changed_enrollments as (

    select enrollment_id from enrollments where {{ is_new }}
    union
    select enrollment_id from enrollments semi join changed_classes using (class_id)

),

final as (

    select 'user' as record_type, user_id as record_id from users where {{ is_new }}
    union
    select 'user', user_id from users semi join changed_orgs on school_id = org_id
    union
    select 'user', student_id from enrollments semi join changed_enrollments using (enrollment_id)
    union
    select 'course', course_id from {{ ref('stg_catalog__courses') }} where {{ is_new }}
    union
    select 'lesson', lesson_id from lessons where {{ is_new }}
    union
    select 'lesson', lesson_id from lessons semi join changed_units using (unit_id)
    union
    select 'client', client_id from {{ ref('stg_catalog__clients') }} where {{ is_new }}

)

select * from final

{{ config(
    materialized='incremental',
    meta={'units': [
        keys('int_lessons__linking', ['student_id', 'lesson_id', 'linked_lesson_id']),
    ]},
) }}

-- Kept for good: a pair too many costs time and is never wrong.
select * from {{ ref('int_lessons__linking') }}

{{ config(materialized='table') }}

-- The students whose figures a build redoes: named by a touched event or a changed record, or
-- active when the last build closed its books, when a session of theirs may have been open.
with named as (

    select unnest(student_keys) as student_id from {{ ref('int_events__touched') }}
    union
    select record_id as student_id
    from {{ ref('int_records__changed') }}
    where record_type = 'user'
    union
    select student_id
    from {{ ref('int_events__verdicts') }}
    where
        occurred_at
        >= {{ marked_as_of() }} - to_minutes({{ var('bracketed_gap_minutes') }})

),

final as (

    select students.student_id
    from {{ ref('dim_students') }} as students
    semi join named on students.student_id = named.student_id
    order by students.student_id

)

select * from final

-- The course is the one that was sent, else object.isPartOf where that is a course: by its type,
-- or because the client has a course of that id.
with candidates as (

    select
        journal_seq,
        event_index,
        client_id,
        unnest(if(len(course_keys) > 0, course_keys, part_keys)) as course_key,
        generate_subscripts(if(len(course_keys) > 0, course_keys, part_keys), 1) as key_position
    from {{ ref('int_events__touched') }}

),

matched as (

    select
        candidates.*,
        courses.course_id,
        coalesce(courses.client_id = candidates.client_id, false) as is_owned
    from candidates
    inner join {{ ref('dim_courses') }} as courses on candidates.course_key = courses.course_id
    qualify row_number() over (
        partition by candidates.journal_seq, candidates.event_index
        order by is_owned desc, candidates.key_position asc
    ) = 1

),

final as (

    select journal_seq, event_index, course_id, is_owned from matched

)

select * from final

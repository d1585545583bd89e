-- Candidates in order: extensions.lesson.id, assignable.id, assignable.isPartOf.id, and
-- object.isPartOf unless that is a course. The first one that the client's catalog knows counts;
-- two different known ones contradict each other.
with events as (

    select * from {{ ref('int_events__touched') }}

),

candidates as (

    select journal_seq, event_index, client_id, 1 as position, lesson_keys as keys from events
    union all
    select journal_seq, event_index, client_id, 2, assignable_keys from events
    union all
    select journal_seq, event_index, client_id, 3, assignable_part_keys from events
    union all
    select journal_seq, event_index, client_id, 4, part_keys
    from events
    where
        coalesce(object_part_type, '') not in {{ course_types() }}

),

keys as (

    select
        journal_seq,
        event_index,
        client_id,
        position,
        unnest(keys) as lesson_key,
        generate_subscripts(keys, 1) as key_position
    from candidates

),

matched as (

    select
        keys.*,
        lessons.lesson_id,
        lessons.course_id
    from keys
    inner join {{ ref('dim_lessons') }} as lessons
        on keys.lesson_key = lessons.lesson_id and keys.client_id = lessons.client_id
    qualify row_number() over (
        partition by keys.journal_seq, keys.event_index, keys.position order by keys.key_position
    ) = 1

),

final as (

    select
        journal_seq,
        event_index,
        min_by(lesson_id, position) as lesson_id,
        min_by(course_id, position) as lesson_course_id,
        min(position) = 1 as is_explicit,
        count(distinct lesson_id) > 1 as is_conflict
    from matched
    group by journal_seq, event_index

)

select * from final

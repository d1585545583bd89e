with source as (

    select * from {{ source('raw', 'events') }}

),

final as (

    select
        load_id,
        journal_seq,
        event_index,
        receipt_id,
        client_id,
        received_at,
        day,
        event_time as occurred_at,
        event_id,
        event_hash,
        canonical_hash,
        is_processed,
        event_type,
        action,
        actor_ref,
        coalesce(actor_type = 'SoftwareApplication', false) as actor_is_software,
        student_ref,
        app_ref,
        session_ref,
        course_ref,
        object_part_ref,
        object_part_type,
        lesson_ref,
        assignable_ref,
        assignable_type,
        assignable_part_ref,
        object_ref,
        object_type,
        object_name,
        generated_ref,
        generated_type,
        attempt_ref,
        attempt_part_ref,
        score_type,
        score_given,
        max_score,
        is_correct,
        question_count,
        correct_count,
        duration_seconds,
        subject,
        payload ->> '$.generated.comment' as score_comment,
        case
            when event_type = 'GradeEvent'
                then coalesce(
                    payload ->> '$.object.assignee.id', payload ->> '$.object.assignee'
                )
        end as assignee_ref
    from source

)

select * from final

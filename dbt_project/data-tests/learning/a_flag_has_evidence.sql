-- Ruling m: a flag stands on something, and counts no more of it than there is.
select student_id, reason, lesson_id from {{ ref('fct_off_track_flags') }}
where
    evidence_count < 1
    or measured > if(reason in ('no_events', 'goal_missed', 'xp_review'), evidence_count, 1)

-- Rule S5: three numbers, and the first is the sum of the other two.
select * from {{ ref('fct_sessions') }}
where
    (abs(session_seconds - active_seconds - idle_seconds) > 0.001 or active_seconds < 0)
    and {{ in_window('student_id', 'started_at') }}

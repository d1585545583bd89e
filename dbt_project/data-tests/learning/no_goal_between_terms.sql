-- Ruling p: outside a school's terms there is no goal, no school day, and no day to judge.
select * from {{ ref('fct_daily_goals') }}
where
    not is_in_term
    and (goal_xp is not null or is_school_day or status <> 'no_school')
    and {{ is_touched(goal_days('student_id', 'local_on')) }}

-- Rule X9: what a day earned toward its goal is what the ledger credited on it.
with days as (

    select student_id, local_on, earned_xp
    from {{ ref('fct_daily_goals') }}
    where subject = 'All' and {{ is_touched(goal_days('student_id', 'local_on')) }}

),

ledger as (

    select student_id, earned_on as local_on, sum(xp) as credited_xp
    from {{ ref('fct_xp_ledger') }}
    where status = 'credited' and {{ is_touched(goal_days('student_id', 'earned_on')) }}
    group by all

)

select days.student_id, days.local_on
from days
left join ledger using (student_id, local_on)
where days.earned_xp <> coalesce(ledger.credited_xp, 0)

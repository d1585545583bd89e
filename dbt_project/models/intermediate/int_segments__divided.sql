-- Rule S6: at each instant the student's clock counts for one session: an active one before an
-- idle one, then the app with the latest event at or before the instant, then the smallest app id.
-- Ruling d: and so for each client, among the sessions of its own apps.
with stated as (

    select * from {{ ref('int_segments__contested') }}

),

cuts as (

    select student_id, stretch, started_at as cut_at from stated where is_contested
    union
    select student_id, stretch, ended_at from stated where is_contested

),

slices as (

    select
        stated.* exclude (started_at, ended_at),
        cuts.cut_at as started_at,
        coalesce(
            lead(cuts.cut_at) over (
                partition by stated.session_id, stated.started_at order by cuts.cut_at
            ),
            stated.ended_at
        ) as ended_at
    from stated
    inner join cuts
        on stated.student_id = cuts.student_id
        and stated.stretch = cuts.stretch
        and cuts.cut_at >= stated.started_at
        and cuts.cut_at < stated.ended_at
    where stated.is_contested

),

divided as (

    select
        *,
        row_number() over (
            partition by student_id, started_at
            order by state asc, last_event_at desc, app_id asc, client_id asc, session_id asc
        ) = 1 as is_counted,
        row_number() over (
            partition by student_id, client_id, started_at
            order by state asc, last_event_at desc, app_id asc, session_id asc
        ) = 1 as is_counted_for_client
    from slices

),

final as (

    select
        *,
        true as is_counted,
        true as is_counted_for_client
    from stated
    where not is_contested
    union all by name
    select * from divided

)

select * from final

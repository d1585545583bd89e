{{ config(materialized='table') }}

-- One row per enrolled student and local day, with the school that judged it and its calendar.
with days as (

    select
        student_id,
        today,
        unnest(generate_series(first_on, last_on, interval 1 day))::date as local_on
    from {{ ref('int_goals__students') }}

),

placed as (

    select
        days.student_id,
        days.today,
        days.local_on,
        dated.school_id,
        dated.timezone,
        {{ start_of_day('days.local_on + 1', 'dated.timezone') }} as ends_at
    from days
    inner join {{ ref('int_students__dated') }} as dated
        on
            days.student_id = dated.student_id
            and {{ start_of_day('days.local_on', 'dated.timezone') }} + interval 12 hour
            >= dated.valid_from_at
            and {{ start_of_day('days.local_on', 'dated.timezone') }} + interval 12 hour
            < dated.valid_to_at

),

schools as (

    select * from {{ ref('int_goals__versions') }}
    where goal_level = 'school'

),

students as (

    select * from {{ ref('int_goals__versions') }}
    where goal_level = 'student'

),

school_days as (

    select distinct school_id, local_on, ends_at from placed

),

-- Ruling p: a school of which no term is known is always in term.
terms as (

    select
        school_days.*,
        bool_or(
            school_days.local_on >= coalesce(terms.begin_on, date '-infinity')
            and school_days.local_on <= coalesce(terms.end_on, date 'infinity')
        ) as is_in_term
    from school_days
    inner join {{ ref('int_goals__terms') }} as terms
        on
            school_days.school_id = terms.school_id
            and school_days.ends_at <= coalesce(terms.ended_at, timestamptz 'infinity')
    group by school_days.school_id, school_days.local_on, school_days.ends_at

),

final as (

    select
        placed.*,
        schools.daily_goal_xp as school_goal_xp,
        students.daily_goal_xp as student_goal_xp,
        coalesce(terms.is_in_term, true) as is_in_term,
        coalesce(terms.is_in_term, true)
        and list_contains(
            coalesce(schools.school_days, {{ var('school_days') }}), isodow(placed.local_on)
        )
        and not list_contains(coalesce(schools.holidays, []), placed.local_on::varchar)
            as is_school_day
    from placed
    asof left join schools
        on placed.school_id = schools.record_id and placed.ends_at > schools.known_from_at
    asof left join students
        on placed.student_id = students.record_id and placed.ends_at > students.known_from_at
    left join terms
        on
            placed.school_id = terms.school_id
            and placed.local_on = terms.local_on
            and placed.ends_at = terms.ends_at
    qualify
        row_number() over (
            partition by placed.student_id, placed.local_on
            order by placed.ends_at, placed.school_id
        ) = 1

)

select * from final

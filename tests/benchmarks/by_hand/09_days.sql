create table agg_student_day_lesson__activity as
with measures as (
    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        if(state = 'active', seconds, 0) as own_active_seconds,
        if(state = 'idle', seconds, 0) as own_idle_seconds,
        if(is_counted, own_active_seconds, 0) as active_seconds,
        if(is_counted, own_idle_seconds, 0) as idle_seconds,
        if(is_counted_for_client, own_active_seconds, 0) as client_active_seconds,
        if(is_counted_for_client, own_idle_seconds, 0) as client_idle_seconds
    from fct_activity_segments
    union all by name
    select
        student_id, earned_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        xp, if(status = 'credited', xp, 0) as credited_xp, restated_at
    from fct_xp_ledger
    union all by name
    select
        student_id, answered_on as local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as total_questions, is_scored::integer as scored_questions,
        coalesce(is_correct, false)::integer as correct_questions
    from fct_item_responses
    union all by name
    select
        student_id, first_mastered_on as local_on, client_id, app_id, course_id, lesson_id,
        mastered.subject, 1 as mastered_lessons
    from mastered inner join dim_lessons using (lesson_id) where app_id is not null
    union all by name
    select
        student_id, local_on, client_id, app_id, course_id, lesson_id, subject,
        1 as event_count, restated(known_at, local_on, timezone) as restated_at
    from judged where verdict = 'accepted'
)
select
    student_id, local_on, school_id, client_id, app_id, course_id, lesson_id, subject,
    coalesce(sum(xp), 0)::decimal(18, 4) as xp,
    coalesce(sum(credited_xp), 0)::decimal(18, 4) as credited_xp,
    coalesce(sum(total_questions), 0)::bigint as total_questions,
    coalesce(sum(correct_questions), 0)::bigint as correct_questions,
    coalesce(sum(scored_questions), 0)::bigint as scored_questions,
    coalesce(sum(mastered_lessons), 0)::bigint as mastered_lessons,
    coalesce(round(sum(active_seconds), 6), 0) as active_seconds,
    coalesce(round(sum(idle_seconds), 6), 0) as idle_seconds,
    coalesce(round(sum(client_active_seconds), 6), 0) as client_active_seconds,
    coalesce(round(sum(client_idle_seconds), 6), 0) as client_idle_seconds,
    coalesce(round(sum(own_active_seconds), 6), 0) as own_active_seconds,
    coalesce(round(sum(own_idle_seconds), 6), 0) as own_idle_seconds,
    coalesce(sum(event_count), 0)::bigint as event_count, max(restated_at) as restated_at
from measures inner join dim_students using (student_id)
group by all order by student_id, local_on;

-- Each day of an enrolled student, from the first enrollment or event to today or the last one.
create temp table calendar as
with enrolled as (
    select student_id, students.school_id, timezone,
        timezone(timezone, getvariable('as_of'))::date as today,
        min(greatest(begin_on, timezone(timezone, first_recorded_at)::date)) as begin_on,
        max(end_on) as end_on
    from dim_enrollments as enrollments
    inner join dim_students as students using (student_id)
    inner join records on record_type = 'enrollment' and sourced_id = enrollment_id
    where role = 'student'
    group by student_id, students.school_id, timezone
),
active as (
    select student_id, min(local_on) as first_on, max(local_on) as last_on
    from agg_student_day_lesson__activity where event_count > 0 group by all
),
days as (
    select student_id, enrolled.school_id, timezone, today,
        unnest(generate_series(
            least(begin_on, first_on, today),
            least(greatest(coalesce(end_on, today), last_on), today), interval 1 day
        ))::date as local_on
    from enrolled left join active using (student_id)
),
in_term as (
    select school_id, local_on,
        bool_or(
            local_on between coalesce(terms.begin_on, date '-infinity')
            and coalesce(terms.end_on, date 'infinity')
        ) as is_in_term
    from (select distinct school_id, local_on from days) inner join terms using (school_id)
    group by all
)
select
    student_id, days.school_id, timezone, today, local_on, daily_goal_xp as school_goal_xp,
    coalesce(is_in_term, true) as is_in_term,
    coalesce(is_in_term, true)
    and list_contains(coalesce(school_days, [1, 2, 3, 4, 5]), isodow(local_on))
    and not list_contains(coalesce(holidays, []), local_on::varchar) as is_school_day
from days
left join in_term using (school_id, local_on)
left join goals on goals.record_type = 'org' and record_id = days.school_id;

create table fct_daily_goals as
with enrolled as (
    select calendar.*, enrollments.course_id, enrollment_id, courses.subject,
        own.daily_goal_xp as enrollment_goal_xp, student.daily_goal_xp as student_goal_xp,
        course.daily_goal_xp as course_goal_xp,
        count(distinct coalesce(courses.subject, '')) over (partition by student_id, local_on)
        * count(*) over (partition by student_id, local_on, coalesce(courses.subject, ''))
            as share_count
    from calendar
    inner join enrolled_days as enrollments using (student_id, local_on)
    inner join dim_courses as courses using (course_id)
    left join goals as own on own.record_type = 'enrollment' and own.record_id = enrollment_id
    left join goals as student
        on student.record_type = 'user' and student.record_id = student_id
    left join goals as course on course.record_type = 'course' and course.record_id = course_id
    where is_in_term
),
asked as (
    select
        student_id, local_on, subject,
        case
            when enrollment_goal_xp is not null then 'enrollment'
            when student_goal_xp is not null then 'student'
            when course_goal_xp is not null then 'course'
            when school_goal_xp is not null then 'school'
            else 'default'
        end as goal_source,
        coalesce(
            enrollment_goal_xp, student_goal_xp / share_count, course_goal_xp,
            coalesce(school_goal_xp, 120) / share_count
        ) as goal_xp
    from enrolled
),
wanted as (
    select student_id, local_on, if(grouping(subject) = 1, 'All', subject) as subject,
        sum(goal_xp)::decimal(18, 4) as goal_xp,
        min_by(goal_source, list_position(
            ['enrollment', 'student', 'course', 'school', 'default'], goal_source
        )) as goal_source
    from asked
    group by grouping sets ((student_id, local_on, subject), (student_id, local_on))
),
done as (
    select student_id, local_on, if(grouping(subject) = 1, 'All', subject) as subject,
        sum(credited_xp) as earned_xp, sum(event_count) > 0 as has_events,
        max(restated_at) as restated_at
    from agg_student_day_lesson__activity where course_id is not null
    group by grouping sets ((student_id, local_on, subject), (student_id, local_on))
    having sum(event_count) > 0 or sum(credited_xp) <> 0
),
subjects as (
    select student_id, local_on, subject from wanted
    union select student_id, local_on, subject from done
    union select student_id, local_on, 'All' from calendar
),
judged_days as (
    select
        subjects.*, calendar.school_id, today, goal_xp, goal_source, restated_at,
        coalesce(earned_xp, 0)::decimal(18, 4) as earned_xp, is_in_term,
        is_school_day,
        least(greatest(date_diff(
            'minute', local_on + interval 8 hour, timezone(timezone, getvariable('as_of'))
        ) / 480.0, 0), 1) as elapsed_ratio,
        case
            when not is_in_term then 'no_school'
            when coalesce(goal_xp, 0) <= 0 then 'no_goal'
            when not is_school_day then 'no_school'
            when coalesce(done.earned_xp, 0) >= goal_xp then 'met'
            when not coalesce(has_events, false) and coalesce(done.earned_xp, 0) = 0
                then 'not_started'
            when local_on = today and coalesce(done.earned_xp, 0) >= goal_xp * elapsed_ratio
                then 'on_pace'
            else 'behind'
        end as status
    from subjects
    inner join calendar using (student_id, local_on)
    left join wanted using (student_id, local_on, subject)
    left join done using (student_id, local_on, subject)
),
missed as (
    select *, count_if(local_on < today and status in ('not_started', 'behind')) over (
        partition by student_id, subject order by local_on
    ) as missed_count
    from judged_days
)
select
    student_id, local_on, subject, school_id, goal_xp, goal_source, earned_xp, status,
    is_in_term, is_school_day,
    count(*) filter (where status = 'met') over (
        partition by student_id, subject, missed_count order by local_on
    ) as streak_days,
    restated_at
from missed order by student_id, local_on;

create table fct_off_track_flags as
with students as (
    select student_id, school_id, timezone(timezone, getvariable('as_of'))::date as today
    from dim_students
    semi join (from dim_enrollments where is_active and role = 'student') as enrolled
        using (student_id)
    anti join (from calendar where local_on = today and not is_in_term) as free
        using (student_id)
    where is_active
),
seen as (
    select distinct student_id, local_on from agg_student_day_lesson__activity
    where event_count > 0
),
past_days as (
    select
        student_id, local_on, is_school_day,
        max(seen.local_on) over (partition by student_id) as last_on
    from fct_daily_goals
    inner join students using (student_id)
    left join seen using (student_id, local_on)
    where subject = 'All' and local_on < today
),
silent as (
    select
        student_id,
        count_if(is_school_day and (last_on is null or local_on > last_on)) as measured
    from past_days
    anti join (from seen inner join students using (student_id) where local_on = today) as present
        using (student_id)
    group by student_id
),
past as (
    select goals.*, row_number() over (
        partition by student_id order by local_on desc
    ) as days_ago
    from fct_daily_goals as goals inner join students using (student_id)
    where subject = 'All' and status not in ('no_school', 'no_goal') and local_on < today
),
missed as (
    select student_id, count_if(status <> 'met') as measured, count(*) as evidence_count
    from past
    where days_ago <= 5 group by student_id
),
answers as (
    select student_id, count(*) as item_count, avg(is_correct::integer) as measured
    from fct_item_responses inner join students using (student_id)
    where is_scored and answered_on between today - 6 and today group by student_id
),
clock as (
    select student_id, sum(seconds) filter (where state = 'idle') / sum(seconds) as measured,
        floor(sum(seconds) / 60) as minutes
    from fct_activity_segments inner join students using (student_id)
    where is_counted and local_on between today - 6 and today group by student_id
),
reviews as (
    select student_id, count_if(is_review) as measured, count(*) as evidence_count
    from fct_xp_ledger inner join students using (student_id)
    where earned_on between today - 6 and today group by student_id
),
flags as (
    select student_id, 'no_events' as reason, measured, 2 as threshold,
        measured as evidence_count, 'school_days' as evidence_unit, null as lesson_id
    from silent where measured >= 2
    union all
    select student_id, 'goal_missed', measured, 3, evidence_count, 'school_days', null
    from missed where measured >= 3
    union all
    select student_id, 'low_accuracy', measured, 0.7, item_count, 'answers', null
    from answers where item_count >= 20 and measured < 0.7
    union all
    select student_id, 'idle', measured, 0.25, minutes, 'minutes', null
    from clock where measured > 0.25 and minutes >= 30
    union all
    select student_id, 'xp_review', measured, 1, evidence_count, 'ledger_entries', null
    from reviews where measured > 0
    union all
    select student_id, 'struggling_lesson', last_ten_ratio, 0.5, last_ten_count, 'answers',
        lesson_id
    from fct_lesson_mastery inner join dim_lessons using (lesson_id)
    where is_struggling and is_active
)
select student_id, today as flagged_on, school_id, reason, measured::double as measured,
    threshold::double as threshold, evidence_count::bigint as evidence_count, evidence_unit,
    lesson_id
from flags inner join students using (student_id)
order by student_id, reason, lesson_id;

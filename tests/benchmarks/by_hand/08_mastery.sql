-- What an attempt shows: its answers, else its score.
create temp table shown as
with items as (
    select
        student_id, client_id, lesson_id, attempt_key, assessed_ref, count(*) as item_count,
        count_if(is_correct)::bigint as correct_count, min(answered_at) as first_evidence_at,
        max(answered_at) as evidence_at, max(answered_on) as evidence_on
    from fct_item_responses where is_scored group by all
),
endings as (
    select session_id, end_reason from bounded
),
results as (
    select
        student_id, client_id, lesson_id, attempt_key, assessed_ref,
        min(started_at) as began_at, bool_or(is_submitted) as is_submitted,
        bool_or(score_given is not null) as is_graded_whole,
        bool_and(
            is_begun and not is_submitted and score_given is null
            and end_reason is not distinct from 'open'
        ) as is_unfinished,
        max_by(
            {
                'ratio': coalesce(
                    score_given / nullif(max_score, 0),
                    sent_correct_count / nullif(sent_question_count, 0)
                ),
                'item_count': coalesce(nullif(sent_question_count, 0), 1),
                'correct_count': sent_correct_count, 'started_at': started_at,
                'scored_at': scored_at, 'scored_on': scored_on
            },
            (score_type = 'SCORE', scored_at)
        ) filter (
            where score_given / nullif(max_score, 0) is not null
            or sent_correct_count / nullif(sent_question_count, 0) is not null
        ) as score
    from scored
    left join endings using (session_id)
    where not is_xp
    group by all
),
evidence as (
    select
        student_id, client_id, lesson_id, attempt_key, assessed_ref,
        began_at, is_submitted, is_graded_whole, items.item_count as scored_items,
        coalesce(items.item_count, score.item_count)::bigint as item_count,
        coalesce(is_unfinished, false) as is_unfinished,
        coalesce(
            items.correct_count / items.item_count, greatest(least(score.ratio, 1), 0)
        ) as score_ratio,
        coalesce(
            items.correct_count, score.correct_count, round(score_ratio * score.item_count)
        )::bigint as correct_count,
        coalesce(items.first_evidence_at, score.started_at) as first_evidence_at,
        coalesce(items.evidence_at, score.scored_at) as evidence_at,
        coalesce(items.evidence_on, score.scored_on) as evidence_on
    from items
    full join results using (student_id, client_id, lesson_id, attempt_key, assessed_ref)
    where items.item_count is not null or score is not null
)
select
    *, not is_unfinished and score_ratio >= 0.9 and item_count >= 5 as is_mastering,
    not is_unfinished and score_ratio >= 0.8 and (is_graded_whole or scored_items >= 3)
        as is_proficient
from evidence;

create table fct_mastery_evidence as
select
    student_id, client_id, lesson_id, attempt_key, assessed_ref, item_count, correct_count,
    score_ratio, is_unfinished, is_mastering, first_evidence_at, evidence_at, evidence_on
from shown order by student_id, lesson_id;

-- Answers whose last ten are mastery: five at least, nine of ten right, over two sessions.
create temp table answered as
select
    student_id, lesson_id, answered_at, answered_on, response_id, is_correct, session_id,
    count(*) over last_ten >= 5
    and count_if(is_correct) over last_ten / count(*) over last_ten >= 0.9
    and min(session_id) over last_ten <> max(session_id) over last_ten as is_mastering
from fct_item_responses where is_scored
window last_ten as (
    partition by student_id, lesson_id order by answered_at, response_id
    rows between 9 preceding and current row
);

create temp table mastered as
with attempts as (
    select *, row_number() over (
        partition by student_id, lesson_id order by first_evidence_at, attempt_key
    ) = 1 as is_unpractised
    from fct_mastery_evidence
),
moments as (
    select student_id, lesson_id, evidence_at as mastered_at, evidence_on as mastered_on, is_unpractised
    from attempts where is_mastering
    union all
    select student_id, lesson_id, answered_at, answered_on, false
    from answered where is_mastering
),
first_moments as (
    select student_id, lesson_id, min(mastered_at) as first_mastered_at,
        min_by(mastered_on, (mastered_at, mastered_on)) as first_mastered_on,
        min_by(is_unpractised, (mastered_at, not is_unpractised)) as is_unpractised
    from moments group by all
),
events as (
    select student_id, lesson_id, occurred_at, app_id, subject
    from judged where verdict = 'accepted' and lesson_id is not null
)
select first_moments.*, events.app_id, events.subject
from first_moments
asof left join events
    on first_moments.student_id = events.student_id
    and first_moments.lesson_id = events.lesson_id
    and first_mastered_at >= occurred_at;

-- Mastered lessons that a later attempt failed, and that were not mastered again.
create temp table to_review as
with failed as (
    select student_id, lesson_id, max(evidence_at) as failed_at
    from shown inner join mastered using (student_id, lesson_id)
    where began_at > first_mastered_at and score_ratio < 0.7
        and (is_submitted or scored_items >= 5)
    group by all
),
again as (
    select student_id, lesson_id
    from fct_mastery_evidence inner join failed using (student_id, lesson_id)
    where is_mastering and evidence_at > failed_at
)
select * from failed anti join again using (student_id, lesson_id);

create table fct_lesson_mastery as
with events as (
    select student_id, lesson_id, max(occurred_at) as last_activity_at,
        bool_or(event_type not in ('SessionEvent', 'GradeEvent')) as is_started
    from judged where verdict = 'accepted' and lesson_id is not null group by all
),
assigned as (
    select distinct student_id, lesson_id
    from dim_enrollments as enrollments inner join dim_lessons as lessons using (course_id)
    where enrollments.is_active and lessons.is_active and role = 'student'
),
attempts as (
    select
        student_id, lesson_id, count(*) as attempt_count,
        sum(item_count)::bigint as item_count, sum(correct_count)::bigint as correct_count,
        max(score_ratio) filter (where not is_unfinished) as best_score_ratio,
        max_by(score_ratio, (evidence_at, attempt_key)) filter (where not is_unfinished)
            as latest_score_ratio,
        bool_or(is_proficient) as has_proficient_attempt
    from shown group by all
),
active as (
    select student_id, lesson_id, round(sum(seconds), 6) as active_seconds
    from fct_activity_segments
    where state = 'active' and is_counted_for_client and lesson_id is not null group by all
),
answer_lists as (
    select student_id, lesson_id,
        list(is_correct::double order by answered_at, response_id) as answers,
        list(session_id order by answered_at, response_id) as sessions
    from answered group by all
),
-- Bayesian knowledge tracing: known at first 0.3, slip 0.1, guess 0.2, learned 0.1 an answer.
items as (
    select
        student_id, lesson_id, list_avg(answers[-10:]) as last_ten_ratio,
        least(len(answers), 10) as last_ten_count,
        len(answers) >= 5 and last_ten_ratio >= 0.8 and list_unique(sessions[-10:]) >= 2
            as is_proficient,
        (len(answers) >= 3 and list_sum(answers[-3:]) = 0)
        or (len(answers) >= 12 and list_avg(answers[-10:]) < 0.5) as is_struggling,
        list_reduce(
            answers,
            lambda known, correct:
                0.1 + 0.9 * if(
                    correct > 0.5,
                    known * 0.9 / (known * 0.9 + (1 - known) * 0.2),
                    known * 0.1 / (known * 0.1 + (1 - known) * 0.8)
                ),
            0.3::double
        ) as p_known
    from answer_lists
)
select
    student_id, lessons.client_id, lessons.course_id, lesson_id, lessons.subject,
    students.school_id,
    case
        when failed_at is not null then 'needs_review'
        when first_mastered_at is not null then 'mastered'
        when has_proficient_attempt or items.is_proficient then 'proficient'
        when attempts.item_count > 0 then 'practicing'
        when is_started then 'started'
        else 'not_started'
    end as mastery_state,
    best_score_ratio, latest_score_ratio, coalesce(attempts.item_count, 0) as item_count,
    coalesce(attempts.correct_count, 0) as correct_count,
    coalesce(attempt_count, 0) as attempt_count, last_ten_ratio,
    coalesce(last_ten_count, 0) as last_ten_count,
    coalesce(is_struggling, false) and mastery_state <> 'mastered' as is_struggling,
    first_mastered_at, first_mastered_on,
    last_activity_at, p_known, coalesce(active_seconds, 0) as active_seconds
from events
full join assigned using (student_id, lesson_id)
inner join dim_lessons as lessons using (lesson_id)
left join dim_students as students using (student_id)
left join attempts using (student_id, lesson_id)
left join active using (student_id, lesson_id)
left join items using (student_id, lesson_id)
left join mastered using (student_id, lesson_id)
left join to_review using (student_id, lesson_id)
order by student_id, course_id;

create table fct_course_placement as
with placed_lessons as (
    select
        student_id, lessons.client_id, lessons.course_id, lesson_id, lesson_position,
        mastery_state, mastery_state in ('proficient', 'mastered') as is_proficient,
        mastery_state = 'mastered' and is_unpractised as is_ahead,
        max(lesson_position) filter (where mastery_state <> 'not_started') over (
            partition by student_id, lessons.course_id
        ) as furthest_position
    from fct_lesson_mastery
    inner join dim_lessons as lessons using (lesson_id)
    left join mastered using (student_id, lesson_id)
    where is_active
)
select
    student_id, client_id, course_id, count(*) as lesson_count,
    count_if(mastery_state = 'mastered')::bigint as mastered_count,
    count_if(is_proficient)::bigint as proficient_count,
    coalesce(
        list(lesson_id order by lesson_position) filter (
            where not is_proficient and lesson_position < furthest_position
        ),
        []
    ) as gap_lesson_ids,
    min_by(lesson_id, lesson_position) filter (where not is_proficient) as next_lesson_id,
    coalesce(list(lesson_id order by lesson_position) filter (where is_ahead), [])
        as ahead_lesson_ids
from placed_lessons group by all;

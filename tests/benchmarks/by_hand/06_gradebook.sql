-- What is assessed, where a reference names a whole and not the lesson or course itself.
create macro whole(ref, lesson_id, course_id) as
    if(last_segment(ref) in (lesson_id, course_id), null, ref);

-- What is graded or answered, with the attempt that it belongs to and what is assessed.
create temp table attempted as
with events as (
    select judged.* exclude (verdict, reason), session_id, placed.item_ref, item_action
    from judged left join placed using (journal_seq, event_index)
    where judged.verdict = 'accepted'
        and event_type in ('AssessmentEvent', 'ActivityEvent', 'AssessmentItemEvent', 'GradeEvent')
),
sorted_out as (
    select
        *,
        coalesce(
            attempt_part_ref, attempt_ref, if(object_type = 'Attempt', object_ref, null),
            if(generated_type = 'Attempt', generated_ref, null), 'session:' || session_id,
            'event:' || event_id
        ) as attempt_key,
        case
            when event_type in ('AssessmentEvent', 'ActivityEvent') then 'assessment'
            when event_type = 'AssessmentItemEvent' then 'item'
            when score_type = 'XP' then 'xp'
            when score_type = 'QUESTION_RESULT' or assignable_type = 'AssessmentItem'
                then 'item_grade'
            else 'grade'
        end as family,
        case
            when family = 'xp' then null
            when family = 'item' then coalesce(
                whole(if(assignable_ref = object_ref, null, assignable_ref), lesson_id, course_id),
                whole(object_part_ref, lesson_id, course_id),
                whole(assignable_part_ref, lesson_id, course_id)
            )
            when family = 'item_grade' then coalesce(
                whole(if(object_type = 'Attempt', null, object_part_ref), lesson_id, course_id),
                whole(assignable_part_ref, lesson_id, course_id)
            )
            else coalesce(
                whole(assignable_ref, lesson_id, course_id),
                whole(if(object_type = 'Attempt', null, object_ref), lesson_id, course_id)
            )
        end as named_ref
    from events
),
lent as (
    select student_id, client_id, lesson_id, attempt_key,
        max_by(named_ref, (occurred_at, event_id)) as lent_ref
    from sorted_out
    where named_ref is not null and family <> 'xp' and not starts_with(attempt_key, 'session:')
    group by all
)
select
    * exclude (named_ref, lent_ref),
    if(family = 'xp', lesson_id, coalesce(named_ref, lent_ref, lesson_id)) as assessed_ref
from sorted_out left join lent using (student_id, client_id, lesson_id, attempt_key);

create table fct_item_responses as
with timed as (
    select
        * exclude (duration_seconds),
        coalesce(
            duration_seconds,
            seconds_between(
                coalesce(
                    max(occurred_at) filter (where action = 'Started') over (
                        partition by session_id, object_ref order by occurred_at, event_id
                        rows between unbounded preceding and 1 preceding
                    ),
                    max(occurred_at) filter (where action = 'Completed') over (
                        partition by session_id order by occurred_at, event_id
                        rows between unbounded preceding and 1 preceding
                    )
                ),
                occurred_at
            )
        ) as response_seconds
    from attempted where family = 'item'
),
grades as (
    select
        client_id, student_id, coalesce(attempt_ref, object_ref) as attempt_ref, assignable_ref,
        max_by(score_given, (occurred_at, event_id)) as score_given,
        max_by(max_score, (occurred_at, event_id)) as max_score,
        min_by(event_id, (occurred_at, event_id)) as event_id,
        min_by(occurred_at, (occurred_at, event_id)) as occurred_at,
        min_by(local_on, (occurred_at, event_id)) as local_on,
        any_value(app_id) as app_id, any_value(course_id) as course_id,
        any_value(lesson_id) as lesson_id, any_value(subject) as subject,
        any_value(session_id) as session_id, any_value(attempt_key) as attempt_key,
        any_value(assessed_ref) as assessed_ref
    from attempted where family = 'item_grade' group by all
),
answers as (
    select timed.* replace (
            coalesce(timed.score_given, timed.is_correct::double, grades.score_given)
                as score_given,
            case
                when timed.score_given is not null then timed.max_score
                when timed.is_correct is not null then 1.0
                else grades.max_score
            end as max_score
        )
    from timed
    left join grades
        on timed.client_id = grades.client_id and timed.student_id = grades.student_id
        and timed.attempt_ref = grades.attempt_ref and object_ref = grades.assignable_ref
    where action = 'Completed'
),
responses as (
    select
        student_id, client_id, app_id, course_id, lesson_id, subject, session_id,
        coalesce(object_ref, attempt_key) as item_ref, object_name as item_title, attempt_key,
        assessed_ref,
        occurred_at as answered_at, local_on as answered_on, score_given, max_score,
        response_seconds, event_id as source_event_id
    from answers
    union all by name
    select
        student_id, client_id, app_id, course_id, lesson_id, subject, session_id,
        coalesce(assignable_ref, attempt_ref) as item_ref, attempt_key, assessed_ref,
        occurred_at as answered_at, local_on as answered_on, score_given, max_score,
        event_id as source_event_id
    from grades
    anti join answers
        on grades.client_id = answers.client_id and grades.student_id = answers.student_id
        and grades.attempt_ref = answers.attempt_ref
        and grades.assignable_ref = answers.object_ref
)
select
    md5(concat_ws(chr(31), 'response', client_id, source_event_id)) as response_id,
    student_id, client_id, app_id, course_id, lesson_id, subject, session_id, item_ref,
    item_title, attempt_key, assessed_ref, answered_at, answered_on,
    score_given is not null and coalesce(max_score, 1) > 0 as is_scored,
    if(is_scored, score_given >= coalesce(max_score, 1), null) as is_correct,
    score_given, max_score,
    response_seconds, source_event_id
from responses order by student_id, answered_on;

-- An item's difficulty, and how well it tells apart: its correlation with the rest of the attempt.
create table dim_items as
with rested as (
    select
        *, is_correct::integer as correct,
        sum(correct) over attempt - correct as rest_correct,
        count(is_correct) over attempt - 1 as rest_count
    from fct_item_responses
    window attempt as (partition by student_id, client_id, lesson_id, attempt_key, assessed_ref)
)
select
    item_ref, max_by(item_title, answered_at) as item_title, client_id, course_id, lesson_id,
    count(*) as response_count, avg(correct) as difficulty,
    if(
        count(distinct correct) filter (where rest_count > 0) > 1
        and min(rest_correct / rest_count) filter (where is_scored and rest_count > 0)
        < max(rest_correct / rest_count) filter (where is_scored and rest_count > 0),
        corr(correct, rest_correct / rest_count) filter (where rest_count > 0),
        null
    ) as discrimination
from rested where item_ref is not null
group by item_ref, client_id, course_id, lesson_id;

-- One row an attempt at what is assessed, and score type; XP adds up, of other scores the last holds.
create temp table scored as
with typed as (
    select
        attempted.*,
        case
            when family in ('item', 'assessment') and (family = 'item' or score_given is null)
                then null
            else coalesce(score_type, 'SCORE')
        end as own_type,
        case
            when family in ('item', 'item_grade') then null
            when family = 'xp' and correcting_event_id is not null then null
            else score_given
        end as own_score
    from attempted left join awards using (client_id, event_id)
),
graded as (
    select distinct student_id, client_id, lesson_id, attempt_key, assessed_ref,
        own_type as graded_type
    from typed where family in ('grade', 'assessment') and own_type is not null
),
shared as (
    select *, own_type as result_type from typed where own_type is not null
    union all by name
    select typed.*, coalesce(graded_type, 'SCORE') as result_type
    from typed
    left join graded using (student_id, client_id, lesson_id, attempt_key, assessed_ref)
    where own_type is null
),
summed as (
    select
        student_id, client_id, course_id, lesson_id, attempt_key, assessed_ref,
        result_type as score_type, result_type = 'XP' as is_xp,
        min(occurred_at) as started_at, max(occurred_at) as scored_at,
        max(local_on) as scored_on, max_by(app_id, occurred_at) as app_id,
        max_by(class_id, occurred_at) as class_id, max_by(session_id, occurred_at) as session_id,
        max_by(object_name, occurred_at) filter (where object_ref = assessed_ref)
            as assessed_name,
        bool_or(family = 'assessment' and action = 'Started') as is_begun,
        bool_or(
            family in ('grade', 'item_grade', 'xp')
            or (family = 'assessment' and action in ('Submitted', 'Completed'))
        ) as is_submitted,
        if(
            result_type = 'XP', sum(own_score), max_by(own_score, (occurred_at, event_id))
                filter (where own_score is not null)
        ) as score_given,
        if(
            result_type = 'XP', sum(max_score) filter (where own_score is not null),
            max_by(max_score, (occurred_at, event_id)) filter (where own_score is not null)
        ) as max_score,
        max_by(question_count, (occurred_at, event_id)) filter (where own_score is not null)
            as sent_question_count,
        max_by(correct_count, (occurred_at, event_id)) filter (where own_score is not null)
            as sent_correct_count,
        max_by(score_comment, (occurred_at, event_id)) filter (where own_score is not null)
            as score_comment,
        coalesce(
            max_by(event_id, (occurred_at, event_id)) filter (where own_score is not null),
            max_by(event_id, (occurred_at, event_id))
        ) as source_event_id
    from shared
    group by student_id, client_id, course_id, lesson_id, attempt_key, assessed_ref, result_type
)
select *, md5(concat_ws(chr(31), course_id, lesson_id, assessed_ref, score_type)) as line_item_id
from summed;

create table fct_assessment_results as
with items as (
    select student_id, client_id, lesson_id, attempt_key, assessed_ref,
        count(*) as answered_count, count_if(is_scored)::bigint as scored_count,
        count_if(is_correct)::bigint as right_count,
        sum(score_given) filter (where is_scored) as score_sum,
        sum(coalesce(max_score, 1)) filter (where is_scored) as max_score_sum
    from fct_item_responses group by all
),
counted as (
    select
        scored.* replace (
            if(
                is_submitted and not is_xp and score_given is null
                and answered_count = scored_count, max_score_sum, max_score
            ) as max_score,
            if(
                is_submitted and not is_xp and score_given is null
                and answered_count = scored_count, score_sum, score_given
            ) as score_given
        ),
        grade_policy,
        coalesce(scored_count, 0) as scored_item_count,
        case
            when is_xp then null
            else coalesce(answered_count, sent_question_count)
        end as item_count,
        case
            when is_xp then null
            else coalesce(right_count, sent_correct_count)
        end as correct_count
    from scored
    left join items using (student_id, client_id, lesson_id, attempt_key, assessed_ref)
    left join dim_courses using (course_id)
),
ranked as (
    select
        *, 100 * score_given / nullif(max_score, 0) as score_percent,
        row_number() over (line_item order by started_at, attempt_key)::integer as attempt_number,
        row_number() over (line_item order by score_given is null, started_at, attempt_key) = 1
            as is_first,
        row_number() over (
            line_item order by score_given is null, started_at desc, attempt_key desc
        ) = 1 as is_latest,
        row_number() over (
            line_item order by score_percent desc nulls last, score_given desc nulls last,
                started_at, attempt_key
        ) = 1 as is_best
    from counted window line_item as (partition by student_id, line_item_id)
)
select
    md5(concat_ws(chr(31), line_item_id, student_id, attempt_key)) as result_id,
    line_item_id, student_id, client_id, app_id, course_id, lesson_id, class_id, attempt_key,
    assessed_name, attempt_number, score_type, score_given, max_score, score_percent,
    case
        when score_given is not null then 'fully graded'
        when scored_item_count > 0 and not is_xp then 'partially graded'
        when is_submitted then 'submitted'
        else 'not submitted'
    end as score_status,
    score_given is null and not is_submitted as is_in_progress,
    coalesce(score_given > max_score and max_score > 0, false) as is_above_max,
    is_xp, scored_at, scored_on, item_count, correct_count, is_first, is_latest, is_best,
    case grade_policy
        when 'all' then true when 'first' then is_first when 'latest' then is_latest
        else is_best
    end as is_policy,
    source_event_id, score_comment as comment
from ranked order by student_id, scored_on;

create table dim_line_items as
with line_items as (
    select line_item_id, client_id, course_id, lesson_id, assessed_ref, score_type, is_xp,
        max_by(assessed_name, scored_at) as assessed_name,
        max_by(max_score, scored_at) filter (where not is_xp) as max_score
    from scored group by all
)
select line_item_id, line_items.client_id, line_items.course_id, lesson_id, assessed_ref,
    coalesce(assessed_name, lesson_title, lesson_id) as title, score_type, max_score, is_xp
from line_items left join dim_lessons using (lesson_id);

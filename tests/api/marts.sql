-- The marts that the read API and the dashboards query; a test holds them to the dbt contracts.

create table dim_schools (
    school_id varchar, school_name varchar, org_type varchar, parent_org_id varchar, timezone
    varchar, is_active boolean, is_sandbox boolean
);

create table dim_students (
    student_id varchar, given_name varchar, family_name varchar, email varchar, grade varchar,
    school_id varchar, timezone varchar, is_timezone_fallback boolean, is_sandbox boolean,
    owner_client_id varchar, is_active boolean
);

create table dim_courses (
    course_id varchar, course_title varchar, subject varchar, client_id varchar, grade_policy
    varchar, is_active boolean, is_sandbox boolean
);

create table dim_lessons (
    lesson_id varchar, lesson_title varchar, lesson_position integer, unit_id varchar,
    unit_title varchar, course_id varchar, client_id varchar, subject varchar, is_active boolean
);

create table dim_classes (
    class_id varchar, class_title varchar, course_id varchar, school_id varchar, is_active
    boolean, is_sandbox boolean
);

create table dim_enrollments (
    enrollment_id varchar, student_id varchar, class_id varchar, course_id varchar, client_id
    varchar, school_id varchar, role varchar, is_primary boolean, begin_on date, end_on date,
    is_active boolean
);

create table dim_apps (
    app_id varchar, client_id varchar, app_name varchar
);

create table fct_event_verdicts (
    journal_seq bigint, event_index integer, receipt_id uuid, client_id varchar, app_id varchar,
    event_id varchar, event_type varchar, action varchar, occurred_at timestamptz, received_at
    timestamptz, load_id bigint, student_id varchar, course_id varchar, lesson_id varchar,
    session_id varchar, verdict varchar, reason varchar, warning varchar, error_path varchar,
    message varchar, winner_event_journal_seq bigint, partner_verdict varchar, partner_reason
    varchar, partner_warning varchar
);

create table agg_client_day__verdicts (
    client_id varchar, received_on date, event_type varchar, partner_verdict varchar,
    partner_reason varchar, event_count bigint, last_received_at timestamptz
);

create table fct_sessions (
    session_id varchar, session_ref varchar, piece integer, client_id varchar, app_id varchar,
    student_id varchar, school_id varchar, timezone varchar, started_at timestamptz, ended_at
    timestamptz, started_on date, end_reason varchar, is_implicit boolean, is_post_logout
    boolean, is_flagged boolean, time_quality varchar, session_seconds double, active_seconds
    double, idle_seconds double, event_count bigint, first_event_id varchar, last_event_id
    varchar
);

create table fct_activity_segments (
    segment_id varchar, session_id varchar, student_id varchar, client_id varchar, app_id
    varchar, course_id varchar, lesson_id varchar, subject varchar, school_id varchar, state
    varchar, started_at timestamptz, ended_at timestamptz, local_on date, seconds double,
    is_counted boolean, is_counted_for_client boolean
);

create table fct_engagement (
    fact_id varchar, fact_type varchar, student_id varchar, client_id varchar, app_id varchar,
    course_id varchar, lesson_id varchar, subject varchar, session_id varchar, object_ref
    varchar, object_name varchar, started_at timestamptz, ended_at timestamptz, local_on date,
    seconds double, state varchar, is_correct boolean, score_given double, max_score double,
    source_event_id varchar
);

create table fct_xp_ledger (
    entry_id varchar, kind varchar, status varchar, student_id varchar, client_id varchar,
    app_id varchar, course_id varchar, lesson_id varchar, subject varchar,
    enrollment_id varchar, class_id varchar, school_id varchar, source_event_id varchar,
    attempt_ref varchar, earned_at timestamptz, earned_on date, timezone varchar,
    is_timezone_fallback boolean, restated_at timestamptz, xp decimal(18,4), is_review boolean, review_reason varchar,
    review_xp decimal(18,4), review_active_minutes double
);

create table agg_student_day_lesson__activity (
    student_id varchar, local_on date, school_id varchar, client_id varchar, app_id varchar,
    course_id varchar, lesson_id varchar, subject varchar, xp decimal(18,4), credited_xp
    decimal(18,4), total_questions bigint, correct_questions bigint, scored_questions bigint,
    mastered_lessons bigint, active_seconds double, idle_seconds double,
    client_active_seconds double, client_idle_seconds double, own_active_seconds
    double, own_idle_seconds double, event_count bigint, restated_at timestamptz
);

create table fct_daily_goals (
    student_id varchar, local_on date, subject varchar, school_id varchar, goal_xp
    decimal(18,4), goal_source varchar, earned_xp decimal(18,4), status varchar, is_in_term
    boolean, is_school_day boolean, streak_days bigint, restated_at timestamptz
);

create table fct_off_track_flags (
    student_id varchar, flagged_on date, school_id varchar, reason varchar, measured double,
    threshold double, evidence_count bigint, evidence_unit varchar, lesson_id varchar
);

create table dim_line_items (
    line_item_id varchar, client_id varchar, course_id varchar, lesson_id varchar, assessed_ref
    varchar, title varchar, score_type varchar, max_score double, is_xp boolean
);

create table fct_assessment_results (
    result_id varchar, line_item_id varchar, student_id varchar, client_id varchar, app_id
    varchar, course_id varchar, lesson_id varchar, class_id varchar, attempt_key varchar,
    assessed_name varchar, attempt_number integer, score_type varchar, score_given double, max_score double,
    score_percent double, score_status varchar, is_in_progress boolean, is_above_max boolean,
    is_xp boolean, scored_at timestamptz, scored_on date, item_count bigint, correct_count
    bigint, is_first boolean, is_latest boolean, is_best boolean, is_policy boolean,
    source_event_id varchar, comment varchar
);

create table fct_item_responses (
    response_id varchar, student_id varchar, client_id varchar, app_id varchar, course_id
    varchar, lesson_id varchar, subject varchar, session_id varchar, item_ref varchar,
    item_title varchar, attempt_key varchar, assessed_ref varchar, answered_at timestamptz,
    answered_on date, is_scored boolean, is_correct boolean, score_given double, max_score double, response_seconds double,
    source_event_id varchar
);

create table dim_items (
    item_ref varchar, item_title varchar, client_id varchar, course_id varchar, lesson_id varchar,
    response_count bigint, difficulty double, discrimination double
);

create table fct_lesson_mastery (
    student_id varchar, client_id varchar, course_id varchar, lesson_id varchar, subject
    varchar, school_id varchar, mastery_state varchar, best_score_ratio double,
    latest_score_ratio double, item_count bigint, correct_count bigint, attempt_count bigint,
    last_ten_ratio double, last_ten_count bigint, is_struggling boolean, first_mastered_at timestamptz,
    first_mastered_on date, last_activity_at timestamptz, p_known double, active_seconds double
);

create table fct_mastery_evidence (
    student_id varchar, client_id varchar, lesson_id varchar, attempt_key varchar,
    assessed_ref varchar, item_count bigint, correct_count bigint, score_ratio double, is_unfinished boolean, is_mastering boolean,
    first_evidence_at timestamptz, evidence_at timestamptz, evidence_on date
);

create table fct_course_placement (
    student_id varchar, client_id varchar, course_id varchar, lesson_count bigint,
    mastered_count bigint, proficient_count bigint, gap_lesson_ids varchar[], next_lesson_id
    varchar, ahead_lesson_ids varchar[]
);

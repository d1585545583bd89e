"""How well a partner's integration is made: what the rules of `lints.toml` look at."""

from datetime import datetime

from api.reports.lints import Share
from core.access import Condition, Sight
from core.builds.reader import PublishedLake

# A limit, not a distance: the distance of two instants goes by way of a calendar, 30 times as slow.
ARRIVALS = """
select
    count(*) as events,
    count(*) filter (partner_verdict = 'duplicate') as duplicates,
    count(occurred_at) as timed,
    count(*) filter (received_at - interval 1 hour > occurred_at) as late,
    count(*) filter (received_at + interval 1 minute < occurred_at) as ahead
from fct_event_verdicts
where client_id = $viewer_client_id and received_at >= cast($since as timestamptz)
"""

REQUESTS = """
with requests as (

    select journal_seq, count(*) as event_count
    from fct_event_verdicts
    where client_id = $viewer_client_id and received_at >= cast($since as timestamptz)
    group by journal_seq
    having not coalesce(bool_and(event_type = 'SessionEvent'), false)

)

select count(*) as requests, count(*) filter (event_count = 1) as singles from requests
"""

# Raw, for a verdict has the default app where none was named; by day, as raw is partitioned.
APPS = """
select count(*) as events, count(*) filter (app_ref is null) as nameless
from raw.events
where client_id = $viewer_client_id and day >= cast($since as date)
"""

SESSIONS = """
select
    count(*) filter (end_reason <> 'open') as ended,
    count(*) filter (end_reason not in ('open', 'logged_out', 'timed_out')) as without_logout,
    count(*) as sessions,
    count(*) filter (is_implicit) as without_login
from fct_sessions
where started_on >= cast($since as date) and {sight}
"""

ATTEMPTS = """
select
    count(*) as finished,
    count(*) filter (coalesce(item_count, 0) = 0) as without_items,
    count(*) filter (score_status = 'submitted') as ungraded
from fct_assessment_results
where
    scored_on >= cast($since as date) and not is_xp and not coalesce(is_in_progress, false)
    and {sight}
"""

DAYS = """
with days as (

    select student_id, local_on, sum(xp) as xp, sum(client_active_seconds) / 60 as minutes
    from agg_student_day_lesson__activity
    where local_on >= cast($since as date) and {sight}
    group by student_id, local_on

)

select count(*) as days, count(*) filter (xp > 1.5 * minutes) as beyond
from days
where minutes > 0
"""

LESSONS = """
with worked as (

    select distinct lesson_id
    from fct_lesson_mastery
    where mastery_state <> 'not_started' and {sight}

)

select
    count(*) as lessons,
    count(*) filter (lesson_id not in (select lesson_id from worked)) as silent
from dim_lessons
where client_id = $viewer_client_id and is_active
"""

# What a query answers: the rule, its part, its whole.
MEASURED: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    ARRIVALS: (
        "",
        [
            ("duplicates", "duplicates", "events"),
            ("late_events", "late", "timed"),
            ("clock_ahead", "ahead", "timed"),
        ],
    ),
    REQUESTS: ("", [("single_event_batches", "singles", "requests")]),
    APPS: ("", [("missing_app", "nameless", "events")]),
    SESSIONS: (
        "fct_sessions",
        [
            ("sessions_without_logout", "without_logout", "ended"),
            ("sessions_without_login", "without_login", "sessions"),
        ],
    ),
    ATTEMPTS: (
        "fct_assessment_results",
        [
            ("attempts_without_items", "without_items", "finished"),
            ("assessments_without_grade", "ungraded", "finished"),
        ],
    ),
    DAYS: ("agg_student_day_lesson__activity", [("xp_above_time", "beyond", "days")]),
    LESSONS: ("fct_lesson_mastery", [("lessons_without_events", "silent", "lessons")]),
}


def shares(lake: PublishedLake, sight: Sight, since: datetime) -> dict[str, Share]:
    """What each rule is judged by: a partner's own figures, of what came at or after `since`."""
    found = {}
    for sql, (table, rules) in MEASURED.items():
        seen = sight.facts(table) if table else Condition("", sight.own("").parameters)
        parameters = seen.parameters | ({"since": since} if "$since" in sql else {})
        (row,) = lake.rows(sql.format(sight=seen.sql), parameters)
        for code, part, whole in rules:
            found[code] = Share(row[part], row[whole])
    return found

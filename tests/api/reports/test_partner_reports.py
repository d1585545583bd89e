"""A partner's reports equal the marts, and hold its own events and courses alone."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from api.reports import wording
from api.reports.queries import usage
from core.access import Sight
from core.context import Context
from core.settings import Settings

Read = Callable[..., dict[str, Any]]
Token = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session")
def rows(context: Context) -> Callable[[str], list[dict[str, Any]]]:
    """A query on the published marts."""

    def queried(sql: str) -> list[dict[str, Any]]:
        with context.lake.lease() as lake:
            return lake.rows(sql)

    return queried


@pytest.fixture(scope="session")
def compare(client: TestClient, token: Token) -> Callable[..., Any]:
    """A sheet as mia's partner sends it."""

    def sent(sheet: str, who: str = "mia", **parameters: Any) -> Any:
        headers = {**token(who), "Content-Type": "text/csv"}
        return client.post(
            "/reports/1.0/partner/reconcile", content=sheet, params=parameters, headers=headers
        )

    return sent


def test_usage_sums_the_partners_own_activity(read: Read, rows: Any) -> None:
    answer = read("mia", "partner/usage", days=28)
    (facts,) = rows(
        "select count(distinct student_id) as students, sum(client_active_seconds) as seconds,"
        " sum(xp) as xp, count(distinct local_on) as days"
        " from agg_student_day_lesson__activity where client_id = 'tb-math'"
        " and student_id in (select student_id from dim_enrollments where client_id = 'tb-math')"
    )
    totals = answer["totals"]
    assert totals["activeCount"] == facts["students"] == 4
    assert totals["activeSeconds"] == pytest.approx(facts["seconds"])
    assert totals["xp"] == pytest.approx(float(facts["xp"]))
    for part in ("days", "weeks", "courses"):
        assert sum(row["xp"] for row in answer[part]) == pytest.approx(totals["xp"])
    (sessions,) = rows(
        "select count(distinct session_id) as n from fct_activity_segments"
        " where client_id = 'tb-math' and student_id <> 'eli'"
    )
    assert totals["sessionCount"] == sessions["n"]


def test_a_day_without_work_has_zeros_and_every_day_is_there(read: Read) -> None:
    answer = read("mia", "partner/usage", days=28)
    assert len(answer["days"]) == 28
    assert answer["days"][-1]["localOn"] == answer["lastOn"] == "2026-11-20"
    weekend = [day for day in answer["days"] if day["localOn"] in ("2026-11-14", "2026-11-15")]
    assert [day["activeCount"] for day in weekend] == [0, 0]


@pytest.mark.parametrize(
    ("client_id", "hour", "day"), [("tb-math", 3, 20), ("tb-math", 7, 21), ("nobody", 3, 21)]
)
def test_the_last_day_is_the_students_own_not_that_of_utc(
    context: Context, client_id: str, hour: int, day: int
) -> None:
    late = datetime(2026, 11, 21, hour, tzinfo=UTC)  # Chicago is 6 hours behind
    with context.lake.lease() as lake:
        assert usage.today(lake, Sight(client_id=client_id), late) == date(2026, 11, day)


def test_a_student_counts_once_a_week(read: Read) -> None:
    weeks = read("mia", "partner/usage", days=28)["weeks"]
    assert [week["weekOn"] for week in weeks] == ["2026-11-09", "2026-11-16"]
    assert max(week["activeCount"] for week in weeks) == 4


def test_content_counts_students_by_how_far_they_got(read: Read, rows: Any) -> None:
    lessons = read("mia", "partner/content", courseId="math-5")["lessons"]
    assert [one["lessonPosition"] for one in lessons] == [1, 2, 3, 4, 5, 6]
    for lesson in lessons:
        (facts,) = rows(
            "select count(*) filter (mastery_state <> 'not_started') as started,"
            " count(*) filter (mastery_state in ('proficient', 'mastered')) as proficient,"
            " count(*) filter (first_mastered_on is not null) as mastered"
            f" from fct_lesson_mastery where lesson_id = '{lesson['lessonId']}'"
            " and student_id <> 'eli'"
        )
        found = (lesson["startedCount"], lesson["proficientCount"], lesson["masteredCount"])
        assert found == (facts["started"], facts["proficient"], facts["mastered"])


def test_a_student_stops_at_the_furthest_lesson_that_is_not_proficient(read: Read) -> None:
    lessons = read("mia", "partner/content", courseId="math-5")["lessons"]
    stops = {one["lessonPosition"]: one["stoppedCount"] for one in lessons if one["stoppedCount"]}
    assert stops == {6: 1}  # ben, who is slow, began all six


@pytest.mark.parametrize("report", ["usage", "content"])
def test_a_course_of_another_partner_is_not_there(
    report: str, client: TestClient, token: Token
) -> None:
    bodies = []
    for course in ("reading-5", "nowhere"):
        answer = client.get(
            f"/reports/1.0/partner/{report}", params={"courseId": course}, headers=token("mia")
        )
        assert answer.status_code == 404
        bodies.append(answer.json()["type"])
    assert bodies[0] == bodies[1] == "urn:timeback:error:unknown_course"


@pytest.mark.parametrize("report", ["usage", "content", "integration"])
def test_a_partner_learns_nothing_of_another(report: str, read: Read) -> None:
    assert "reading" not in str(read("mia", f"partner/{report}")).lower()


def test_lints_are_measured_on_the_partners_own_events(read: Read, rows: Any) -> None:
    lints = {one["code"]: one for one in read("mia", "partner/integration", days=90)["lints"]}
    (facts,) = rows(
        "select count(*) as sessions, count(*) filter (end_reason = 'inferred_idle') as idle"
        " from fct_sessions where client_id = 'tb-math' and student_id <> 'eli'"
    )
    logout = lints["sessions_without_logout"]
    assert (logout["partCount"], logout["wholeCount"]) == (facts["idle"], facts["sessions"])
    assert logout["severity"] == "warning"
    assert f"of {facts['sessions']} sessions have no logout" in logout["finding"]
    assert lints["lessons_without_events"]["wholeCount"] == 6
    assert lints["late_events"]["severity"] == "fine"
    assert lints["missing_app"]["severity"] == "unknown"


def test_ids_that_never_came_that_do_not_count_and_that_were_not_sent(
    compare: Any, rows: Any
) -> None:
    here = rows(
        "select event_id, partner_verdict from fct_event_verdicts where client_id = 'tb-math'"
        " order by received_at, event_id"
    )
    left_out = next(row["event_id"] for row in here[5:] if row["partner_verdict"] == "accepted")
    sent = [row["event_id"] for row in here if row["event_id"] != left_out]
    answer = compare("event_id\n" + "\n".join([*sent, "never-came"]), days=90).json()
    refused = sum(row["partner_verdict"] != "accepted" for row in here)
    assert answer["sentCount"] == len(here)
    assert answer["acceptedCount"] == len(here) - refused - 1
    found: dict[str, list[str]] = {name: [] for name in ("missing", "unknown", "not_accepted")}
    for event in answer["events"]:
        found[event["difference"]].append(event["eventId"])
    assert found["missing"] == ["never-came"]
    assert found["unknown"] == [left_out]
    assert len(found["not_accepted"]) == answer["notAcceptedCount"] == refused > 0


def test_an_event_of_another_partner_reads_like_one_that_never_came(compare: Any) -> None:
    answer = compare("event_id\ne-ada-reading-5-1120-0\nnowhere\n", days=90).json()
    assert [event["difference"] for event in answer["events"]] == ["missing", "missing"]
    assert [event["verdict"] for event in answer["events"]] == [None, None]


def test_daily_counts_beside_what_arrived(compare: Any, rows: Any) -> None:
    (day,) = rows(
        "select sum(event_count) as events from agg_client_day__verdicts"
        " where client_id = 'tb-math' and received_on = '2026-11-20'"
    )
    answer = compare(f"date,count\n2026-11-20,{day['events'] + 3}\n2026-11-21,2\n").json()
    assert [row["missingCount"] for row in answer["days"]] == [3, 2]
    assert answer["missingCount"] == 5
    assert answer["unknownCount"] == 0


def test_counts_by_type_show_the_types_that_were_left_out(compare: Any) -> None:
    answer = compare("date,event_type,count\n2026-11-20,GradeEvent,1\n").json()
    types = {row["eventType"]: row["missingCount"] for row in answer["days"]}
    assert set(types) == {"AssessmentItemEvent", "GradeEvent", "NavigationEvent", "SessionEvent"}
    assert answer["unknownCount"] == -sum(count for count in types.values() if count < 0)


def test_an_event_in_the_journal_waits(compare: Any, founded: Settings) -> None:
    body = b'{"id": "fresh-1", "type": "SessionEvent"}'
    assert founded.database_url is not None
    with psycopg.connect(founded.database_url) as connection:
        connection.execute(
            "insert into journal.requests (receipt_id, client_id, received_at, event_count, body)"
            " values (gen_random_uuid(), 'tb-math', now(), 1, %s)",
            [body],
        )
    answer = compare("event_id\nfresh-1\n").json()
    with psycopg.connect(founded.database_url) as connection:
        connection.execute("delete from journal.requests")
    assert [event["difference"] for event in answer["events"]] == ["waiting"]
    assert answer["waitingCount"] == 1


def test_a_sheet_is_read_by_partners_alone_and_only_as_csv_of_some_size(
    compare: Any, client: TestClient, token: Token
) -> None:
    assert compare("event_id\nx\n", who="gwen").status_code == 403
    assert compare("event_id\nx\n", who="root").status_code == 403
    path = "/reports/1.0/partner/reconcile"
    as_json = {**token("mia"), "Content-Type": "application/json"}
    assert client.post(path, content="{}", headers=as_json).status_code == 415
    assert compare("event_id\n" + "x" * 5_000_000).status_code == 413
    assert client.post(path, content="event_id\nx\n").status_code == 401


def test_nothing_of_a_sheet_is_kept(compare: Any, founded: Settings) -> None:
    secret = f"only-in-the-sheet-{time.time_ns()}"
    assert compare(f"event_id\n{secret}\n").status_code == 200
    assert founded.database_url is not None
    with psycopg.connect(founded.database_url) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname in ('journal', 'identity', 'registry', 'publishing')"
        ).fetchall()
        for (table,) in tables:
            found = connection.execute(
                f"select count(*) from {table} as kept where kept::text like %s".encode(),
                [f"%{secret}%"],
            ).fetchone()
            assert found == (0,), table
    kept = [path for path in founded.root.rglob("*") if path.is_file()]
    assert not any(secret.encode() in path.read_bytes() for path in kept)


def test_types_that_are_not_processed_are_counted_with_what_to_send_instead(
    read: Read, rows: Any
) -> None:
    (told,) = read("mia", "partner/integration", days=90)["unprocessed"]
    (facts,) = rows(
        "select count(*) as events from fct_event_verdicts"
        " where client_id = 'tb-math' and partner_verdict = 'unprocessed'"
    )
    assert (told["eventType"], told["eventCount"]) == ("NavigationEvent", facts["events"])
    assert told["instead"].startswith("Send a ViewEvent (Viewed)")


@pytest.mark.parametrize(
    ("event_type", "said"),
    [
        ("TimeSpentEvent", "Send SessionEvents"),
        ("ActivityEvent", "Send an AssessmentEvent"),
        ("ForumEvent", "Send the event type of the list"),
        ("Person", "An entity sent by itself"),
    ],
)
def test_every_type_that_is_not_processed_has_something_to_send_instead(
    event_type: str, said: str
) -> None:
    assert wording.instead(event_type).startswith(said)
    assert wording.difference_mend("not_accepted", "unprocessed", event_type).startswith(said)

"""`/audit/1.0`: admins read who read whose records, and that is written down too."""

import io
from typing import Any

import polars as pl
import pytest

from api.formats import CSV
from tests.api.conftest import School, Visit

SINCE = "2025-05-05T00:00:00Z"  # long before anything that other tests write


@pytest.fixture(scope="module", autouse=True)
def _log(small_school: School) -> None:
    """Three reads on two days of the past, and an operator's deed."""
    rows = [
        ("2025-05-05T10:00Z", "person", "gil", "xp.entries", "ana"),
        ("2025-05-06T03:00Z", "person", "gil", "reports.student", "ben"),
        ("2025-05-06T10:00Z", "client", "alpha", "student.export", "cai"),
        ("2025-05-07T10:00Z", "operator", "root", "person.create", None),
    ]
    with small_school.context.database.connection() as connection:
        people = {
            "gil": connection.execute(
                "select person_id::text from identity.people where user_id = 'gil'"
            ).fetchall()[0][0],
            "alpha": small_school.partners.alpha,
        }
        for at, kind, actor, action, student in rows:
            connection.execute(
                "insert into identity.audit_log"
                " (occurred_at, actor_kind, actor_id, action, student_id)"
                " values (%s, %s, %s, %s, %s)",
                [at, kind, people.get(actor, actor), action, student],
            )


def ask(visit: Visit, who: str, path: str = "entries", **query: Any) -> Any:
    parameters = {"since": SINCE, "until": "2025-05-08"} | query
    return visit(who).get(f"/audit/1.0/{path}", params=parameters)


def actions(visit: Visit, who: str, **query: Any) -> list[str]:
    answer = ask(visit, who, **query)
    assert answer.status_code == 200, answer.text
    return [row["action"] for row in answer.json()["entries"]]


ALL = ["person.create", "student.export", "reports.student", "xp.entries"]


@pytest.mark.parametrize("who", ["root", "alpha"])
def test_a_platform_admin_and_an_admin_client_read_every_row(visit: Visit, who: str) -> None:
    assert actions(visit, who) == ALL


def test_a_schools_admin_reads_what_is_about_its_students(visit: Visit) -> None:
    assert actions(visit, "admin") == ["reports.student", "xp.entries"]


@pytest.mark.parametrize("who", ["guide", "parent", "ana", "dev", "reading", "analyst"])
def test_nobody_else_reads_the_log(visit: Visit, who: str) -> None:
    for path in ("entries", "days"):
        answer = ask(visit, who, path)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("role_required")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"studentId": "ana"}, ["xp.entries"]),
        ({"actor": "guide@maple.example"}, ["reports.student", "xp.entries"]),
        ({"actor": "root"}, ["person.create"]),
        ({"action": "student"}, ["student.export"]),
        ({"action": "xp.entries"}, ["xp.entries"]),
        ({"action": "xp.entrie"}, []),
        ({"until": "2025-05-05"}, ["xp.entries"]),
        ({"since": "2025-05-06T09:00:00Z"}, ["person.create", "student.export"]),
        ({"limit": "1", "offset": "1"}, ["student.export"]),
    ],
)
def test_filters_choose_rows(visit: Visit, query: dict[str, str], expected: list[str]) -> None:
    assert actions(visit, "root", **query) == expected


def test_names_are_those_of_today_and_stand_in_no_row(visit: Visit, small_school: School) -> None:
    first = ask(visit, "root", studentId="ana").json()["entries"][0]
    assert (first["actorName"], first["studentName"]) == ("Gil Test", "Ana Test")
    assert ask(visit, "root", studentId="cai").json()["entries"][0]["actorName"] == "Alpha"
    with small_school.context.database.connection() as connection:
        found = connection.execute(
            "select 1 from identity.audit_log as log where log::text like '%Gil Test%'"
        ).fetchone()
    assert found is None


def test_days_are_counted_in_the_zone_that_is_asked(visit: Visit) -> None:
    utc = ask(visit, "root", "days").json()
    chicago = ask(visit, "root", "days", timezone="America/Chicago").json()
    assert (utc["entryCount"], utc["actorCount"], utc["studentCount"]) == (4, 3, 3)
    assert [(day["date"], day["entryCount"]) for day in utc["days"]] == [
        ("2025-05-07", 1),
        ("2025-05-06", 2),
        ("2025-05-05", 1),
    ]
    assert [(day["date"], day["entryCount"]) for day in chicago["days"]] == [
        ("2025-05-07", 1),
        ("2025-05-06", 1),
        ("2025-05-05", 2),
    ]


def test_csv_is_the_same_list(visit: Visit) -> None:
    answer = visit("root").get(
        "/audit/1.0/entries",
        params={"since": SINCE, "until": "2025-05-08"},
        headers={"Accept": CSV},
    )
    rows = pl.read_csv(io.BytesIO(answer.content))
    assert rows["action"].to_list() == ALL
    assert answer.headers["x-total-count"] == "4"


def test_reading_the_log_is_written_down(visit: Visit, small_school: School) -> None:
    ask(visit, "admin", studentId="ana")
    with small_school.context.database.connection() as connection:
        rows = connection.execute(
            "select actor_kind, action, student_id from identity.audit_log"
            " order by audit_id desc limit 1"
        ).fetchall()
    assert rows == [("person", "audit.entries", "ana")]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("entries", {"since": "yesterday"}, "invalid_date"),
        ("entries", {"since": "2026-01-02", "until": "2026-01-01"}, "period_reversed"),
        ("entries", {"limit": "1001"}, "limit_out_of_range"),
        ("days", {"timezone": "Mars/Olympus"}, "unknown_timezone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    visit: Visit, path: str, query: dict[str, str], code: str
) -> None:
    answer = ask(visit, "root", path, **query)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(code)

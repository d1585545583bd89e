"""Roster health: what is missing in the roster for the figures to be right, and what to do."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from api.reading import Reading
from api.reports.queries import roster_health as queries
from api.reports.queries.apps import app_names, client_names, named
from api.reports.reading import visible_students
from api.reports.reports import stamp
from api.reports.schemas.admin import RosterHealth
from core.grades import grade_words

Rows = list[dict[str, Any]]
ROWS_SHOWN = 1_000


def roster_health(reading: Reading, days: int) -> RosterHealth:
    """Every check, of the students that the admin sees.

    Events about unknown students belong to no school: only who sees everything is told of them.
    """
    students = visible_students(reading)
    reading.note("reports.roster_health", students)
    everything = reading.viewer.sees_everything
    found = _of_students(reading, students, days)
    found["unknown_students"] = _unknown(reading, days) if everything else []
    checks = []
    for check, words in _words().items():
        rows = found[check]
        applies = everything or check != "unknown_students"
        checks.append(
            {
                "check_id": check,
                **words,
                "is_applicable": applies,
                "count": len(rows),
                "rows": [{**EMPTY, **row} for row in rows[:ROWS_SHOWN]],
            }
        )
    return RosterHealth.model_validate(
        {**stamp(reading), "student_count": len(students), "checks": checks}
    )


EMPTY = dict.fromkeys(
    ("record_id", "name", "email", "school_name", "about", "reference", "amount", "last_at")
)


def _of_students(reading: Reading, students: Sequence[str], days: int) -> dict[str, Rows]:
    lake = reading.lake
    looked_at = {"as_of": lake.build.as_of, "days": days}
    guarded = queries.with_guardian(reading.database, list(students))
    alone = [student for student in students if student not in guarded]

    def find(sql: str, **parameters: Any) -> Rows:
        return queries.of_students(lake, sql, students, **parameters)

    def of_grades(rows: Rows) -> Rows:
        return [{**row, "about": grade_words(row["grade"])} for row in rows]

    return {
        "students_without_enrollment": of_grades(find(queries.WITHOUT_ENROLLMENT)),
        "events_pending_enrollment": find(queries.PENDING, **looked_at),
        "enrollments_without_events": find(
            queries.WITHOUT_EVENTS, **looked_at, quiet_days=queries.QUIET_DAYS
        ),
        "classes_without_teacher": find(queries.WITHOUT_TEACHER),
        "students_without_guardian": of_grades(find(queries.LISTED, chosen=alone)),
        "zones_missing": find(queries.WITHOUT_ZONE),
        "duplicate_emails": find(queries.SHARED_EMAILS),
    }


def _unknown(reading: Reading, days: int) -> Rows:
    names = app_names(reading.database, reading.lake)
    clients = client_names(reading.database)
    return [
        {**row, "name": row["app_name"], "about": clients.get(row["client_id"])}
        for row in named(queries.unknown_students(reading.lake, days), names)
    ]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "roster_checks.toml").read_text())

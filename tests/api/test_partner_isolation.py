"""Another partner's events change nothing that a partner reads."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from core import lake
from core.context import open_context
from tests.api import learning, people, school
from tests.api.conftest import School, receive
from tests.api.school import Rows
from tests.api.test_who_reads_what import ANAS, LISTS
from tests.conftest import make_settings

QUIET, BUSY = "build-quiet", "build-busy"
ZONED = [
    "/xp/1.0/users/ana/summary?timezone=Asia/Tokyo",
    "/analytics/1.0/activity?studentId=ana&timezone=Asia/Tokyo",
    "/analytics/1.0/facts?studentId=ana&timezone=Asia/Tokyo&startDate=2026-01-01",
    "/insights/1.0/users/ana?timezone=Asia/Tokyo",
    "/insights/1.0/users/ana/overview?timezone=Asia/Tokyo",
    "/gradebook/1.0/items",
]

# What the maths app's events do to figures that all apps share.
SHARED_FIGURES = """
    update fct_activity_segments set is_counted = false;
    update agg_student_day_lesson__activity set active_seconds = 0, idle_seconds = 0;
    update fct_lesson_mastery set active_seconds = 0;
    update fct_xp_ledger set is_review = true, review_reason = 'over_active_time';
    update fct_daily_goals set earned_xp = 500, status = 'met', streak_days = 9;
"""


def split(tables: dict[str, Rows], client_id: str) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """The rows that are a client's or nobody's, and the rest."""
    theirs, rest = {}, {}
    for table, rows in tables.items():
        theirs[table] = [row for row in rows if row.get("client_id", client_id) == client_id]
        rest[table] = [row for row in rows if row not in theirs[table]]
    return theirs, {table: rows for table, rows in rest.items() if rows}


@pytest.fixture(scope="module")
def two_builds(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One build with the reading app's events alone, a later one with the maths app's too."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("isolation") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        partners = people.enroll_everyone(connection)
    reading, maths = split(learning.whole_school(partners), partners.reading)
    school.publish(settings, reading, QUIET, school.AS_OF)
    with lake.open_duckdb(settings) as duckdb:
        lake.attach(duckdb, settings, settings.database_url)
        duckdb.execute("use lake.marts")
        duckdb.execute(SHARED_FIGURES)
    school.publish(settings, maths, BUSY, school.AS_OF)
    with open_context(settings) as context:
        yield School(settings, context, partners)


def answer(two_builds: School, who: str, path: str, build_id: str) -> Any:
    joint = "&" if "?" in path else "?"
    found = receive(two_builds)(who).get(f"{path}{joint}build={build_id}")
    body = found.json()
    for name in ("build_id", "as_of", "requestId"):
        body.pop(name, None)
    return found.status_code, body


def test_every_answer_to_a_partner_stays_the_same(two_builds: School) -> None:
    for path in [*ANAS, *LISTS, *ZONED]:
        quiet, busy = (answer(two_builds, "reading", path, build) for build in (QUIET, BUSY))
        assert quiet == busy, path
        assert quiet[0] == 200, path


def test_the_change_is_one_that_staff_see(two_builds: School) -> None:
    path = "/insights/1.0/users/ana"
    quiet, busy = (answer(two_builds, "guide", path, build) for build in (QUIET, BUSY))
    assert quiet != busy

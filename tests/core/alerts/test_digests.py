"""What a digest says: what its reader may see now, in figures that equal the marts."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from core.alerts.digest import Digest
from core.alerts.sending import Sender
from tests.core.alerts.conftest import FRIDAY_NOON, ORIGIN
from tests.dashboards.days import student_days
from tests.dashboards.school import AS_OF

Senders = Callable[..., Sender]
Database = psycopg.Connection[Any]
RISK = re.compile(
    r"risk|off track|struggl|behind|fail|missed|worst|rank|below|average|other (children|students)"
    r"|than (the )?class",
    re.IGNORECASE,
)


def texts(database: Database, kind: str) -> tuple[str, str]:
    """The one digest of that kind in the outbox: as text and as HTML."""
    (row,) = database.execute(
        "select text_body, html_body from alerting.outbox where kind = %s", [kind]
    ).fetchall()
    return row[0], row[1]


def test_a_guide_reads_who_needs_them_first_and_why(sender: Senders, database: Database) -> None:
    sender().send_due(now=FRIDAY_NOON)
    text, html = texts(database, "guide_daily")
    assert "Friday 20 November: 2 of 4 students need you." in text
    assert "1 has met the goal, 1 is on pace, 1 is behind, 1 has not started." in text
    ben, cleo = text.index("- Ben Brooks (18 of 60 XP)"), text.index("- Cleo Castle (0 of 60 XP)")
    assert ben < cleo
    assert "Struggling with Math lesson 6: 40% of the last 10 answers correct." in text
    assert "Eli" not in text
    assert f'href="{ORIGIN}/guide-today?day=2026-11-20"' in html
    assert "as of 20 November, 12:12 (Chicago time)" in text


def test_a_parent_reads_each_childs_own_week_as_the_marts_have_it(
    sender: Senders, database: Database
) -> None:
    sender().send_due(now=FRIDAY_NOON)
    text, html = texts(database, "parent_weekly")
    days = [day for day in student_days(AS_OF) if day.pupil.student_id == "ada"]

    def earned(first: int, last: int) -> str:
        held = (day.xp for day in days if first <= (day.on - date(2026, 11, 1)).days + 1 <= last)
        return f"{sum(held):,.1f} XP in ".replace(".0 ", " ")

    assert f"Ada earned {earned(16, 20)}" in text
    # At noon Friday is not over: four school days of each week are compared.
    assert f"Over 4 school days of each week: {earned(16, 19)}" in text
    assert f" (16 to 19 November), and {earned(9, 12)}" in text
    assert " the week before (9 to 12 November)." in text
    assert "Ben Brooks" in text
    for said in (text, html):
        assert not RISK.search(said)
        for other in ("Cleo", "Dev", "Eli"):
            assert other not in said


@pytest.fixture
def without_link(database: Database) -> Iterator[None]:
    """Pat is no longer linked to Ben."""
    change = (
        "update registry.records set status = %s where record_type = 'agent'"
        " and sourced_id = 'ben:pat'"
    )
    database.execute(change, ["tobedeleted"])
    yield
    database.execute(change, ["active"])


@pytest.mark.usefixtures("without_link")
def test_what_is_told_is_what_may_be_seen_when_it_is_sent(
    sender: Senders, database: Database
) -> None:
    sender().send_due(now=FRIDAY_NOON)
    text, _ = texts(database, "parent_weekly")
    assert "Ada" in text
    assert "Ben" not in text


def test_a_day_without_school_has_no_digest_for_guides(sender: Senders, database: Database) -> None:
    sender().send_due(on=date(2026, 11, 15))
    rows = database.execute("select kind, status from alerting.outbox order by kind").fetchall()
    assert rows == [("guide_daily", "nothing"), ("parent_weekly", "held")]


def test_names_are_text_in_html() -> None:
    child: dict[str, Any] = {
        "name": "<script>x</script> & Co",
        "sentence": "",
        "before": None,
        "subjects": [],
        "mastered": [],
    }
    figures = {"greeting": "Pat", "week": "w", "children": [child], "link": "l", "as_of": "a"}
    html = Digest("parent_weekly", "s", figures, ("a",), "b").html
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt; &amp; Co" in html

"""`timeback explain`, as an operator types it."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from core.cli.main import app
from tests.api.conftest import School, receive
from tests.api.explain.conftest import figure, summed


@pytest.fixture(autouse=True)
def _environment(taught: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(taught.settings.data_dir))
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", str(taught.settings.database_url))
    monkeypatch.setenv("COLUMNS", "200")


def explain(*arguments: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["explain", *arguments], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def read(taught: School, path: str) -> Any:
    return receive(taught)("alpha").get(path).json()


def test_a_day_is_a_tree_from_the_figure_to_the_events_and_the_rule() -> None:
    drawn = explain("xp", "ann", "2026-03-03").stdout
    figure_at, entry_at, sent_at, rule_at = (
        drawn.index(text)
        for text in ("xpEarned = 22.25 XP", "ledger_entry", "Events as sent", "Rules")
    )
    assert figure_at < entry_at < sent_at < rule_at
    assert '"event_id": "correction"' in drawn
    assert "review_xp_in_event = 240 (XP in one event): four hours' work" in drawn


def test_json_is_the_answer_of_the_api(taught: School) -> None:
    result = read(taught, "/gradebook/1.0/assessment-results?limit=1")["assessmentResults"][0]
    session = read(taught, "/insights/1.0/users/ann/sessions")["sessions"][0]
    entry = read(taught, "/xp/1.0/users/ann/entries")["entries"][0]
    lesson = f"{taught.partners.reading}-1"
    day = ("ann", "2026-03-03")
    for command, path in {
        ("xp", *day): "xp?studentId=ann&date=2026-03-03&limit=20",
        ("minutes", *day): "minutes?studentId=ann&date=2026-03-03&limit=20",
        ("goal", *day): "goal?studentId=ann&date=2026-03-03&limit=20",
        ("entry", entry["id"]): f"xp-entry/{entry['id']}?limit=20",
        ("session", session["sessionId"]): f"session/{session['sessionId']}?limit=20",
        ("grade", result["sourcedId"]): f"result/{result['sourcedId']}?limit=20",
        ("mastery", "ann", lesson): f"mastery?studentId=ann&lessonId={lesson}&limit=20",
        ("event", "award"): "event/award?limit=20",
    }.items():
        printed = json.loads(explain(*command, "--json").stdout)
        assert printed == read(taught, f"/explain/1.0/{path}"), command


def test_a_part_of_a_day_and_few_events() -> None:
    told = json.loads(explain("minutes", "ann", "2026-03-03", "--limit", "1", "--json").stdout)
    assert len(told["events"]) == 1
    assert summed(told, "activeSeconds") == pytest.approx(figure(told, "activeSeconds"))


def test_what_is_not_there_is_one_plain_line() -> None:
    assert "There is no event 'no-such'" in explain("event", "no-such", exit_code=1).output
    assert "There is no user 'nobody'" in explain("xp", "nobody", "2026-03-03", exit_code=1).output

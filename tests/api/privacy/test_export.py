"""A student's data as a zip: for the student, their parents and platform admins, of nobody else."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.cli.main import app
from tests.api.conftest import School, Visit

PATH = "/privacy/1.0/students/ana/export"
OTHERS = ("ben", "cai", "zoe", "Ben Test", "Cai Test", "ben@maple.example")


def bundle(visit: Visit, who: str) -> dict[str, str]:
    answer = visit(who).get(PATH)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


@pytest.fixture(scope="module")
def parents(visit: Visit) -> dict[str, str]:
    visit("guide").get("/xp/1.0/users/ana/entries")  # so that somebody has read her
    return bundle(visit, "parent")


@pytest.fixture(scope="module")
def admins(visit: Visit, parents: dict[str, str]) -> dict[str, str]:
    assert parents
    return bundle(visit, "root")


def test_it_holds_the_roster_the_events_and_every_mart(parents: dict[str, str]) -> None:
    roster = json.loads(parents["roster.json"])
    assert [(row["record_type"], row["sourced_id"]) for row in roster] == [
        ("user", "ana"),
        ("enrollment", "ana-m"),
        ("enrollment", "ana-r"),
        ("agent", "ana:pat"),
    ]
    assert [row["event_id"] for row in json.loads(parents["events.json"])] == [
        "event-x1",
        "event-x2",
    ]
    assert json.loads(parents["events.json"])[0]["payload"] == {"id": "as sent, x1"}
    ledger = list(csv.DictReader(io.StringIO(parents["figures/fct_xp_ledger.csv"])))
    assert ledger
    assert {row["student_id"] for row in ledger} == {"ana"}
    assert {
        "figures/fct_sessions.csv",
        "figures/fct_daily_goals.csv",
        "refused-events.json",
        "roster-history.json",
    } <= set(parents)


def test_it_holds_no_other_child(parents: dict[str, str]) -> None:
    for name, text in parents.items():
        if name != "index.html":  # English words there
            words = set(text.replace('"', " ").replace(",", " ").split())
            assert not words & set(OTHERS), name


def test_the_page_says_it_in_words(parents: dict[str, str], visit: Visit) -> None:
    page = parents["index.html"]
    summary = visit("parent").get("/xp/1.0/users/ana/entries").json()
    xp = sum(entry["value"] for entry in summary["entries"])
    assert "<h1>Ana Test</h1>" in page
    assert f"{xp:,.1f} XP" in page
    assert "Lesson r1" in page
    assert "http" not in page.replace("http-equiv", "")


def test_parents_read_roles_and_admins_names_of_who_read_it(
    parents: dict[str, str], admins: dict[str, str]
) -> None:
    assert "a guide" in {row["who"] for row in json.loads(parents["who-read-it.json"])}
    assert "Gil Test" not in "".join(parents.values())
    assert "Gil Test" in {row["who"] for row in json.loads(admins["who-read-it.json"])}


@pytest.mark.parametrize("who", ["ana", "alpha"])
def test_the_student_and_admins_may_take_it_too(visit: Visit, who: str) -> None:
    assert "index.html" in bundle(visit, who)


@pytest.mark.parametrize(
    ("who", "student", "status"),
    [
        ("guide", "ana", 403),
        ("admin", "ana", 403),
        ("reading", "ana", 403),
        ("dev", "ana", 403),
        ("analyst", "ana", 403),
        ("stranger", "ana", 404),
        ("parent", "ben", 404),
        ("ana", "ben", 404),
        ("root", "nobody", 404),
    ],
)
def test_others_may_not(visit: Visit, who: str, student: str, status: int) -> None:
    answer = visit(who).get(f"/privacy/1.0/students/{student}/export")
    assert answer.status_code == status


def test_each_export_is_written_down(visit: Visit, small_school: School) -> None:
    bundle(visit, "ana")
    assert newest(small_school) == ("person", "student.export", "ana")


def newest(school: School) -> tuple[Any, ...]:
    with school.context.database.connection() as connection:
        found = connection.execute(
            "select actor_kind, action, student_id from identity.audit_log"
            " order by audit_id desc limit 1"
        ).fetchone()
    assert found is not None
    return found


def test_no_file_is_left_behind(visit: Visit, small_school: School) -> None:
    bundle(visit, "ana")
    assert list(small_school.settings.temp_directory.glob("export-*")) == []


def test_the_command_writes_the_same_with_names(
    small_school: School, admins: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "ana.zip"
    environment = {
        "TIMEBACK_DATA_DIR": str(small_school.settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(small_school.settings.database_url),
    }
    command = ["student", "export", "ana", "--out", str(file)]
    result = CliRunner(env=environment).invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert newest(small_school) == ("operator", "student.export", "ana")
    with zipfile.ZipFile(file) as found:
        assert set(found.namelist()) == set(admins)
        assert found.read("events.json").decode() == admins["events.json"]
    unknown = CliRunner(env=environment).invoke(app, [*command[:2], "nobody", *command[3:]])
    assert (unknown.exit_code, "There is no user" in unknown.output) == (1, True)

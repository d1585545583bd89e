"""The page for analysts does what it says, copied as it stands."""

import os
import re
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg
import pytest
from typer.main import get_command

from core.cli.main import app
from tests.docs.conftest import MONTH, Command, Install
from tests.docs.page import Snippet, snippets

pytestmark = pytest.mark.timeout(600)  # the first test waits for a build
PAGE = snippets("analysts")


def in_language(language: str) -> list[Snippet]:
    return [snippet for snippet in PAGE if snippet.language == language and snippet.path is None]


@pytest.fixture
def _on_the_path(environment: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """`timeback` is the one of this environment, on the install."""
    assert environment.build
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def test_the_question_is_answered_right(timeback: Command) -> None:
    (question,) = in_language("sql")
    rows = timeback("sql", "--csv", stdin=question.code).stdout.splitlines()
    assert rows == [
        "lesson_id,lesson_title,minutes,masteries,minutes_per_mastery",
        "reading-1,reading-1,9.0,1,9.0",
        "reading-2,reading-2,3.0,0,",
    ]


@pytest.mark.usefixtures("_on_the_path")
def test_python_reads_the_marts_with_polars() -> None:
    names: dict[str, Any] = {}
    exec(in_language("python")[0].code, names)  # noqa: S102  our own page
    assert names["frame"].rows() == [("Reading", 12.0)]


@pytest.mark.usefixtures("_on_the_path")
def test_a_duckdb_of_ones_own_attaches_the_build_and_cannot_write(install: Install) -> None:
    names: dict[str, Any] = {}
    exec(in_language("python")[1].code, names)  # noqa: S102  our own page
    try:
        counted = names["frame"].sort("event_type").rows()
        assert counted == [("AssessmentItemEvent", 12), ("GradeEvent", 2), ("ViewEvent", 2)]
        assert names["db"].sql("select given_name from dim_students limit 1").fetchall()
        with pytest.raises(Exception, match="read-only"):
            names["db"].execute("delete from dim_students")
    finally:
        names["db"].close()
    with psycopg.connect(install.url) as connection:
        noted = connection.execute(
            "select actor_kind, details ->> 'build_id' from identity.audit_log"
            " where action = 'sql.attach'"
        ).fetchall()
    assert ("operator", install.build.build_id) in noted


def test_the_new_mart_is_built_tested_and_shown(install: Install, timeback: Command) -> None:
    paths = [snippet.path for snippet in PAGE if snippet.path is not None]
    assert len(paths) == 2
    assert all((install.project.parent / path).exists() for path in paths)
    with psycopg.connect(install.url) as connection:
        row = connection.execute("select details -> 'tests' from publishing.builds").fetchone()
    assert row is not None
    assert row[0] > 100
    attach = timeback("sql", "--attach", "--with-names").stdout
    with duckdb.connect() as db:
        db.execute(attach)
        mart = db.sql("from agg_lesson_month__mastery order by lesson_id").pl()
    assert mart.rows() == [
        ("reading-1", MONTH.date(), 14 * 60.0, 2),
        ("reading-2", date(MONTH.year, MONTH.month, 1), 180.0, 0),
    ]
    assert mart.schema["active_seconds"] == pl.Float64


def test_every_command_on_the_page_exists_with_its_options() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    text = "\n".join(snippet.code for snippet in in_language("sh"))
    lines = [line.partition("#")[0] for line in text.splitlines() if line.startswith("timeback")]
    assert len(lines) >= 4
    for line in lines:
        _, name, *rest = shlex.split(line)
        assert name in commands, line
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word for word in rest if re.match("--", word)} <= options, line

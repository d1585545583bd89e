"""What `timeback sql` shows and what it refuses: marts to read, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from core.analysis.session import AnalystSession, open_session
from tests.docs.conftest import COMMENT, Command, Install

pytestmark = pytest.mark.timeout(600)  # the first test waits for a build
PERSONAL = {"given_name", "family_name", "email", "comment"}
SEEN_ONLY_WITH_NAMES = [
    "select given_name from dim_students",
    "select comment from fct_assessment_results",
    "from raw.events",
    "from raw.records",
]


@pytest.fixture(scope="module")
def session(install: Install) -> Iterator[AnalystSession]:
    """A session without names."""
    with open_session(install.settings, install.url, install.build) as opened:
        yield opened


def ask(session: AnalystSession, query: str) -> list[dict[str, Any]]:
    """The rows of a query."""
    rows: list[dict[str, Any]] = session.ask(query, limit=0, timeout_seconds=20).table.to_pylist()
    return rows


def test_a_refusal_is_one_plain_line(timeback: Command) -> None:
    refused = timeback("sql", "drop view dim_students", exit_code=1)
    assert refused.stdout == ""
    assert refused.stderr.startswith("✗ This is read-only")


@pytest.mark.parametrize("query", SEEN_ONLY_WITH_NAMES)
def test_what_is_personal_shows_only_when_asked_for(
    install: Install, session: AnalystSession, query: str
) -> None:
    with pytest.raises((duckdb.BinderException, duckdb.CatalogException)):
        ask(session, query)
    with open_session(install.settings, install.url, install.build, with_names=True) as named:
        assert len(ask(named, query)) > 1


def test_no_column_holds_a_name_an_address_or_a_comment(session: AnalystSession) -> None:
    tables = [row["name"] for row in ask(session, "show tables")]
    assert {"dim_students", "fct_xp_ledger", "fct_event_verdicts"} <= set(tables)
    for table in tables:
        rows = ask(session, f"from {table}")
        assert not PERSONAL & {name for row in rows for name in row}, table
        shown = str(rows)
        assert not any(word in shown for word in ("Lovelace", "maple.example", COMMENT)), table


def test_a_column_that_the_yml_does_not_name_is_not_shown(install: Install, tmp_path: Path) -> None:
    marts = tmp_path / "models" / "marts"
    marts.mkdir(parents=True)
    (marts / "one.yml").write_text("models: [{name: dim_students, columns: [{name: student_id}]}]")
    opening = open_session(install.settings, install.url, install.build, project=tmp_path)
    with opening as session:
        assert [row["name"] for row in ask(session, "show tables")] == ["dim_students"]
        assert ask(session, "from dim_students order by all")[0] == {"student_id": "ann"}


def test_reading_names_is_noted_with_the_build(install: Install, timeback: Command) -> None:
    with psycopg.connect(install.url) as connection:
        count = "select count(*) from identity.audit_log where action = 'sql.with_names'"
        before = connection.execute(count).fetchone()
        timeback("sql", "select 1")
        assert connection.execute(count).fetchone() == before
        timeback("sql", "--with-names", "select 1")
        after = connection.execute(count).fetchone()
    assert before is not None
    assert after == (before[0] + 1,)


def test_attaching_needs_names_to_be_asked_for(timeback: Command) -> None:
    assert "--with-names" in timeback("sql", "--attach", exit_code=1).stderr


@pytest.mark.parametrize(
    "query",
    [
        "describe fct_xp_ledger",
        "summarize dim_lessons",
        "with a as (from marts.dim_lessons), b as (from a) select count(*) from b",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 3) from n",
        "select unnest([gap_lesson_ids]) from fct_course_placement",
        "from range(3)",
        "pivot dim_students on grade in ('5', '05') using count(*)",
        "select student_id, row_number() over (order by student_id) from dim_students",
        "values (1), (2)",
    ],
)
def test_what_analysts_write_is_answered(session: AnalystSession, query: str) -> None:
    assert ask(session, query)


def test_the_command_answers_in_json(timeback: Command) -> None:
    answer = timeback("sql", "--json", "select student_id from dim_students order by all limit 1")
    assert json.loads(answer.stdout) == [{"student_id": "ann"}]
    assert json.loads(timeback("sql", "--json", "select 1 where false").stdout) == []


def test_a_cut_answer_says_so(timeback: Command) -> None:
    cut = timeback("sql", "--csv", "--limit", "2", "from range(3)")
    assert cut.stdout == "range\n0\n1\n"
    assert "first 2 rows" in cut.stderr
    whole = timeback("sql", "--csv", "--limit", "3", "from range(3)")
    assert whole.stderr == ""
    assert (
        len(timeback("sql", "--csv", "--limit", "0", "from range(20000)").stdout.split()) == 20001
    )


def test_a_query_is_stopped_when_its_time_is_up(timeback: Command) -> None:
    slow = "select count(*) from range(1000000) as a, range(1000000) as b where a.range <> b.range"
    assert "Stopped after 1 s" in timeback("sql", "--timeout", "1", slow, exit_code=1).stderr


def test_lists_are_json_in_csv_and_repeated_names_are_told_apart(timeback: Command) -> None:
    answer = timeback("sql", "--csv", "select [1, 2] as a, true as a, null as b").stdout
    assert answer == 'a,a_1,b\n"[1,2]",true,\n'


def test_a_build_is_found_by_its_id_or_by_what_was_then(
    install: Install, timeback: Command
) -> None:
    build = install.build
    count = "select count(*) as students from dim_students"
    for options in (
        ["--build", build.build_id],
        ["--as-of", f"{build.as_of:%Y-%m-%d}"],
        ["--as-of", build.as_of.isoformat()],
    ):
        assert timeback("sql", "--csv", *options, count).stdout == "students\n3\n"
    for options in (
        ["--build", "nowhere"],
        ["--as-of", "2001-01-01"],
        ["--as-of", "yesterday"],
        ["--build", build.build_id, "--as-of", "2026-01-01"],
    ):
        assert timeback("sql", *options, count, exit_code=1).stdout == ""


def test_a_faulty_query_says_what_duckdb_says(timeback: Command) -> None:
    assert "nowhere" in timeback("sql", "select nowhere from dim_students", exit_code=1).stderr
    assert "syntax error" in timeback("sql", "selec 1", exit_code=1).stderr

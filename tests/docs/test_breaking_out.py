"""Attempts to reach, through SQL, what an analyst may not see: names, files, other databases.

Each is made twice: as `timeback sql` takes it, and on the sandbox itself with the gate left out,
because the sandbox must hold by what it is.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import pytest

from core.analysis.gate import RefusedQueryError
from core.analysis.session import AnalystSession, open_session
from tests.docs.conftest import COMMENT, Install

pytestmark = pytest.mark.timeout(600)  # the first test waits for a build
ATTEMPTS = {
    "writing": [
        "insert into dim_students select * from dim_students",
        "update dim_students set grade = '9'",
        "delete from dim_students",
        "drop view dim_students",
        "create table mine as select 1",
        "create view mine as select * from published.marts.dim_students",
        "create or replace view dim_students as select 1",
        "alter view dim_students rename to x",
        "truncate dim_students",
        "vacuum",
        "checkpoint",
    ],
    "files": [
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from read_blob('/proc/self/environ')",
        "from read_json('/etc/hostname')",
        "from read_json_objects('/etc/hostname', format = 'unstructured')",
        "from sniff_csv('/etc/passwd')",
        "from '/etc/passwd'",
        "from 'file:///etc/passwd'",
        'from "/etc/passwd"',
        "from read_parquet('{lake}marts/dim_students/*.parquet')",
        "from read_parquet('{file}')",
        "from read_parquet(['{file}'])",
        "from parquet_scan('{file}')",
        "from parquet_metadata('{file}')",
        "from parquet_schema('{file}')",
        "from '{file}'",
        "from '{lake}marts/dim_students/x.parquet'",
        "from glob('{lake}**')",
        "from glob('/etc/*')",
        "from glob('marts://**')",
        "from read_parquet('marts://marts/dim_students/0.parquet')",
        "from read_parquet('marts://marts/dim_students/../dim_students/0.parquet')",
        "from read_parquet('marts://*/*/*.parquet')",
        "from read_duckdb('{lake}x.duckdb')",
        "from read_text('http://127.0.0.1/')",
        "from read_csv('s3://bucket/x.csv')",
        "copy (select 1) to '{outside}'",
        "copy (select 1) to '{outside}' (format parquet)",
        "copy (select 1) to '/dev/stdout'",
        "copy dim_students to '{lake}x.parquet'",
        "copy (select 1) to 'marts://marts/dim_lessons/0.parquet' (format parquet)",
        "copy (select 1) to 'marts://marts/dim_lessons/0.parquet'"
        " (format parquet, use_tmp_file false)",
        "explain analyze copy (select 1) to 'marts://marts/dim_lessons/0.parquet'"
        " (format parquet, use_tmp_file false)",
        "explain analyze copy (select 1) to '{outside}'",
        "/* */ explain analyze copy (select 1) to '{outside}'",
        "create temp table t (line varchar); copy t from '/etc/passwd'; from t",
        "export database '{outside}'",
        "import database '{lake}'",
    ],
    "other databases": [
        "attach '{outside}' as x",
        "attach '{file}' as x",
        "attach 'ducklake:postgres:{dsn}' as x (read_only)",
        "attach '{dsn}' as x (type postgres)",
        "attach ':memory:' as x; use x; attach '{outside}' as y",
        "detach published",
        "use published.marts",
        "from published.marts.dim_students",
        "from published.raw.events",
        "from lake.raw.events",
        "from raw.events",
        "from __ducklake_metadata_published.identity.people",
        "from postgres_query('__ducklake_metadata_published', 'select 1')",
        "from postgres_scan('{dsn}', 'identity', 'people')",
        "from ducklake_snapshots('published')",
        "from ducklake_list_files('lake', 'dim_students', schema => 'marts')",
        "select (select max(email) from published.marts.dim_students)",
        "select 1 where exists (from published.marts.dim_students)",
        "select 1 order by (select count(*) from published.marts.dim_students)",
        "pivot published.marts.dim_students on grade in ('5') using count(*)",
        "summarize published.marts.dim_students",
        "describe published.marts.dim_students",
        "show all tables",
        "from duckdb_views()",
        "from duckdb_columns()",
    ],
    "personal columns": [
        "select given_name from dim_students",
        'select "EMAIL" from dim_students',
        "select columns('.*name|email') from dim_students",
        "select s.given_name from dim_students as s",
        "select comment from fct_assessment_results",
        "select dim_students from dim_students",
        "select unnest(dim_students) from dim_students",
        "select to_json(dim_students) from dim_students",
        "with a as (from dim_students) select * from a where a.email like '%maple%'",
        "select * exclude (student_id) from dim_students",
        "from parquet_metadata('marts://marts/dim_students/shown.parquet')",
        "from read_parquet('marts://marts/fct_assessment_results/shown.parquet')",
    ],
    "extensions and settings": [
        "install spatial",
        "force install httpfs",
        "load spatial",
        "load httpfs",
        "load postgres_scanner",
        "load '{extensions}/ducklake.duckdb_extension'",
        "update extensions",
        "set memory_limit = '1GB'",
        "reset memory_limit",
        "set enable_external_access = true",
        "reset enable_external_access",
        "set allowed_directories = ['/']",
        "set allowed_paths = ['/etc/passwd']",
        "set python_enable_replacements = true",
        "set temp_directory = '/tmp'",
        "pragma database_list",
        "pragma enable_profiling",
        "call pragma_version()",
        "from duckdb_settings()",
        "from duckdb_databases",
        "from duckdb_secrets()",
        "from which_secret('s3://x', 's3')",
        "create secret s (type s3, key_id 'x', secret 'y')",
        "create persistent secret s (type http)",
        "select current_setting('extension_directory')",
        "select getenv('PATH')",
        "select getenv('TIMEBACK_DATABASE_URL')",
        "select system.main.current_setting('extension_directory')",
        "set variable a = '/etc/passwd'; from read_text(getvariable('a'))",
        "from duckdb_logs",
    ],
    "what hides a query": [
        "from query('from published.marts.dim_students')",
        "from query('select given_name from dim_students')",
        "from query_table('published.marts.dim_students')",
        "from query_table('dim_' || 'students')",
        "from query('copy (select 1) to ''{outside}''')",
        "from query('attach ''{outside}'' as x')",
        "from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))",
        "from json_execute_serialized_sql('{{}}')",
        "with duckdb_databases as (from duckdb_databases) from duckdb_databases",
        "select * from (with duckdb_settings as (select 1) from duckdb_settings), duckdb_settings",
        "with recursive a as (select 1 union all from b), b as (select 1) from a",
        'from "published.marts.dim_students"',
        'from "published"."marts"."dim_students"',
        "from settings",
        "from install",
        "from os",
        "prepare p as from read_text('/etc/passwd'); execute p",
        "execute immediate 'attach ''/tmp/x'''",
        "create macro m() as table from read_text('/etc/passwd'); from m()",
        "select 1; drop view dim_students",
        "",
    ],
}
FLAT = [query for queries in ATTEMPTS.values() for query in queries]


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with its size and when it was written."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def places(install: Install, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the attempts name."""
    lake = Path(install.settings.lake_path)
    return {
        "lake": install.settings.lake_path,
        "file": str(next((lake / "marts" / "dim_students").rglob("*.parquet"))),
        "dsn": install.url,
        "extensions": os.environ["TIMEBACK_EXTENSION_DIR"],
        "outside": str(tmp_path_factory.mktemp("outside") / "out"),
    }


@pytest.fixture(scope="module")
def session(install: Install) -> Iterator[AnalystSession]:
    with open_session(install.settings, install.url, install.build) as opened:
        opened.ask("select 1 from dim_students, fct_assessment_results", limit=1, timeout_seconds=9)
        yield opened


def assert_harmless(install: Install, shown: str, query: str) -> None:
    """Nothing that an analyst may not see is in what came back."""
    secrets = ["Lovelace", "maple.example", COMMENT, "root:", os.environ["PATH"], install.url]
    assert [word for word in secrets if word in shown] == [], query


def test_no_query_shows_or_writes_what_it_may_not(
    install: Install, session: AnalystSession, places: dict[str, str]
) -> None:
    lake, outside = Path(install.settings.lake_path), Path(places["outside"]).parent
    before = files_of(lake)
    for query in FLAT:
        try:
            shown = session.ask(query.format(**places), limit=0, timeout_seconds=20).table
        except (RefusedQueryError, duckdb.Error) as error:
            assert_harmless(install, str(error), query)
        else:
            assert_harmless(install, str(shown.to_pylist()), query)
    assert files_of(lake) == before
    assert list(outside.iterdir()) == []
    assert session.ask("select count(*) as n from dim_students", limit=1, timeout_seconds=9)


def test_the_sandbox_holds_with_the_gate_left_out(install: Install, places: dict[str, str]) -> None:
    lake, outside = Path(install.settings.lake_path), Path(places["outside"]).parent
    before = files_of(lake)
    with ExitStack() as stack:
        session: AnalystSession | None = None
        for query in FLAT:
            if session is None or not is_alive(session):
                opening = open_session(install.settings, install.url, install.build)
                session = stack.enter_context(opening)
            connection = session.sandbox._duckdb
            shown: list[Any] = []
            try:
                for statement in connection.extract_statements(query.format(**places)):
                    shown.append(connection.execute(statement).fetchall())
            except duckdb.Error as error:
                shown.append(str(error))
            assert_harmless(install, str(shown), query)
    assert files_of(lake) == before
    assert list(outside.iterdir()) == []


def is_alive(session: AnalystSession) -> bool:
    """Whether the last attempt left the sandbox whole: some break their own session."""
    try:
        session.sandbox._duckdb.execute("from marts.dim_students")
    except duckdb.Error:
        return False
    return True


@pytest.mark.parametrize(
    "query",
    [
        "from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/timeback-test.csv'",
        "attach '/tmp/timeback-test.duckdb' as x",
        "set memory_limit = '1GB'",
        "from read_parquet('{file}')",
        "load httpfs",
    ],
)
def test_it_is_the_sandbox_that_refuses(
    session: AnalystSession, places: dict[str, str], query: str
) -> None:
    with pytest.raises(duckdb.Error, match=r"disabled|locked"):
        session.sandbox._duckdb.execute(query.format(**places))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select count(*) from range(1000000) a, range(1000000) b where a <> b", "Stopped after"),
        (
            "with recursive n as (select 1 as i union all select i + 1 from n)"
            " select max(i) from n",
            "Stopped after",
        ),
        ("select string_agg(repeat('x', 1000000), '') from range(100000)", "memory|limit"),
    ],
)
def test_what_never_ends_or_eats_memory_is_stopped(
    session: AnalystSession, query: str, told: str
) -> None:
    with pytest.raises((RefusedQueryError, duckdb.Error), match=told):
        session.ask(query, limit=10, timeout_seconds=0.5)

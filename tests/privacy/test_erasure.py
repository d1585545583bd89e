"""An erased student is found in no byte of the data directory; everything of others stays.

One install with an embedded server: built, an erasure killed half way, run again, then what comes
late, upkeep, and a look into every file.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from core import context, lake
from core.builds import registry
from core.builds.build import Builder
from core.builds.reader import LakeReader
from core.cli.draining import drain
from core.cli.main import app
from core.errors import ConflictError, GoneError
from core.privacy.queue import ErasureQueue
from core.registry import records
from core.settings import Settings
from ingest.loader import Loader
from tests.privacy.told import TRACES, VICTIM, enroll, found_in, send, xp

pytestmark = pytest.mark.timeout(600)


@dataclass
class Story:
    """The install and what was seen of it on the way."""

    settings: Settings
    url: str
    before: dict[str, list[Any]]
    old_build: registry.Build
    killed_in: str | None = None
    held_before: int = 0


def marts(settings: Settings, url: str) -> dict[str, list[Any]]:
    """Every row of the marts about Ann, by table."""
    rows: dict[str, list[Any]] = {}
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, url, read_only=True)
        for (table,) in duck.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'lake' and schema_name = 'marts' order by all"
        ).fetchall():
            relation = duck.sql(f"from lake.marts.{table}")
            if "student_id" in relation.columns:
                found = relation.filter("student_id = 'ann'").fetchall()
                rows[table] = sorted(map(repr, found))
    return rows


def run(settings: Settings, *arguments: str) -> str:
    result = CliRunner(env={"TIMEBACK_DATA_DIR": str(settings.data_dir)}).invoke(
        app, list(arguments), catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    settings = Settings(data_dir=tmp_path_factory.mktemp("erasing") / "data")
    url = context.prepare(settings)
    enroll(url)
    url_of_victim = f"https://id.example/users/{VICTIM}?v=1"
    send(
        url,
        [xp(1, VICTIM), xp(2, "ann"), xp(3, {"id": url_of_victim, "type": "Person"})],
        [xp(4, "ben"), xp(5, VICTIM, generated={"type": "Score", "scoreGiven": "much"})],
        [xp(6, "ann", object={"id": "a6", "type": "Attempt", "assignee": VICTIM})],
    )
    with Loader(settings) as loader:
        loader.drain()
    with Builder(settings).open() as builder:
        builder.build()
    send(url, [xp(7, VICTIM), xp(8, "ben")])  # waits in the journal
    with psycopg.connect(url) as connection:
        old = registry.latest(connection)
        assert old is not None
        connection.execute(
            "insert into identity.audit_log (actor_kind, actor_id, action, student_id)"
            " values ('person', 'gil', 'xp.entries', %s), ('person', 'gil', 'xp.entries', 'ann')",
            [VICTIM],
        )
        connection.execute(
            "insert into registry.imported (file, line_id, record_type, sourced_id)"
            " select record_type || 's', sourced_id, record_type, sourced_id"
            " from registry.records where record_type in ('user', 'agent', 'enrollment')"
        )
        connection.execute("analyze")
    leave_traces(settings)
    told = Story(settings, url, marts(settings, url), old)
    told.held_before = len(found_in(settings.root))
    told.killed_in = kill_an_erasure(settings, url)
    with Builder(settings).open() as builder:  # what `timeback run builds` does when it starts
        ErasureQueue(lambda: drain(settings, url)).work_off(builder)
    return told


def leave_traces(settings: Settings) -> None:
    """What prompts, killed proofs, spilled queries and logs may hold."""
    for name, text in {
        "sql_history": f"select * from dim_students where family_name = '{TRACES[2]}';\n",
        "logs/api.log": f"404 /xp/1.0/users/{VICTIM}/entries\n",
        "tmp/duckdb_temp_storage-0.tmp": VICTIM,
        "proof/lake/x.bin": VICTIM,
        "dbt/target/run.sql": VICTIM,
    }.items():
        path = settings.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    orphan = settings.root / "lake" / "marts" / "dim_students" / "ducklake-orphan.parquet"
    pq.write_table(pa.table({"student_id": [VICTIM]}), orphan)


def kill_an_erasure(settings: Settings, url: str) -> str:
    """Start the command, kill it while it rebuilds, and say in which stage that was."""
    environment = os.environ | {"TIMEBACK_DATA_DIR": str(settings.data_dir)}
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "student", "erase", VICTIM, "--yes"], env=environment
    )
    deadline = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < deadline:
            row = connection.execute("select stage, stages_done from privacy.erasures").fetchone()
            if row is not None and row[1] == 3:
                break
            time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert row is not None
    return str(row[0])


def test_no_byte_of_the_data_directory_names_the_student(story: Story) -> None:
    assert story.held_before > 8
    assert story.killed_in == "Rebuilding the marts"
    assert found_in(story.settings.root) == {}


def test_figures_of_others_are_what_they_were(story: Story) -> None:
    assert sum(map(len, story.before.values())) > 8
    assert marts(story.settings, story.url) == story.before


def test_older_builds_are_gone(story: Story) -> None:
    with (
        LakeReader(story.settings, story.url) as reader,
        pytest.raises(GoneError),
        reader.lease(story.old_build.build_id),
    ):
        pass


def test_the_log_keeps_that_it_happened_and_a_pseudonym(story: Story) -> None:
    with psycopg.connect(story.url) as connection:
        rows = connection.execute(
            "select action, student_id from identity.audit_log order by audit_id"
        ).fetchall()
        (pseudonym,) = connection.execute(
            "select 'erased:' || student_hash from privacy.erasures"
        ).fetchall()[0]
    assert ("xp.entries", "ann") in rows
    assert ("xp.entries", pseudonym) in rows
    assert rows[-1] == ("student.erase", pseudonym)


def test_alerts_that_name_the_student_are_gone_and_others_stay(story: Story) -> None:
    with psycopg.connect(story.url) as connection:
        rows = connection.execute("select text_body from alerting.outbox").fetchall()
    assert rows == [("Ann alone",)]


def test_what_comes_late_is_not_taken_and_upkeep_leaves_no_trace(story: Story) -> None:
    settings, url = story.settings, story.url
    send(url, [xp(20, f"urn:uuid:{VICTIM}"), xp(21, "ann"), xp(22, VICTIM, action="Ate")])
    with Loader(settings) as loader:
        assert loader.drain() == 1
    with psycopg.connect(url) as connection, pytest.raises(ConflictError):
        records.put(connection, "user", VICTIM, {"givenName": TRACES[1]})
    with Builder(settings).open() as builder:
        builder.maintain()
        found = builder.duck.execute(
            "select student_ref from lake.raw.events order by journal_seq desc limit 1"
        ).fetchall()
    assert found == [("ann",)]
    assert found_in(settings.root) == {}


def test_the_proof_is_still_green(story: Story) -> None:
    assert "Incremental equals rebuild" in run(story.settings, "prove")

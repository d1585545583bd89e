"""`timeback prove` is green when small builds equal a rebuild, and names each row that does not."""

import os
import re
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from typer.testing import CliRunner

from core import lake
from core.builds import registry
from core.cli.main import app
from core.cli.options import err, out
from core.settings import Settings
from tests.warehouse.conftest import Warehouse
from tests.warehouse.raw_rows import AS_OF
from tests.warehouse.trap_school import EVENTS, LATE_ROSTER, ROSTER

pytestmark = pytest.mark.timeout(900)  # two builds, three proofs


@dataclass(frozen=True)
class Outcome:
    """What a run of the command printed, and its exit code."""

    exit_code: int
    output: str


@pytest.fixture(scope="module")
def school(shared_warehouse: Warehouse) -> Warehouse:
    """The trap school in two builds: half of its events, the rest and what they waited for.

    Events come in the wrong order; tests/warehouse/test_incremental.py has more builds.
    """
    half = len(EVENTS) // 2
    shared_warehouse.load(EVENTS[:half:-1], ROSTER)
    shared_warehouse.build()
    shared_warehouse.load(EVENTS[: half + 1])
    shared_warehouse.load([], LATE_ROSTER)
    shared_warehouse.build(as_of=AS_OF + timedelta(days=1))
    return shared_warehouse


def prove(settings: Settings, *arguments: str) -> Outcome:
    environment = {
        "TIMEBACK_DATA_DIR": str(settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(settings.database_url),
        "TIMEBACK_EXTENSION_DIR": os.environ["TIMEBACK_EXTENSION_DIR"],
    }
    out.width = err.width = 200  # consoles of the process, which know no terminal
    result = CliRunner(env=environment).invoke(app, ["prove", *arguments], catch_exceptions=False)
    return Outcome(result.exit_code, result.output)


def newest(settings: Settings) -> registry.Build:
    with psycopg.connect(str(settings.database_url)) as connection:
        build = registry.latest(connection)
    assert build is not None
    return build


@pytest.fixture(scope="module")
def proved(school: Warehouse) -> Outcome:
    """A proof of what the builds published."""
    return prove(school.settings)


@pytest.fixture(scope="module")
def honest(school: Warehouse, proved: Outcome) -> registry.Build:
    """The build that was proved."""
    assert proved.exit_code == 0, proved.output
    return newest(school.settings)


@pytest.fixture(scope="module")
def tampered(school: Warehouse, honest: registry.Build) -> Outcome:
    """A proof after someone changed one row, took one away and doubled another."""
    school.rows("update lake.marts.fct_xp_ledger set xp = xp + 1 where source_event_id = 'x3'")
    school.rows("delete from lake.marts.dim_lessons where lesson_id = 'maths-2'")
    school.rows(
        "insert into lake.marts.fct_sessions"
        " select * from lake.marts.fct_sessions order by session_id limit 1"
    )
    with psycopg.connect(str(school.settings.database_url)) as connection:
        connection.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of, source_snapshot,"
            " published_snapshot, finished_at, details)"
            " select 'tampered', status, false, as_of, source_snapshot, %s, now(), details"
            " from publishing.builds where build_id = %s",
            [lake.current_snapshot(school.connection), honest.build_id],
        )
    return prove(school.settings, "--build", "tampered")


def verdicts(outcome: Outcome) -> dict[str, str]:
    """The last column of each table's line."""
    rows = re.findall(r"│ (\w+\.\w+) +│ +[\d,]+ │ [0-9a-f]{16} │ (.+?) +│", outcome.output)
    return dict(rows)


def test_small_builds_are_proved_equal_to_a_rebuild(proved: Outcome) -> None:
    assert proved.exit_code == 0, proved.output
    assert set(verdicts(proved).values()) == {"equal"}
    assert "1 small build after the last full" in proved.output


def test_every_mart_is_compared(school: Warehouse, proved: Outcome) -> None:
    marts = school.rows(
        "select 'marts.' || table_name from duckdb_tables()"
        " where database_name = 'lake' and schema_name = 'marts'"
    )
    assert set(verdicts(proved)) == {name for (name,) in marts}
    assert "marts.fct_xp_ledger" in verdicts(proved)


def test_a_changed_a_missing_and_a_doubled_row_are_each_named(
    school: Warehouse, tampered: Outcome
) -> None:
    assert tampered.exit_code == 1
    differing = {name: said for name, said in verdicts(tampered).items() if said != "equal"}
    assert differing == {
        "marts.fct_xp_ledger": "1 only published, 1 only rebuilt",
        "marts.dim_lessons": "0 only published, 1 only rebuilt",
        "marts.fct_sessions": "1 only published, 0 only rebuilt",
    }
    ((entry_id, xp),) = school.rows(
        "select entry_id, xp from lake.marts.fct_xp_ledger where source_event_id = 'x3'"
    )
    assert f"entry_id={entry_id}" in tampered.output
    assert f"published xp={xp}\n" in tampered.output
    assert f"rebuilt   xp={xp - 1}\n" in tampered.output
    assert "lesson_id=maths-2\n" in tampered.output


@pytest.mark.long
def test_an_older_build_is_proved_at_its_own_source_and_instant(
    school: Warehouse, honest: registry.Build, tampered: Outcome
) -> None:
    assert tampered.exit_code == 1
    school.load(EVENTS[-1:])  # what it has not seen
    assert prove(school.settings, "--build", honest.build_id).exit_code == 0


def test_a_proof_leaves_nothing_behind(school: Warehouse, tampered: Outcome) -> None:
    assert tampered.exit_code == 1
    assert not (school.settings.root / "proof").exists()


def test_a_build_that_is_not_there_cannot_be_proved(school: Warehouse) -> None:
    refused = prove(school.settings, "--build", "nowhere")
    assert refused.exit_code == 1
    assert "There is no build 'nowhere'" in refused.output


def test_a_build_of_another_project_is_not_proved(
    school: Warehouse, honest: registry.Build
) -> None:
    with psycopg.connect(str(school.settings.database_url)) as connection:
        connection.execute(
            "insert into publishing.builds (build_id, status, full_refresh, as_of, source_snapshot,"
            " published_snapshot, finished_at, details)"
            " select 'older-project', status, false, as_of, source_snapshot, published_snapshot,"
            '     now(), \'{"project_hash": "another"}\''
            " from publishing.builds where build_id = %s",
            [honest.build_id],
        )
    refused = prove(school.settings, "--build", "older-project")
    assert refused.exit_code == 1
    assert "another version of the dbt project" in refused.output

"""The dbt docs that builds keep current, and how old the sources are."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import lake
from core.builds.documentation import (
    POLICY,
    PageKeeper,
    folder,
    latest_page,
    write_page,
)
from core.builds.project import PROJECT, hash_project
from core.builds.runner import run_dbt
from tests.docs.conftest import COMMENT, Install

pytestmark = pytest.mark.timeout(900)  # a build, then the docs beside other work
LONGEST_SECONDS = 400


@pytest.fixture(scope="module")
def page(install: Install) -> Path:
    """The page as the build loop has it written, after an older project's."""
    older = folder(install.settings) / "older.html"
    older.parent.mkdir()
    older.write_text("an older project")
    with pytest.MonkeyPatch.context() as environment, PageKeeper(install.settings) as keeper:
        environment.setenv("TIMEBACK_DATABASE_URL", install.url)
        keeper.keep_current()
        keeper.keep_current()  # no second one beside it
        until = time.monotonic() + LONGEST_SECONDS
        while older.exists() and time.monotonic() < until:
            time.sleep(0.2)
    found = latest_page(install.settings)
    assert found is not None
    return found


def test_the_page_is_of_this_project_and_the_only_one(install: Install, page: Path) -> None:
    assert page.stem == hash_project(PROJECT)[:16]
    assert list(folder(install.settings).iterdir()) == [page]
    written = page.stat().st_mtime_ns
    assert write_page(install.settings) == page
    assert page.stat().st_mtime_ns == written


def test_the_page_describes_models_and_holds_no_row_and_no_place(
    install: Install, page: Path
) -> None:
    text = page.read_text()
    for there in ("fct_xp_ledger", "One row per entry of the XP ledger", "TimeBack warehouse"):
        assert there in text
    root = str(install.settings.root)
    for absent in ("Lovelace", "maple.example", COMMENT, "ann-reading", root, install.url):
        assert absent not in text


def test_a_browser_may_load_nothing_for_the_page(page: Path) -> None:
    text = page.read_text()
    assert f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">' in text
    assert "default-src 'none'" in POLICY
    assert not re.search(r"https?:", POLICY)
    assert '"send_anonymous_usage_stats": false' in text


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for dbt's artifacts, so that the project is parsed once."""
    return tmp_path_factory.mktemp("artifacts")


def newest_snapshot(install: Install) -> int:
    with lake.open_duckdb(install.settings) as connection:
        lake.attach(connection, install.settings, install.url, read_only=True)
        return lake.current_snapshot(connection)


@pytest.mark.parametrize(("age_seconds", "status"), [(3600, "error"), (300, "warn"), (0, "pass")])
def test_loads_are_late_after_a_minute_and_stale_after_ten(
    install: Install, artifacts: Path, age_seconds: int, status: str
) -> None:
    """The oldest first: each newer load takes the place of the one before. dbt only reads."""
    loaded_at = datetime.now(UTC) - timedelta(seconds=age_seconds)
    with lake.open_duckdb(install.settings) as connection:
        lake.attach(connection, install.settings, install.url)
        connection.execute(
            "insert into lake.raw.loads (load_id, loaded_at)"
            " select max(load_id) + 1, ?::timestamptz from lake.raw.loads",
            [loaded_at],
        )
    before = newest_snapshot(install)
    ran = run_dbt(install.settings, ["source", "freshness"], artifacts, is_quiet=True)
    assert ran.success == (status != "error")
    (result,) = json.loads((artifacts / "sources.json").read_text())["results"]
    assert (result["unique_id"].rpartition(".")[2], result["status"]) == ("loads", status)
    assert newest_snapshot(install) == before

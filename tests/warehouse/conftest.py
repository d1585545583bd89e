"""A warehouse to play with: raw rows written as the loader writes them, built by the real build."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult

from core import lake, postgres
from core.builds.build import Builder
from core.builds.compile import load_plan
from core.builds.plan import Plan
from core.builds.runner import run_dbt
from core.settings import Settings
from tests.conftest import make_settings
from tests.warehouse.raw_rows import AS_OF, RawRows
from tests.warehouse.trap_school import EVENTS, LATE_ROSTER, ROSTER


class Warehouse(RawRows):
    """Raw tables, builds and marts of one install."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        connection = lake.open_duckdb(settings)
        lake.attach(connection, settings, postgres.database_url(settings))
        super().__init__(connection, "lake")

    def build(self, *, full_refresh: bool = False, as_of: datetime = AS_OF) -> None:
        """Build and publish, as `timeback build` does."""
        with Builder(self.settings).open() as builder:
            builder.build(full_refresh=full_refresh, as_of=as_of)

    def run_dbt(self, *command: str, **variables: str | int) -> Sequence[RunResult]:
        """Run a dbt command by hand on the lake's newest raw; what became of each node."""
        ran = run_dbt(self.settings, command, self.target, variables=variables, is_quiet=True)
        assert isinstance(ran.result, RunExecutionResult), ran.exception
        return ran.result.results

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query on the lake's newest state (`lake.marts.…`)."""
        return self.connection.execute(sql, parameters).fetchall()

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Every row of a table (`marts.fct_sessions`), in one order whatever its files are."""
        return self.rows(f"select * from lake.{name} order by all")

    @property
    def target(self) -> Path:
        """Where dbt leaves its artifacts."""
        return self.settings.root / "dbt" / "artifacts"

    def close(self) -> None:
        """Let the lake go."""
        self.connection.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The project as builds run it."""
    return load_plan(Settings(data_dir=tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    """An install without any raw row."""
    opened = Warehouse(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared_warehouse(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The same for the tests of one file together: build once, ask many questions."""
    opened = Warehouse(make_settings(server_url, tmp_path_factory.mktemp("warehouse")))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def trap_warehouse(
    server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """The trap school, all of it in one build, for tests that ask about the project's own tests."""
    opened = Warehouse(make_settings(server_url, tmp_path_factory.mktemp("traps")))
    opened.load(EVENTS, [*ROSTER, *LATE_ROSTER])
    opened.reject([{"event_id": "refused", "event_type": "ViewEvent"}])
    opened.build()
    yield opened
    opened.close()

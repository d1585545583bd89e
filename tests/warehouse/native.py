"""The plan on its own: raw rows and warehouse in memory, builds in one connection.

What the builder runs, without lake and PostgreSQL, so that a build takes a fraction of a second.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb

from core import lake
from core.builds.plan import Made, Plan, PlanRun
from core.settings import Settings
from tests.warehouse.raw_rows import RawRows

CREATE_TABLE = re.compile(r"create table if not exists lake\.(raw\.\w+ \(.*?\n\));", re.DOTALL)
RAW_TABLES = ("loads", "records", "events", "rejections")

Rows = list[tuple[Any, ...]]


class NativeWarehouse(RawRows):
    """Raw rows in `src`, what builds make in `warehouse`."""

    def __init__(self, settings: Settings, plan: Plan) -> None:
        super().__init__(lake.open_duckdb(settings, threads=2), "src")
        self._settings = settings
        self.plan = plan
        self._made = Made()
        self._since: tuple[int, datetime] | None = None
        self.connection.execute("attach ':memory:' as src; attach ':memory:' as warehouse")
        self.connection.execute("create schema src.raw")
        for table in CREATE_TABLE.findall(lake.RAW_SCHEMA.read_text()):
            self.connection.execute(f"create table src.{table}")

    def build(self, as_of: datetime) -> Mapping[str, int]:
        """A small build after the first; how many rows of each lasting model changed."""
        self.connection.execute("begin")
        run = self.run(as_of)
        changed = run.make()
        run.check(all_rows=self._since is None)
        self.connection.execute("commit")
        self._since = (self._load_id, as_of)
        return changed

    def run(self, as_of: datetime) -> PlanRun:
        """The next build, to be made and checked within a transaction."""
        return PlanRun(
            self.plan,
            self.connection,
            as_of=as_of,
            since=self._since,
            show=lambda *_: None,
            made=self._made,
        )

    def rebuilt(self) -> "NativeWarehouse":
        """The same raw rows, built at once from nothing at the instant of the last build."""
        assert self._since is not None
        other = NativeWarehouse(self._settings, self.plan)
        for table in RAW_TABLES:
            rows = self.connection.execute(f"from src.raw.{table}").to_arrow_table()
            other.connection.register("copied", rows)
            other.connection.execute(f"insert into src.raw.{table} by name from copied")
        other._load_id = self._load_id
        other.build(self._since[1])
        return other

    def lasting(self) -> Mapping[str, Rows]:
        """Every row of every lasting model, in one order, by its name."""
        return {step.relation.name: self._rows(step.relation.lasting) for step in self.plan.lasting}

    def close(self) -> None:
        """Let it go."""
        self.connection.close()

    def _rows(self, table: str) -> Rows:
        try:
            return self.connection.execute(f"from {table} order by all").fetchall()
        except duckdb.Error as error:
            raise AssertionError(f"{table}: {error}") from error

"""The native warehouse that builds work on: one DuckDB file beside the builder, disposable.

It holds what lasts from one build to the next, its mark (which build this is) and, until the build
is published, what that changed (the outbox). All of it is committed at once, before the lake is
touched: so a builder that is killed finds either the former build, or the new one with all that is
left to publish. Lost, or of another build than the newest published one, it is made anew.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from core.builds.plan import Plan, Step

# DuckDB writes its log into the file when that is due; in the midst of a small build it would cost
# more than the build. The builder does it when nothing waits.
NO_CHECKPOINT = "set global checkpoint_threshold = '1TB'"

CREATE_MARK = """
    create schema if not exists warehouse.build;
    create table if not exists warehouse.build.mark (
        build_id varchar, project_hash varchar, load_id bigint, as_of timestamptz,
        source_snapshot bigint, is_full boolean, is_published boolean, all_tested_at timestamptz
    )
"""


@dataclass(frozen=True)
class Mark:
    """Which build the warehouse holds, and whether the lake has it.

    `all_tested_at`: when the data tests last looked at every row.
    """

    build_id: str
    project_hash: str
    load_id: int
    as_of: datetime
    source_snapshot: int
    is_full: bool
    is_published: bool
    all_tested_at: datetime


class Warehouse:
    """The file, attached as `warehouse` to the builder's connection."""

    def __init__(self, path: Path, duck: duckdb.DuckDBPyConnection) -> None:
        self._path = path
        self._duck = duck
        self._is_attached = False

    def open(self) -> None:
        """Attach it, empty if there is none; one that DuckDB cannot read is thrown away."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._duck.execute(NO_CHECKPOINT)
        try:
            self._attach()
        except duckdb.Error:
            self._remove()
            self._attach()

    def forget(self) -> None:
        """Begin with an empty one: nothing of what it held is left in its files."""
        if self._is_attached:
            self._duck.execute("detach warehouse")
            self._is_attached = False
        self._remove()
        self._attach()

    def mark(self) -> Mark | None:
        """The build that it holds; None if it holds none."""
        row = self._duck.execute("select * from warehouse.build.mark").fetchone()
        return Mark(*row) if row else None

    def write_mark(self, mark: Mark) -> None:
        """Say which build it holds; commits with what surrounds it."""
        self._duck.execute("delete from warehouse.build.mark")
        self._duck.execute(
            "insert into warehouse.build.mark values (?, ?, ?, ?, ?, ?, ?, ?)",
            list(vars(mark).values()),
        )

    def fill_outbox(self, marts: list[Step]) -> None:
        """Keep what a small build changed in these marts until it is published."""
        self._duck.execute("drop schema if exists warehouse.outbox cascade")
        self._duck.execute("create schema warehouse.outbox")
        for step in marts:
            self._duck.execute(
                f'create table warehouse.outbox."{step.relation.name}" as'
                f" select * exclude (place) from {step.relation.delta}"
            )

    def outbox(self, plan: Plan) -> list[Step]:
        """The marts in the outbox."""
        names = {
            name
            for (name,) in self._duck.execute(
                "select table_name from duckdb_tables()"
                " where database_name = 'warehouse' and schema_name = 'outbox'"
            ).fetchall()
        }
        return [step for step in plan.marts if step.relation.name in names]

    def checkpoint(self) -> None:
        """Write DuckDB's log into the file."""
        self._duck.execute("checkpoint warehouse")

    def _attach(self) -> None:
        self._duck.execute(f"attach '{self._path}' as warehouse")
        self._is_attached = True
        self._duck.execute(CREATE_MARK)

    def _remove(self) -> None:
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()

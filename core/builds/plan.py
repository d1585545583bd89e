"""The plan of a build: what dbt compiled, run in one connection and one transaction.

Lasting models lie in the native database `warehouse`, views and one build's working tables are
temporary, raw rows come from the lake attached as `src`, pinned by the transaction. What a build
knows (its instant, the newest load that the last one saw, the bounds of what is touched) are DuckDB
variables, so that they are known before each query is planned.
"""

import enum
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import duckdb
import msgspec

from core.errors import AppError

Show = Callable[[int, int, str], None]
TEST_QUERIES = 4  # tests asked in one query each: few, so that they cost little; not one, so that
# what one query holds at once stays small


class Kind(enum.StrEnum):
    """How a model is kept: a view or a table of one build, or a table that lasts."""

    VIEW = "view"
    TABLE = "table"
    LASTING = "lasting"


class Relation(msgspec.Struct, frozen=True, array_like=True):
    """A model's place in the warehouse."""

    schema: str
    name: str

    @property
    def lasting(self) -> str:
        """Its name as SQL, if it lasts."""
        return f'warehouse."{self.schema}"."{self.name}"'

    @property
    def working(self) -> str:
        """Its name as SQL, if it is of one build."""
        return f'temp.main."{self.name}"'

    @property
    def derived(self) -> str:
        """The rows that a small build derived anew."""
        return f'temp.main."{self.name}__derived"'

    @property
    def delta(self) -> str:
        """The rows that a small build took away and added."""
        return f'temp.main."{self.name}__delta"'


class Step(msgspec.Struct, frozen=True):
    """One model: its SQL for a full and for a small build, and how a small one writes it."""

    unique_id: str
    relation: Relation
    kind: Kind
    full_kind: Kind  # in a full build: what is read once need not be copied, what is large be split
    full: str
    small: str
    redo: list[str]  # compare, delete, insert; none where rows only arrive
    bounds: list[str]  # columns whose least value others are narrowed by
    columns: dict[str, str]  # its contract: names and types, in order
    unique_key: list[str]
    sorted_by: list[str]
    partitioned_by: list[str]
    reads: list[str]  # models, as this build leaves them
    reads_former: list[str]  # models, as the last build left them
    is_timed: bool  # whether it reads raw, or what a build knows of itself
    empty_with: str | None  # a table without whose rows it has none


class Test(msgspec.Struct, frozen=True):
    """A data test: its query answers the rows that are wrong."""

    unique_id: str
    full: str
    small: str


class Plan(msgspec.Struct, frozen=True):
    """Every model in the order in which they are made, and every data test."""

    project_hash: str
    steps: list[Step]
    tests: list[Test]

    @property
    def lasting(self) -> list[Step]:
        """The models that last."""
        return [step for step in self.steps if step.kind is Kind.LASTING]

    @property
    def marts(self) -> list[Step]:
        """The models that readers see."""
        return [step for step in self.lasting if step.relation.schema == "marts"]

    def read_last(self) -> dict[str, list[Step]]:
        """By model, the working relations that nothing reads once it is made in a full build."""
        steps = {step.relation.name: step for step in self.steps}
        readers: dict[str, str] = {}
        for step in self.steps:
            waiting = [step.relation.name, *step.reads]
            while waiting:
                read = steps[waiting.pop()]
                readers[read.relation.name] = step.relation.name
                if read.full_kind is Kind.VIEW:
                    waiting += read.reads
        tested = " ".join(test.full for test in self.tests)
        found: dict[str, list[Step]] = {}
        for name, reader in readers.items():
            kinds = (steps[name].kind, steps[name].full_kind)
            if Kind.TABLE in kinds and name not in tested:
                found.setdefault(reader, []).append(steps[name])
        return found


class StepFailedError(AppError):
    """The SQL of a model or test failed, or a test found rows; named as dbt names it."""

    status = 500
    code = "build_failed"


class Made:
    """What a connection holds of its last small build: how many rows each model was made of.

    A lasting model counts the rows that changed. What reads nothing that changed since is not made
    again. Forget it whenever what the connection holds is not of the build before.
    """

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self._changed: set[str] = set()

    def forget(self) -> None:
        """Make everything the next time."""
        self.rows.clear()

    def begin(self) -> None:
        """A build begins."""
        self._changed.clear()

    def is_current(self, step: Step) -> bool:
        """Whether nothing that a model is made of changed since it was made."""
        name = step.relation.name
        if name not in self.rows:
            return False
        if step.empty_with and not (self.rows[name] or self.rows[step.empty_with]):
            return step.empty_with not in self._changed
        return not (
            step.is_timed
            or self._changed.intersection(step.reads)
            or any(self.rows.get(former, 1) for former in step.reads_former)
        )

    def note(self, step: Step, rows: int) -> None:
        """A model was made, or was not and changed no row."""
        name = step.relation.name
        if rows or self.rows.get(name, 1) or step.kind is Kind.VIEW:
            self._changed.add(name)
        self.rows[name] = rows


class PlanRun:
    """One run of a plan on a connection that has `warehouse` and `src`, within a transaction."""

    def __init__(
        self,
        plan: Plan,
        duck: duckdb.DuckDBPyConnection,
        *,
        as_of: datetime,
        show: Show,
        since: tuple[int, datetime] | None = None,
        made: Made | None = None,
    ) -> None:
        """`since`: the newest load and the instant of the last build; None: derive everything.

        `made`: what the connection holds of the last build, if that was a small one.
        """
        self._plan = plan
        self._duck = duck
        self._since = since
        self._show = show
        self._made = made or Made()
        self._set("as_of", as_of)
        if since is not None:
            self._set("since_load_id", since[0])
            self._set("since_as_of", since[1])

    def make(self) -> dict[str, int]:
        """Make every model; how many rows of each lasting one changed, by name."""
        changed: dict[str, int] = {}
        total = len(self._plan.steps) + TEST_QUERIES
        read_last = self._plan.read_last() if self._since is None else {}
        self._made.begin()
        for done, step in enumerate(self._plan.steps):
            self._show(done, total, step.relation.name)
            try:
                rows = self._make_anew(step) if self._since is None else self._make(step)
            except duckdb.Error as error:
                raise StepFailedError(f"{step.unique_id}: {error}") from error
            if step.kind is Kind.LASTING:
                changed[step.relation.name] = rows
            for done_with in read_last.get(step.relation.name, ()):
                self._duck.execute(f"drop {done_with.full_kind} {done_with.relation.working}")
        return changed

    def check(self, *, all_rows: bool) -> int:
        """Run every data test on the touched rows, or on all; StepFailedError names what failed."""
        total = len(self._plan.steps) + TEST_QUERIES
        size = -(-len(self._plan.tests) // TEST_QUERIES)
        failures: list[str] = []
        for number in range(TEST_QUERIES):
            self._show(len(self._plan.steps) + number, total, "tests")
            tests = self._plan.tests[number * size : (number + 1) * size]
            failures += self._check(tests, all_rows=all_rows)
        if failures:
            raise StepFailedError("; ".join(failures[:20]))
        return len(self._plan.tests)

    def _check(self, tests: Sequence[Test], *, all_rows: bool) -> list[str]:
        queries = [
            f"select '{test.unique_id}' as test, count(*) as row_count"
            f" from ({test.full if all_rows else test.small})"
            for test in tests
        ]
        try:
            found = self._duck.execute("\nunion all\n".join(queries)).fetchall()
        except duckdb.Error as error:
            if len(tests) == 1:
                raise StepFailedError(f"{tests[0].unique_id}: {error}") from error
            return [failure for one in tests for failure in self._check([one], all_rows=all_rows)]
        return [
            f"{name}: got {count} {'result' if count == 1 else 'results'}, expected none"
            for name, count in found
            if count
        ]

    def _make_anew(self, step: Step) -> int:
        if step.kind is not Kind.LASTING:
            self._make_working(step, step.full_kind, step.full)
            return 0
        self._duck.execute(f"create schema if not exists warehouse.{step.relation.schema}")
        self._duck.execute(f"create or replace table {step.relation.lasting} as {step.full}")
        self._hold_contract(step)
        return self._count(f"select count(*) from {step.relation.lasting}")

    def _make(self, step: Step) -> int:
        if self._made.is_current(step):
            if step.redo and self._made.rows[step.relation.name]:
                self._duck.execute(f"delete from {step.relation.derived}")
                self._duck.execute(f"delete from {step.relation.delta}")
                self._made.note(step, 0)
            return 0
        rows = self._made_of(step)
        self._made.note(step, rows)
        return rows

    def _made_of(self, step: Step) -> int:
        if step.kind is Kind.VIEW and step.relation.name in self._made.rows:
            return 0  # as it was; what it reads is another
        if step.kind is not Kind.LASTING:
            return self._make_working(step, step.kind, step.small)
        if not step.redo:
            return self._count(f"insert into {step.relation.lasting} by name {step.small}")
        self._duck.execute(f"create or replace temp table {step.relation.derived} as {step.small}")
        compare, delete, insert = step.redo
        rows = self._count(compare)
        if rows:
            self._duck.execute(delete)
            self._duck.execute(insert)
        self._bound(step, step.relation.delta)
        return rows

    def _make_working(self, step: Step, kind: Kind, sql: str) -> int:
        rows = self._count(f"create or replace temp {kind} {step.relation.working} as {sql}")
        self._bound(step, step.relation.working)
        return rows

    def _bound(self, step: Step, relation: str) -> None:
        for column in step.bounds if self._since is not None else ():
            self._duck.execute(
                f'set variable "{step.relation.name}.{column}" ='
                f" (select coalesce(min({column}), 'infinity') from {relation})"
            )

    def _hold_contract(self, step: Step) -> None:
        if not step.columns:
            return
        described = self._duck.execute(f"describe {step.relation.lasting}").fetchall()
        found = {name: kind.lower() for name, kind, *_ in described}
        wanted = {name: _canonical(self._duck, kind) for name, kind in step.columns.items()}
        if found != wanted:
            differing = sorted(
                name for name in {*found, *wanted} if found.get(name) != wanted.get(name)
            )
            raise StepFailedError(
                f"{step.unique_id}: not as its contract says: {', '.join(differing)}"
            )

    def _count(self, sql: str) -> int:
        row = self._duck.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def _set(self, name: str, value: Any) -> None:
        self._duck.execute(f'set variable "{name}" = ?', [value])


def _canonical(duck: duckdb.DuckDBPyConnection, kind: str) -> str:
    """A type as DuckDB itself writes it."""
    return str(duck.sql(f"select null::{kind} as one").types[0]).lower()

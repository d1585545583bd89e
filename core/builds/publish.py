"""What a build changed, written in one transaction: so a snapshot of the lake is a build."""

from collections.abc import Iterable
from typing import Any

import duckdb
import psycopg

from core import lake
from core.builds.plan import Step

AUTHOR = "timeback"


def publish_all(duck: duckdb.DuckDBPyConnection, marts: list[Step], build_id: str) -> int:
    """Every mart as the warehouse holds it, and nothing else; returns the snapshot."""
    wanted = {step.relation.name for step in marts}
    with _Transaction(duck, build_id):
        duck.execute("create schema if not exists lake.marts")
        for schema, name in _tables(duck):
            if schema == "intermediate" or name not in wanted:
                duck.execute(f'drop table lake."{schema}"."{name}"')
        for step in marts:
            name = f'lake.marts."{step.relation.name}"'
            duck.execute(f"drop table if exists {name}")
            columns = ", ".join(
                f'"{column}" {kind}' for column, kind in _columns(duck, step).items()
            )
            duck.execute(f"create table {name} ({columns})")
            if step.partitioned_by:
                duck.execute(
                    f"alter table {name} set partitioned by ({', '.join(step.partitioned_by)})"
                )
            if step.sorted_by:
                duck.execute(f"alter table {name} set sorted by ({', '.join(step.sorted_by)})")
            duck.execute(f"insert into {name} from {step.relation.lasting}")
    return _committed(duck)


def publish_changes(duck: duckdb.DuckDBPyConnection, marts: list[Step], build_id: str) -> int:
    """What the outbox holds of each mart: rows that go, by their key, and rows that come."""
    with _Transaction(duck, build_id):
        for step in marts:
            _publish(duck, step)
    return _committed(duck)


def find_snapshot(connection: psycopg.Connection[Any], build_id: str) -> int | None:
    """The snapshot that published a build; None if the lake has none."""
    row = connection.execute(
        "select snapshot_id from ducklake.ducklake_snapshot_changes where commit_extra_info = %s",
        [build_id],
    ).fetchone()
    return int(row[0]) if row else None


def _publish(duck: duckdb.DuckDBPyConnection, step: Step) -> None:
    outbox, mart = (
        f'{place}."{step.relation.name}"' for place in ("warehouse.outbox", "lake.marts")
    )
    keys = step.unique_key
    same = " and ".join(f'gone."{column}" is not distinct from mart."{column}"' for column in keys)
    near = " and ".join(_bounds(duck, step, outbox))
    if near:
        duck.execute(
            f"delete from {mart} as mart where {near} and exists ("
            f"select 1 from {outbox} as gone where not gone.is_added and {same})"
        )
    duck.execute(
        f"insert into {mart} by name select * exclude (is_added) from {outbox} where is_added"
    )


def _bounds(duck: duckdb.DuckDBPyConnection, step: Step, outbox: str) -> list[str]:
    """Conditions by which the lake leaves out files that hold no row that goes."""
    columns = list(dict.fromkeys([*map(_argument, step.partitioned_by), *step.sorted_by[:1]]))
    columns = columns or step.unique_key[:1]
    least = ", ".join(f'min("{c}")::varchar, max("{c}")::varchar' for c in columns)
    kinds = ", ".join(f'any_value(typeof("{c}"))' for c in columns)
    nulls = ", ".join(f'count(*) filter (where "{c}" is null)' for c in columns)
    row = duck.execute(
        f"select count(*), {least}, {kinds}, {nulls} from {outbox} where not is_added"
    ).fetchone()
    if row is None or not row[0]:
        return []
    width = len(columns)
    found = ["true"]
    for place, column in enumerate(columns):
        low, high = row[1 + 2 * place], row[2 + 2 * place]
        kind, is_open = row[1 + 2 * width + place], row[1 + 3 * width + place]
        if not is_open:
            found.append(f'"{column}" between {_literal(low, kind)} and {_literal(high, kind)}')
    return found


def _argument(partition: str) -> str:
    """The column of a partition such as `year(day)`."""
    return partition.split("(")[-1].rstrip(")")


def _literal(value: str, kind: str) -> str:
    quoted = value.replace("'", "''")
    return f"cast('{quoted}' as {kind})"


class _Transaction:
    """A transaction of the lake that names its build."""

    def __init__(self, duck: duckdb.DuckDBPyConnection, build_id: str) -> None:
        self._duck = duck
        self._build_id = build_id

    def __enter__(self) -> None:
        self._duck.execute("begin")
        self._duck.execute(
            f"call lake.set_commit_message('{AUTHOR}', 'build', extra_info => '{self._build_id}')"
        )

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._duck.execute("commit" if kind is None else "rollback")


def _committed(duck: duckdb.DuckDBPyConnection) -> int:
    row = duck.execute("from lake.last_committed_snapshot()").fetchone()
    return int(row[0]) if row and row[0] is not None else lake.current_snapshot(duck)


def _tables(duck: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, str]]:
    return duck.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = 'lake' and schema_name in ('marts', 'intermediate')"
    ).fetchall()


def _columns(duck: duckdb.DuckDBPyConnection, step: Step) -> dict[str, str]:
    described = duck.execute(f"describe {step.relation.lasting}").fetchall()
    return {
        name: kind + ("" if null == "YES" else " not null") for name, kind, null, *_ in described
    }

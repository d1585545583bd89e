"""A session of an analyst: views on the marts of one published build, and what may be asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from core import lake
from core.analysis.columns import marts_of
from core.analysis.gate import RefusedQueryError, checked
from core.builds.registry import Build
from core.settings import Settings

PROJECT = Path(__file__).parents[2] / "dbt_project"
APPLICATION_NAME = "timeback-sql"
PUBLISHED = "published"  # alias of the lake at the build's snapshot; no query can name it


@dataclass(frozen=True)
class Answer:
    """A query's rows; `is_cut` says that there are more than were asked for."""

    table: pa.Table
    is_cut: bool


class AnalystSession:
    """Queries over one published build, one after the other."""

    def __init__(
        self, build: Build, connection: duckdb.DuckDBPyConnection, tables: frozenset[str]
    ) -> None:
        self.build = build
        self._duckdb = connection
        self._tables = tables

    def ask(self, query: str, *, limit: int, timeout_seconds: float) -> Answer:
        """At most `limit` rows (0: all), within the time.

        Raises RefusedQueryError (also when the time is up), or duckdb.Error for a faulty query.
        """
        checked(self._duckdb, query, self._tables)
        timer = threading.Timer(timeout_seconds, self._duckdb.interrupt)
        timer.start()
        try:
            rows = self._duckdb.sql(query)
            table = (rows.limit(limit + 1) if limit else rows).to_arrow_table()
        except duckdb.InterruptException:
            raise RefusedQueryError(
                f"Stopped after {timeout_seconds:g} s.", code="query_timeout"
            ) from None
        finally:
            timer.cancel()
        kept = table.slice(0, limit) if limit else table
        names = _told_apart(kept.column_names)
        return Answer(kept.rename_columns(names), is_cut=table.num_rows > kept.num_rows)

    def relation(self, answer: Answer) -> duckdb.DuckDBPyRelation:
        """An answer's rows as a relation, to show or to write."""
        return self._duckdb.from_arrow(answer.table)


def _told_apart(names: list[str]) -> list[str]:
    """The names, each repeated one with a number: `a`, `a_1`."""
    found: list[str] = []
    for name in names:
        new, number = name, 0
        while new in found:
            number += 1
            new = f"{name}_{number}"
        found.append(new)
    return found


@contextmanager
def open_session(
    settings: Settings, url: str, build: Build, *, with_names: bool = False, project: Path = PROJECT
) -> Iterator[AnalystSession]:
    """A session on a build; with_names: also what is personal, and schema `raw` with payloads."""
    with lake.open_duckdb(settings) as connection:
        lake.attach(
            connection, settings, url,
            alias=PUBLISHED, snapshot=build.published_snapshot, application_name=APPLICATION_NAME,
        )  # fmt: skip
        shown = {"marts": marts_of(project, with_names=with_names)}
        if with_names:
            shown["raw"] = _columns(connection, "raw")
        names = [
            name
            for schema, tables in shown.items()
            for name in _make_views(connection, schema, tables)
        ]
        connection.execute("use memory.marts")
        connection.execute("set python_enable_replacements = false")
        lake.seal(connection, settings)
        yield AnalystSession(build, connection, frozenset(names))


def _make_views(
    connection: duckdb.DuckDBPyConnection, schema: str, shown: dict[str, list[str]]
) -> Iterator[str]:
    """Make a view of each table that the build has; yields the names by which queries know it."""
    there = _columns(connection, schema)
    connection.execute(f"create schema memory.{schema}")
    for table in sorted(shown.keys() & there.keys()):
        listed = ", ".join(f'"{name}"' for name in shown[table] if name in there[table])
        connection.execute(
            f'create view memory.{schema}."{table}" as'
            f' select {listed} from {PUBLISHED}.{schema}."{table}"'
        )
        yield f"{schema}.{table}"
        if schema == "marts":
            yield table


def _columns(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[str]]:
    """The columns of each table of a schema of the published lake."""
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns()"
        " where database_name = ? and schema_name = ? group by table_name",
        [PUBLISHED, schema],
    ).fetchall()
    return dict(rows)

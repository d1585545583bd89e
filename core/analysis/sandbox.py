"""A DuckDB that holds nothing but what an analyst may see, so that no query need be trusted.

It is in memory, with no lake attached, no extension but icu and json, no secret, and no access to
files but through `ReadOnlyFiles`: the Parquet files of the tables that are shown, under names of
their own, for reading only. Which tables these are, and from which files, is decided before;
settings are locked before the first query.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

import duckdb
import pyarrow as pa
from fsspec import AbstractFileSystem

from core.analysis.gate import RefusedQueryError, read_statement

EXTENSIONS = ("icu", "json")
SCHEME = "marts"
DELETED = ".deleted"  # ends the name of the file that lists a data file's deleted rows


@dataclass(frozen=True)
class Limits:
    """What one sandbox may use."""

    memory: str = "2GB"
    threads: int = 2
    temporary: str = "4GB"  # what does not fit into memory, on disk


@dataclass(frozen=True)
class DataFile:
    """A Parquet file, with the file of its deleted rows if it has one.

    `is_mixed`: it also holds rows (or deletes) of snapshots after the one that is read.
    """

    path: str
    delete_path: str | None = None
    is_mixed: bool = False
    is_delete_mixed: bool = False


@dataclass(frozen=True)
class Table:
    """A table to show: its columns with their DuckDB types, and the files that hold its rows.

    `is_exported`: its own files hold more than may be seen, so that the shown columns come in a
    file of their own, which is written when a query first names the table.
    """

    schema: str
    name: str
    columns: Mapping[str, str]
    files: tuple[DataFile, ...] = ()
    snapshot: int = 0
    is_exported: bool = False


@dataclass(frozen=True)
class Answer:
    """A query's rows; `is_cut` says that there are more than were asked for."""

    table: pa.Table
    is_cut: bool


@dataclass
class ReadOnlyFiles:
    """Which files a sandbox can open, by the name that it knows them by."""

    paths: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, path: str) -> str:
        """Make a file known; returns its address in SQL."""
        self.paths[name] = path
        return f"{SCHEME}://{name}"

    def as_file_system(self) -> AbstractFileSystem:
        """What DuckDB reads through: it opens these files, for reading, and does nothing else."""
        paths = self.paths

        class FileSystem(AbstractFileSystem):  # type: ignore[misc]
            protocol = SCHEME
            cachable = False

            def open(self, path: str, mode: str = "rb", **_: Any) -> IO[bytes]:
                if mode != "rb":
                    raise PermissionError("Marts are read-only.")
                return Path(self._known(path)).open("rb")

            def info(self, path: str, **_: Any) -> dict[str, Any]:
                size = os.stat(self._known(path)).st_size  # noqa: PTH116  one call, no object
                return {"name": path, "size": size, "type": "file"}

            def exists(self, path: str, **_: Any) -> bool:
                return str(path).removeprefix(f"{SCHEME}://") in paths

            def glob(self, path: str, **_: Any) -> list[str]:
                return [path] if self.exists(path) else []

            def modified(self, path: str) -> datetime:
                return datetime.fromtimestamp(Path(self._known(path)).stat().st_mtime, UTC)

            def _known(self, path: str) -> str:
                try:
                    return paths[path.removeprefix(f"{SCHEME}://")]
                except KeyError:
                    raise FileNotFoundError(path) from None

        return FileSystem()


class Sandbox:
    """Queries over the tables that are shown, one after the other."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, files: ReadOnlyFiles) -> None:
        self._duckdb = connection
        self._files = files

    @classmethod
    def open(
        cls, tables: Sequence[Table], limits: Limits, *, extensions: str, temporary: str
    ) -> Self:
        """A sealed sandbox of these tables.

        `extensions` is the folder of DuckDB's extensions, `temporary` one for what does not fit
        into memory.
        """
        connection = duckdb.connect(
            config={
                "extension_directory": extensions,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": temporary,
                "max_temp_directory_size": limits.temporary,
                "memory_limit": limits.memory,
                "threads": limits.threads,
            }
        )
        for name in EXTENSIONS:
            connection.execute(f"load {name}")
        files = ReadOnlyFiles()
        connection.register_filesystem(files.as_file_system())
        sandbox = cls(connection, files)
        for schema in dict.fromkeys(["marts", *(table.schema for table in tables)]):
            connection.execute(f"create schema {schema}")
        exported = []
        for table in tables:
            sandbox._show(table)
            if table.is_exported:
                exported.append(_export_name(table))
        sandbox._seal([*files.paths, *exported])
        return sandbox

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._duckdb.close()

    def fill(self, table: Table, path: str) -> None:
        """Show an exported table's rows, now that they have been written to a file."""
        address = self._files.add(_export_name(table), path)
        self._create(table, f"select {_listed(table)} from read_parquet('{address}')")

    def ask(self, query: str, *, limit: int, timeout_seconds: float) -> Answer:
        """At most `limit` rows (0: all), within the time.

        Raises RefusedQueryError (also when the time is up), or duckdb.Error for a faulty query.
        """
        timer = threading.Timer(timeout_seconds, self._duckdb.interrupt)
        timer.start()
        try:
            rows = self._duckdb.sql(read_statement(self._duckdb, query))
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

    def _show(self, table: Table) -> None:
        parts: dict[tuple[bool, bool, bool], list[str]] = {}
        for number, file in enumerate(table.files):
            name = f"{table.schema}/{table.name}/{number}.parquet"
            kind = (file.is_mixed, file.delete_path is not None, file.is_delete_mixed)
            parts.setdefault(kind, []).append(self._files.add(name, file.path))
            if file.delete_path is not None:
                self._files.add(name + DELETED, file.delete_path)
        selects = [_select(table, kind, addresses) for kind, addresses in parts.items()]
        if not selects:
            nulls = ", ".join(f'null::{kind} as "{name}"' for name, kind in table.columns.items())
            selects = [f"select {nulls} where false"]
        self._create(table, " union all ".join(selects))

    def _create(self, table: Table, select: str) -> None:
        self._duckdb.execute(f'create or replace view {table.schema}."{table.name}" as {select}')

    def _seal(self, names: Sequence[str]) -> None:
        self._duckdb.execute("use memory.marts")
        self._duckdb.execute("set global TimeZone = 'UTC'")
        self._duckdb.execute("set python_enable_replacements = false")
        self._duckdb.execute("set allowed_paths = ?", [[f"{SCHEME}://{name}" for name in names]])
        self._duckdb.execute("set enable_external_access = false")
        self._duckdb.execute("set lock_configuration = true")


def _select(table: Table, kind: tuple[bool, bool, bool], addresses: list[str]) -> str:
    """The rows of files of one kind that are there at the table's snapshot."""
    is_mixed, has_deletes, is_delete_mixed = kind
    snapshot = f"_ducklake_internal_snapshot_id <= {table.snapshot}"
    source = f"read_parquet({addresses}, hive_partitioning = false"
    if not has_deletes:
        where = f" where {snapshot}" if is_mixed else ""
        return f"select {_listed(table)} from {source}){where}"
    deletes = [address + DELETED for address in addresses]
    deleted = f"select filename, pos from read_parquet({deletes}, filename = true)" + (
        f" where {snapshot}" if is_delete_mixed else ""
    )
    return (
        f"select {_listed(table)} from {source}, filename = true, file_row_number = true) as data"
        f" anti join ({deleted}) as deleted"
        f" on deleted.filename = data.filename || '{DELETED}'"
        " and deleted.pos = data.file_row_number" + (f" where {snapshot}" if is_mixed else "")
    )


def _listed(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.columns)


def _export_name(table: Table) -> str:
    return f"{table.schema}/{table.name}/shown.parquet"


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

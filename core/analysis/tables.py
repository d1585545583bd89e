"""Which tables an analyst is shown of one published build, and from which files."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from core.analysis.columns import read_marts
from core.analysis.files import StoredTable, stored_tables
from core.analysis.sandbox import Table
from core.builds.project import PROJECT
from core.builds.registry import Build
from core.settings import Settings


def shown_tables(
    settings: Settings, url: str, build: Build, *, with_names: bool, project: Path = PROJECT
) -> list[Table]:
    """The marts without what is personal; with_names: whole, and schema `raw` with payloads."""
    snapshot = build.published_snapshot
    with psycopg.connect(url, autocommit=True) as connection:
        stored = stored_tables(connection, settings.lake_path, "marts", snapshot)
        raw = stored_tables(connection, settings.lake_path, "raw", snapshot) if with_names else {}
    described = read_marts(project)
    marts = [
        _table(
            "marts",
            stored[name],
            {
                column.name: column.kind
                for column in described[name].shown(with_names=with_names)
                if column.name in stored[name].columns
            },
            snapshot,
            is_local=is_local(settings),
        )
        for name in sorted(stored.keys() & described.keys())
    ]
    unnamed = [
        _table(
            "raw", table, dict.fromkeys(table.columns, ""), snapshot, is_local=is_local(settings)
        )
        for table in raw.values()
    ]
    return marts + unnamed


def is_local(settings: Settings) -> bool:
    """Whether the lake's files are in a folder: those of an object store need its keys."""
    return settings.lake_folder is not None


def _table(
    schema: str, stored: StoredTable, columns: dict[str, str], snapshot: int, *, is_local: bool
) -> Table:
    """Its own files are shown only if nothing in them is hidden, and they hold all its rows."""
    is_whole = set(stored.columns) == columns.keys() and not stored.is_inlined
    is_typed = bool(stored.files) or all(columns.values())
    if is_local and is_whole and is_typed:
        return Table(schema, stored.name, columns, stored.files, snapshot)
    typed = {name: kind or "varchar" for name, kind in columns.items()}
    return Table(schema, stored.name, typed, snapshot=snapshot, is_exported=True)


@dataclass
class Exports:
    """The shown columns of tables whose own files hold more, each in a file in `folder`.

    `run` runs SQL on the build, whose tables it knows by schema and name.
    """

    folder: Path
    run: Callable[[str], object]
    _done: dict[tuple[str, str], Path] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def named_in(self, query: str, tables: Iterable[Table]) -> list[tuple[Table, str]]:
        """Each exported table whose name is in the query's text, with its file."""
        text = query.lower()
        return [
            (table, str(self._path(table)))
            for table in tables
            if table.is_exported and table.name.lower() in text
        ]

    def _path(self, table: Table) -> Path:
        key = (table.schema, table.name)
        with self._lock:
            if key not in self._done:
                path = self.folder / f"{table.schema}.{table.name}.parquet"
                columns = ", ".join(f'"{name}"' for name in table.columns)
                quoted = str(path).replace("'", "''")
                self.run(
                    f'copy (select {columns} from {table.schema}."{table.name}")'
                    f" to '{quoted}' (format parquet)"
                )
                self._done[key] = path
            return self._done[key]

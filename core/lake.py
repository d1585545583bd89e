"""The lake: raw records and marts in DuckLake, its catalog in PostgreSQL.

Any number of processes may connect at once. A connection is expensive (about 0.3 s): keep one
open per process and give each thread or request a `cursor()` of it.
"""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg.rows import class_row

from core.postgres import libpq_dsn
from core.settings import Settings

EXTENSIONS = ("json", "icu", "httpfs", "postgres_scanner", "ducklake")
METADATA_SCHEMA = "ducklake"
RAW_SCHEMA = Path(__file__).parent / "raw_schema.sql"


def install_extensions(settings: Settings) -> Path:
    """Install DuckDB's extensions from their pinned wheels; returns the folder they lie in.

    DuckDB checks each file's signature when it loads it. Where a platform has no wheel, DuckDB's
    own online install is used.
    """
    folder = settings.extension_dir or settings.root / "extensions"
    installed = folder / f"v{duckdb.__version__}"
    if len(list(installed.rglob("*.duckdb_extension"))) >= len(EXTENSIONS):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"extension_directory": str(folder)}) as connection:
        for name in EXTENSIONS:
            try:
                wheel = files(f"duckdb_extension_{name}") / "extensions"
                path = wheel / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
                connection.execute(f"install '{path}'")
            except ModuleNotFoundError:
                connection.execute(f"install {name}")
    return folder


def open_duckdb(settings: Settings, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with the lake's extensions loaded and its time zone set to UTC."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "extension_directory": str(install_extensions(settings)),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(settings.temp_directory),
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(config=config)
    for name in EXTENSIONS:
        connection.execute(f"load {name}")
    connection.execute("set global TimeZone = 'UTC'")  # cursors are sessions
    connection.execute("set ducklake_max_retry_count = 200")
    connection.execute("set ducklake_retry_wait_ms = 5")
    connection.execute("set ducklake_retry_backoff = 1.1")
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    url: str,
    *,
    alias: str = "lake",
    snapshot: int | None = None,
    read_only: bool = False,
    application_name: str = "timeback",
    metadata_schema: str = METADATA_SCHEMA,
) -> None:
    """Attach the lake as `alias`; with `snapshot`, read-only as it stood at that commit."""
    connection.execute(
        attachment(
            settings,
            url,
            alias=alias,
            snapshot=snapshot,
            read_only=read_only,
            application_name=application_name,
            metadata_schema=metadata_schema,
        )
    )


def attachment(
    settings: Settings,
    url: str,
    *,
    alias: str,
    snapshot: int | None,
    read_only: bool,
    application_name: str,
    metadata_schema: str = METADATA_SCHEMA,
) -> str:
    """The statement that attaches the lake, for any DuckDB that has its extensions loaded."""
    options = [f"data_path '{settings.lake_path}'", f"metadata_schema '{metadata_schema}'"]
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot}")
    if read_only or snapshot is not None:
        options.append("read_only")
    dsn = libpq_dsn(url, application_name).replace("'", "''")
    return f"attach 'ducklake:postgres:{dsn}' as {alias} ({', '.join(options)})"


def create_raw_schema(settings: Settings, url: str) -> None:
    """Create the raw tables, if they are not there yet; only then DuckDB is opened."""
    with psycopg.connect(url) as connection:
        if _has_raw_schema(connection):
            return
    with open_duckdb(settings) as duck:
        attach(duck, settings, url)
        found = duck.execute(
            "select 1 from duckdb_tables()"
            " where database_name = 'lake' and schema_name = 'raw' and table_name = 'events'"
        ).fetchone()
        if found is None:
            duck.execute(RAW_SCHEMA.read_text())


def _has_raw_schema(connection: psycopg.Connection[Any]) -> bool:
    catalog = connection.execute("select to_regclass('ducklake.ducklake_table')").fetchone()
    if catalog is None or catalog[0] is None:
        return False
    found = connection.execute(
        "select 1 from ducklake.ducklake_table as tables"
        " inner join ducklake.ducklake_schema as schemas using (schema_id)"
        " where schema_name = 'raw' and table_name = 'events' and tables.end_snapshot is null"
    ).fetchone()
    return found is not None


def current_snapshot(connection: duckdb.DuckDBPyConnection, alias: str = "lake") -> int:
    """The id of the lake's newest commit."""
    row = connection.execute(
        f"select max(snapshot_id) from ducklake_snapshots('{alias}')"
    ).fetchone()
    assert row is not None  # noqa: S101  an aggregate always answers
    return int(row[0])


# A table's rows are those of its files less those that delete files strike out; both have a first
# and a last commit.
TABLES_AT = """
    select
        table_name,
        (
            select coalesce(sum(record_count), 0) from ducklake.ducklake_data_file as files
            where
                files.table_id = tables.table_id
                and begin_snapshot <= %(snapshot)s
                and coalesce(end_snapshot > %(snapshot)s, true)
        ) - (
            select coalesce(sum(delete_count), 0) from ducklake.ducklake_delete_file as files
            where
                files.table_id = tables.table_id
                and begin_snapshot <= %(snapshot)s
                and coalesce(end_snapshot > %(snapshot)s, true)
        ) as row_count,
        greatest(
            tables.begin_snapshot,
            (
                select max(commit_id)
                from (
                    select table_id, begin_snapshot as commit_id from ducklake.ducklake_data_file
                    union all
                    select table_id, end_snapshot from ducklake.ducklake_data_file
                    union all
                    select table_id, begin_snapshot from ducklake.ducklake_delete_file
                    union all
                    select table_id, end_snapshot from ducklake.ducklake_delete_file
                ) as commits
                where commits.table_id = tables.table_id and commit_id <= %(snapshot)s
            )
        ) as changed_snapshot
    from ducklake.ducklake_table as tables
    inner join ducklake.ducklake_schema as schemas using (schema_id)
    where
        schema_name = %(schema)s
        and schemas.begin_snapshot <= %(snapshot)s
        and coalesce(schemas.end_snapshot > %(snapshot)s, true)
        and tables.begin_snapshot <= %(snapshot)s
        and coalesce(tables.end_snapshot > %(snapshot)s, true)
    order by table_name
"""


@dataclass(frozen=True)
class TableAt:
    """A table as it stood at a commit: its rows, and the last commit that changed them."""

    table_name: str
    row_count: int
    changed_snapshot: int


def tables_at(connection: psycopg.Connection[Any], schema: str, snapshot: int) -> list[TableAt]:
    """The tables of a schema as they stood at a commit, asked of the catalog itself.

    DuckDB's own lists read every lake that is attached, and fail as soon as one of them stands at
    a snapshot that is gone.
    """
    with connection.cursor(row_factory=class_row(TableAt)) as cursor:
        return cursor.execute(TABLES_AT, {"schema": schema, "snapshot": snapshot}).fetchall()


FILES_SINCE = """
    select schemas.path || tables.path || data_files.path
    from ducklake.ducklake_data_file as data_files
    inner join ducklake.ducklake_table as tables using (table_id)
    inner join ducklake.ducklake_schema as schemas using (schema_id)
    where data_files.begin_snapshot >= %(since)s and tables.end_snapshot is null
    union all
    select schemas.path || tables.path || delete_files.path
    from ducklake.ducklake_delete_file as delete_files
    inner join ducklake.ducklake_table as tables using (table_id)
    inner join ducklake.ducklake_schema as schemas using (schema_id)
    where delete_files.begin_snapshot >= %(since)s and tables.end_snapshot is null
"""


def fsync_files(
    settings: Settings, connection: psycopg.Connection[Any], *, since_snapshot: int
) -> None:
    """Make the files of all commits since a snapshot (included) durable, and their folders.

    DuckLake commits without fsync, so until then a power cut can leave a commit that names a torn
    file. An object store is durable by itself.
    """
    root = settings.lake_folder
    if root is None:
        return
    folders = {root}
    for (name,) in connection.execute(FILES_SINCE, {"since": since_snapshot}):
        path = root / name
        _fsync(path)
        folders.update(folder for folder in path.parents if folder.is_relative_to(root))
    for folder in folders:
        _fsync(folder)


def _fsync(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return  # replaced and cleaned up since
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

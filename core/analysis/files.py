"""The Parquet files of the lake's tables as they stood at one snapshot, from its catalog.

So a mart can be read without attaching the lake. DuckLake's format, as far as it matters here: a
data file may have one delete file with the positions of its deleted rows; after compaction a file
may hold rows of several snapshots (`partial_max` is the latest), each marked with its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from core.analysis.sandbox import DataFile

# Whether a table has inlined rows, which are in the catalog and in no file, is asked as well.
FILES_AT = """
    with tables as (
        select table_id, table_name, schemas.path || tables.path as folder
        from ducklake.ducklake_table as tables
        inner join ducklake.ducklake_schema as schemas using (schema_id)
        where
            schema_name = %(schema)s
            and schemas.begin_snapshot <= %(snapshot)s
            and coalesce(schemas.end_snapshot > %(snapshot)s, true)
            and tables.begin_snapshot <= %(snapshot)s
            and coalesce(tables.end_snapshot > %(snapshot)s, true)
    ),

    columns as (
        select table_id, array_agg(column_name order by column_order) as column_names
        from ducklake.ducklake_column
        where
            parent_column is null and begin_snapshot <= %(snapshot)s
            and coalesce(end_snapshot > %(snapshot)s, true)
        group by table_id
    )

    select
        table_name, column_names,
        exists (
            select from ducklake.ducklake_inlined_data_tables as inlined
            where inlined.table_id = tables.table_id
        ) as is_inlined,
        folder || data.path as data_path,
        coalesce(data.partial_max > %(snapshot)s, false) as is_mixed,
        folder || deletes.path as delete_path,
        coalesce(deletes.partial_max > %(snapshot)s, false) as is_delete_mixed
    from tables
    inner join columns using (table_id)
    left join ducklake.ducklake_data_file as data
        on data.table_id = tables.table_id and data.begin_snapshot <= %(snapshot)s
        and coalesce(data.end_snapshot > %(snapshot)s, true)
    left join ducklake.ducklake_delete_file as deletes
        on deletes.data_file_id = data.data_file_id and deletes.begin_snapshot <= %(snapshot)s
        and coalesce(deletes.end_snapshot > %(snapshot)s, true)
    order by table_name, data.file_order, data.data_file_id
"""


@dataclass(frozen=True)
class StoredTable:
    """A table at a snapshot: its columns and its files."""

    name: str
    columns: tuple[str, ...]
    files: tuple[DataFile, ...]
    is_inlined: bool


def stored_tables(
    connection: psycopg.Connection[Any], lake_path: str, schema: str, snapshot: int
) -> dict[str, StoredTable]:
    """The tables of a schema as they stood at a snapshot, by name; paths begin with `lake_path`."""
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        rows = cursor.execute(FILES_AT, {"schema": schema, "snapshot": snapshot}).fetchall()
    return {
        name: StoredTable(
            name,
            tuple(of_table[0].column_names),
            tuple(_file(row, lake_path) for row in of_table if row.data_path is not None),
            bool(of_table[0].is_inlined),
        )
        for name, of_table in _grouped(rows).items()
    }


def _file(row: Any, lake_path: str) -> DataFile:
    deletes = lake_path + row.delete_path if row.delete_path is not None else None
    return DataFile(lake_path + row.data_path, deletes, row.is_mixed, row.is_delete_mixed)


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    tables: dict[str, list[Any]] = {}
    for row in rows:
        tables.setdefault(row.table_name, []).append(row)
    return tables

"""A data directory that was moved, copied or restored: its lake is opened where it lies now.

DuckLake keeps the absolute path of the lake's files in its catalog and refuses every other one. The
paths below it are relative.
"""

from pathlib import Path
from typing import Any

import psycopg

from core.errors import AppError
from core.settings import Settings

KNOWN_PATH = """
    select value from ducklake.ducklake_metadata where key = 'data_path' and scope is null
"""
FOLLOW = """
    update ducklake.ducklake_metadata set value = %(path)s
    where key = 'data_path' and scope is null
"""
FILES = """
    select distinct schemas.path || tables.path || files.path
    from (
        select table_id, path from ducklake.ducklake_data_file
        union all
        select table_id, path from ducklake.ducklake_delete_file
    ) as files
    inner join ducklake.ducklake_table as tables using (table_id)
    inner join ducklake.ducklake_schema as schemas using (schema_id)
"""


class LakeElsewhereError(AppError):
    """The lake's files are not where the settings say."""

    status = 503
    code = "lake_elsewhere"


def follow(settings: Settings, url: str) -> None:
    """Write the lake's path anew into its catalog, if all of its files lie where we look for them.

    Else raises LakeElsewhereError: so nobody takes the lake away who forgot TIMEBACK_DATA_PATH, or
    who starts a copy of the files beside an install whose database server both use.
    """
    with psycopg.connect(url) as connection:
        known, wanted, folder = _known_path(connection), settings.lake_path, settings.lake_folder
        if known is None or known == wanted:
            return
        if folder is None or "://" in known:
            raise LakeElsewhereError(
                f"The lake's files lie in {known} by its catalog, but {wanted} is set. Set"
                f" TIMEBACK_DATA_PATH={known}. Only if all of them were moved, say so in the"
                f" database: update ducklake.ducklake_metadata set value = '{wanted}' where key ="
                " 'data_path'"
            )
        connection.execute("select pg_advisory_xact_lock(hashtext('timeback.moved'))")
        files = [name for (name,) in connection.execute(FILES)]
        found = [name for name in files if (folder / name).is_file()]
        if len(found) < len(files):
            raise LakeElsewhereError(
                f"The lake's files lie in {known} by its catalog; in {wanted} there are"
                f" {len(found)} of {len(files)}. Set TIMEBACK_DATA_PATH={known}, or bring all of"
                f" them to {wanted}."
            )
        if settings.database_url is not None and Path(known).is_dir():
            raise LakeElsewhereError(
                f"The lake's files lie in {wanted} and in {known}, which the database names. One"
                f" is a copy: set TIMEBACK_DATA_PATH={known}, or remove {known} to go on here."
            )
        connection.execute(FOLLOW, {"path": wanted})


def _known_path(connection: psycopg.Connection[Any]) -> str | None:
    """Where the catalog says that the files lie; None if there is no lake yet."""
    row = connection.execute("select to_regclass('ducklake.ducklake_metadata')").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute(KNOWN_PATH).fetchone()
    return None if found is None else str(found[0])

"""Children's data lies in files of many kinds; each is open to the user of this install alone."""

import os
from pathlib import Path

from core.settings import Settings

OTHERS = 0o077  # what a group and everyone else may do


def keep_private() -> None:
    """From now on no one else may read what this process writes, nor what those that it starts do.

    So it is for what DuckDB, dbt and Streamlit write too.
    """
    os.umask(OTHERS)


def open_folders(settings: Settings) -> list[Path]:
    """Which folders of this install others may look into: its own, and one of the lake's apart."""
    folders = [settings.root]
    lake = settings.lake_folder
    if lake is not None and settings.root not in lake.parents:
        folders.append(lake)
    return [folder for folder in folders if folder.exists() and folder.stat().st_mode & OTHERS]

"""Traces of a student in the data directory itself, beside lake and PostgreSQL.

Log files and histories are changed in place, byte for byte, because running processes hold them
open; scratch that a killed process left is removed.
"""

import json
import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

import psutil

from core import embedded
from core.settings import Settings

LEAST_NAME = 3  # shorter words are no trace of anyone
MASK = b"*"


def remove_scratch(settings: Settings) -> None:
    """Delete what proofs, queries and dbt by hand leave; the caller holds their locks.

    What builds work on stays: it was made anew from raw without the student.
    """
    for path in [*(settings.root / "proof").glob("*"), *(settings.root / "dbt").glob("*")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith(("warehouse.duckdb", "plan-")):
            path.unlink(missing_ok=True)
    in_use = _open_files(settings.temp_directory)
    for path in settings.temp_directory.rglob("*"):
        if path.is_file() and path not in in_use:
            path.unlink(missing_ok=True)


def mask(settings: Settings, identifiers: Iterable[str], names: Iterable[str] = ()) -> None:
    """Blot out a student's ids and addresses, as whole words, in logs and in the SQL history.

    In the history their names too; logs hold no names, and common words are left as they are.
    """
    ids = set(identifiers)
    _leave_demo(settings.root / "demo.json", ids)
    _mask_file(settings.root / "sql_history", ids | set(names))
    for path in [settings.cluster / embedded.LOG, *(settings.root / "logs").glob("*")]:
        _mask_file(path, ids)


def _mask_file(path: Path, words: Collection[str]) -> None:
    sought = sorted((word for word in words if len(word) >= LEAST_NAME), key=len, reverse=True)
    if not sought or not path.is_file():
        return
    choices = b"|".join(re.escape(word.encode()) for word in sought)
    pattern = re.compile(rb"(?<![\w-])(?:" + choices + rb")(?![\w-])", re.IGNORECASE)
    with path.open("r+b") as file:
        for found in pattern.finditer(file.read()):
            file.seek(found.start())
            file.write(MASK * (found.end() - found.start()))


def _leave_demo(path: Path, words: Collection[str]) -> None:
    """Strike the student's sign-in from the demo, whose file only its owner reads."""
    if not path.exists():
        return
    kept = json.loads(path.read_text())
    remaining = [one for one in kept["sign_ins"] if one["email"] not in words]
    if remaining == kept["sign_ins"]:
        return
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(kept | {"sign_ins": remaining}, indent=2))
    part.replace(path)


def _open_files(folder: Path) -> set[Path]:
    held: set[Path] = set()
    for process in psutil.process_iter():
        try:
            held.update(Path(file.path) for file in process.open_files())
        except psutil.Error:
            continue
    return {path for path in held if path.is_relative_to(folder)}

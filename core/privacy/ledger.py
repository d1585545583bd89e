"""`<data>/erasures.jsonl`: every erasure as one line of hashes, so that no backup undoes one.

The hashes mean nothing without the key, which lies in PostgreSQL since the install was made, so
that each backup of it holds the same key. An install that was restored from a backup older than a
line of this file does not start until `timeback student erasures apply` has erased again.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from core.errors import AppError
from core.privacy import erased
from core.privacy.erasures import Erasure
from core.settings import Settings


class ErasuresMissingError(AppError):
    """The database lacks erasures that the ledger holds: it comes from an older backup."""

    status = 503
    code = "erasures_missing"


@dataclass(frozen=True)
class Entry:
    """One line: whose erasure (as a hash), by which key."""

    student_hash: str
    key_id: str
    requested_at: str


def path_of(settings: Settings) -> Path:
    """Where the file lies."""
    return settings.root / "erasures.jsonl"


def key_id(key: bytes) -> str:
    """What tells one key from another without giving it away."""
    return hashlib.sha256(b"timeback key id" + key).hexdigest()[:16]


def read(path: Path) -> list[Entry]:
    """The lines of a ledger; none if there is no file. A line that was cut off is left out."""
    if not path.exists():
        return []
    entries = []
    for line in path.read_text().splitlines():
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return entries


def entry_of(connection: psycopg.Connection[Any], erasure: Erasure) -> Entry:
    """The line of an erasure."""
    return Entry(
        erasure.student_hash,
        key_id(erased.read_key(connection)),
        erasure.requested_at.isoformat(timespec="seconds"),
    )


def append(settings: Settings, entry: Entry) -> None:
    """Write an erasure down, durably, unless it is written already."""
    path = path_of(settings)
    if any(known.student_hash == entry.student_hash for known in read(path)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(vars(entry)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lacking(connection: psycopg.Connection[Any], entries: list[Entry]) -> list[Entry]:
    """The entries that the database does not know, or has taken over and not finished."""
    known = {
        found
        for (found,) in connection.execute(
            "select student_hash from privacy.erasures"
            " where status = 'finished' or not is_reapplied"
        )
    }
    return [entry for entry in entries if entry.student_hash not in known]


def require_applied(settings: Settings, url: str) -> None:
    """Refuse to serve an install whose database is older than its ledger; ErasuresMissingError."""
    path = path_of(settings)
    entries = read(path)
    if not entries:
        return
    with psycopg.connect(url) as connection:
        count = len(lacking(connection, entries))
    if count:
        raise ErasuresMissingError(
            f"The database comes from a backup that is older than {count} erasure(s). Erase again"
            f" before anything is served: timeback student erasures apply {path}"
        )

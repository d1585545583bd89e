"""What becomes of a school while students learn: enrollments end, lessons go, goals change."""

import json
from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from tests.warehouse.raw_rows import Row

SCHOOLS = ("school", "elsewhere")


def changes(chance: Random, known: Sequence[Row], recorded_at: datetime) -> list[Row]:
    """New versions of some records, recorded at that instant."""
    made: list[Row] = []
    for row in known:
        if chance.random() > 0.08:
            continue
        changed = changed_record(chance, row)
        if changed is not None:
            made.append({**row, **changed, "recorded_at": recorded_at})
    return made


def changed_record(chance: Random, row: Row) -> dict[str, Any] | None:
    """What a new version of a record says otherwise; None for kinds that never change."""
    payload: dict[str, Any] = json.loads(json.dumps(row["payload"]))
    kind = row["record_type"]
    if chance.random() < 0.2 and kind in {"lesson", "enrollment", "class", "academicSession"}:
        return {"status": chance.choice(("tobedeleted", "active"))}
    if kind == "user":
        payload["primaryOrg"] = {"sourcedId": chance.choice(SCHOOLS)}
        payload.setdefault("metadata", {})["goals"] = {"dailyXp": chance.choice((10, 40, 90))}
    elif kind == "course":
        payload["subjects"] = [chance.choice(("Maths", "Reading", "Other"))]
    elif kind in {"lesson", "unit"}:
        payload["sortOrder"] = chance.randint(1, 9)
    elif kind == "enrollment":
        payload["endDate"] = chance.choice(("2026-10-29", "2026-11-03", "2026-12-31"))
    elif kind == "academicSession":
        payload["endDate"] = chance.choice(("2026-10-28", "2026-11-01", "2026-11-30"))
    elif kind == "org":
        payload["metadata"]["timezone"] = chance.choice(("America/Chicago", "Asia/Tokyo"))
    else:
        payload["title"] = f"{payload.get('title', '')} again"
    return {"payload": payload}

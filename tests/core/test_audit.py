"""Each read of a student by a person leaves a row; a partner's backend leaves none."""

from typing import Any

import psycopg

from core.access import Viewer
from core.audit import record_reads

PERSON = Viewer(kind="person", subject="p-1", scopes=frozenset(), roles=frozenset({"guide"}))
CLIENT = Viewer(kind="client", subject="c-1", scopes=frozenset(), client_id="c-1")


def test_a_row_for_each_student_and_none_for_clients(database: psycopg.Connection[Any]) -> None:
    record_reads(database, PERSON, "xp.entries", ["ana", "ben", "ana"], {"build_id": "b"})
    record_reads(database, PERSON, "xp.entries", [])
    record_reads(database, CLIENT, "xp.entries", ["ana"])
    rows = database.execute(
        "select actor_kind, actor_id, action, student_id, details from identity.audit_log"
        " order by student_id"
    ).fetchall()
    assert rows == [
        ("person", "p-1", "xp.entries", student, {"build_id": "b"}) for student in ("ana", "ben")
    ]

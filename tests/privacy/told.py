"""A small install of its own, with an embedded server, where one student is to be erased."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq

from core.identity.people import create_person
from core.registry import records
from ingest.events.door import judge
from ingest.events.request import open_request
from ingest.events.router import ENCODER
from ingest.journal import Journal
from tests.ingest.samples import envelope, grade_event
from tests.warehouse.trap_school import ROSTER, enrollment

VICTIM = "zq-7f3a-victim"
TRACES = (VICTIM, "Zebulon", "Quillfeather", "zebulon.q@school.example")
PASSWORD = "a long enough password"
Event = dict[str, Any]


def xp(number: int, actor: Any, **changes: Any) -> Event:
    """XP for a lesson of the trap school's reading app."""
    return grade_event(
        number,
        actor=actor,
        extensions={"course": {"id": "reading-course"}, "lesson": {"id": "reading-1"}},
        **changes,
    )


def send(url: str, *requests: Sequence[Event]) -> None:
    """Judge and journal requests as the door does."""

    async def append_all() -> None:
        async with Journal(url) as journal:
            for events in requests:
                body, now = envelope(list(events)), datetime.now(UTC)
                judgement = judge(open_request(body), now)
                refusals = ENCODER.encode(judgement.refusals) if judgement.refusals else None
                await journal.append("reading", now, len(events), refusals, body)

    asyncio.run(append_all())


def enroll(url: str) -> None:
    """The trap school's roster, the victim with a login, a parent and a class."""
    with psycopg.connect(url) as connection:

        def put(record_type: str, sourced_id: str, payload: dict[str, Any], **more: Any) -> None:
            records.put(connection, record_type, sourced_id, payload, **more)

        connection.execute(
            "insert into identity.clients (client_id, name, mode, scopes)"
            " values ('reading', 'Reading', 'production', '{}')"
        )
        for row in [*ROSTER, enrollment(VICTIM, "reading")]:
            put(
                row["record_type"],
                row["sourced_id"],
                row["payload"],
                owner_client_id=row.get("owner_client_id"),
            )
        school = {"sourcedId": "school"}
        put(
            "user",
            VICTIM,
            {
                "givenName": "Zebulon",
                "familyName": "Quillfeather",
                "email": TRACES[3],
                "username": TRACES[3],
                "roles": [{"role": "student", "org": school}],
                "primaryOrg": school,
            },
        )
        put(
            "user",
            VICTIM,
            {
                "givenName": "Zebulon",
                "familyName": "Quillfeather",
                "email": TRACES[3],
                "roles": [{"role": "student", "org": school}],
                "primaryOrg": school,
                "grades": ["5"],
            },
        )
        put(
            "user",
            "pat",
            {
                "givenName": "Pat",
                "familyName": "Parent",
                "primaryOrg": school,
                "roles": [{"role": "parent", "org": school}],
                "agents": [{"sourcedId": VICTIM}, {"sourcedId": "ann"}],
            },
        )
        for student in (VICTIM, "ann"):
            put(
                "agent",
                f"{student}:pat",
                {
                    "student": {"sourcedId": student},
                    "agent": {"sourcedId": "pat"},
                    "role": "parent",
                },
            )
        create_person(connection, TRACES[3], PASSWORD, user_id=VICTIM)
        pat = create_person(connection, "pat@school.example", PASSWORD, user_id="pat")
        for day, students, text in (
            ("2026-01-11", ["ann", VICTIM], "Ann and Zebulon Quillfeather"),
            ("2026-01-18", ["ann"], "Ann alone"),
        ):
            connection.execute(
                "insert into alerting.outbox (person_id, kind, local_on, status, recipient,"
                " subject, text_body, html_body, student_ids)"
                " values (%s, 'parent_weekly', %s, 'held', 'pat@school.example', %s, %s, %s, %s)",
                [pat.person_id, day, text, text, text, students],
            )


def found_in(root: Path, traces: Sequence[str] = TRACES) -> dict[str, list[str]]:
    """Files of a data directory, Parquet decompressed, in which a trace is found."""
    sought = [trace.encode().lower() for trace in traces]
    hits: dict[str, list[str]] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        for text in texts_of(path):
            named = [trace.decode() for trace in sought if trace in text]
            if named:
                hits.setdefault(str(path.relative_to(root)), []).extend(named)
    return hits


def texts_of(path: Path) -> Iterator[bytes]:
    """A file's bytes in small letters; of a Parquet file its values and its statistics too."""
    try:
        yield path.read_bytes().lower()
    except FileNotFoundError:  # a server's temporary file
        return
    if path.suffix == ".parquet":
        file = pq.ParquetFile(path)
        yield str(file.read().to_pydict()).lower().encode()
        groups = [file.metadata.row_group(n).to_dict() for n in range(file.num_row_groups)]
        yield json.dumps(groups, default=str).lower().encode()

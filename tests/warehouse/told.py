"""What the oracle says of the invented students, beside the warehouse built of the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.warehouse import invented
from tests.warehouse.conftest import Warehouse
from tests.warehouse.invented import roster
from tests.warehouse.oracle import clock, gradebook, items, ledger
from tests.warehouse.oracle.session import Session
from tests.warehouse.oracle.sessions import sessions
from tests.warehouse.oracle.story import Story

CASES = 150
MOST_SHOWN = 12

Rows = Mapping[Any, Any]


@dataclass(frozen=True)
class Told:
    """What the oracle says of every student, and the warehouse that was built of the same."""

    story: Story
    sessions: list[Session]
    counted: Mapping[Any, tuple[float, float]]
    entries: list[ledger.Entry]
    session_of: Mapping[tuple[str, str], str]
    answers: list[items.Answer]
    results: list[gradebook.Result]
    warehouse: Warehouse


def tell(warehouse: Warehouse) -> Told:
    """Load and build, and ask the oracle."""
    cases = [invented.case(seed) for seed in range(CASES)]
    warehouse.load([row for each in cases for row in each.rows], roster.roster(cases))
    warehouse.build(as_of=roster.AS_OF)
    story = roster.story(cases)
    by_student = _by_student(story)
    found = [session for part in by_student for session in sessions(part)]
    counted = clock.counted_seconds(story, found)
    session_of = {
        (event.client_id, event.event_id): name(session)
        for session in found
        for event in session.events
    }
    answers = [answer for part in by_student for answer in items.answers(part, session_of)]
    results = [
        result for part in by_student for result in gradebook.results(part, answers, session_of)
    ]
    entries = ledger.entries(story, found, counted)
    return Told(story, found, counted, entries, session_of, answers, results, warehouse)


def _by_student(story: Story) -> list[Story]:
    students = dict.fromkeys(event.student_ref for event in story.events)
    return [
        replace(story, events=tuple(e for e in story.events if e.student_ref == student))
        for student in students
    ]


def name(session: Session) -> str:
    """A session by the event that began it."""
    return f"{session.client_id}/{session.events[0].event_id}"


def compare(said: Rows, built: Rows) -> None:
    """Row by row; shows the first differences."""
    differences = [
        f"{key}\n    rules {said.get(key, '(no row)')}\n    marts {built.get(key, '(no row)')}"
        for key in sorted(said.keys() | built.keys(), key=str)
        if said.get(key, "(no row)") != built.get(key, "(no row)")
    ]
    shown = "\n".join(differences[:MOST_SHOWN])
    assert not differences, f"{len(differences)} of {len(said)} rows differ\n{shown}"

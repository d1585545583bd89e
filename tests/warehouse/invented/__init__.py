"""Students whose days nobody planned: random events at and around every limit of the rules.

Each student is one case with events of its own, so that one build judges them all.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from tests.warehouse.invented.roster import AS_OF, CLIENTS, ZONE, Case, enrollments_of
from tests.warehouse.invented.stream import GAPS, LONG_GAPS, SHORT_GAPS, Stream
from tests.warehouse.trap_school import Row

STARTS = (
    datetime(2026, 10, 28, 9, 0, tzinfo=ZONE),
    datetime(2026, 10, 30, 23, 30, tzinfo=ZONE),  # over local midnight
    datetime(2026, 11, 1, 0, 20, tzinfo=ZONE),  # the day of 25 hours
    datetime(2026, 10, 31, 23, 20, tzinfo=ZONE),
    datetime(2026, 11, 3, 8, 0, tzinfo=ZONE),
    datetime(2026, 11, 4, 9, 30, tzinfo=ZONE),  # today
    datetime(2026, 3, 8, 0, 30, tzinfo=ZONE),  # the day of 23 hours
    datetime(2026, 3, 7, 23, 40, tzinfo=ZONE),
)


def case(seed: int) -> Case:
    """The student of that seed."""
    random = Random(seed)
    student_id = f"student-{seed:03}"
    start = random.choice(STARTS).astimezone(UTC)
    clients = random.sample(CLIENTS, random.choice((1, 1, 2, 3)))
    gaps = random.choice((GAPS, GAPS, GAPS, SHORT_GAPS, LONG_GAPS))
    rows: list[Row] = []
    for client_id in clients:
        offset = timedelta(seconds=random.choice((0, 0, 60, 400, 3000)))
        rows += Stream(random, student_id, client_id, start + offset, gaps).rows()
    rows = [row for row in rows if row["event_time"] <= AS_OF]
    repeats = random.sample(rows, min(2, len(rows)))
    random.shuffle(rows)
    rows += [repeats[0], {**repeats[-1], "session_ref": "another-story"}] if repeats else []
    return Case(
        student_id,
        rows,
        list(enrollments_of(random, student_id, clients)),
        random.choice((None, None, Decimal(40))),
    )

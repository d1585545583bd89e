"""Entries of the XP ledger, with what they take back and when their events happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.reading import Reading
from api.xp.queries import NO_REVIEW, REVIEW
from core.access import Condition, all_of

Row = dict[str, Any]

# A reverse has the time of the entry that it takes back; its event made a correct entry too.
ENTRIES = """
    with entries as (
        select ledger.* from marts.fct_xp_ledger as ledger where {where}
    ),

    students as (
        select ledger.* from marts.fct_xp_ledger as ledger
        where ledger.student_id in (select student_id from entries)
    )

    select
        ledger.entry_id, ledger.kind, ledger.status, ledger.xp::double as xp, ledger.student_id,
        ledger.client_id, ledger.app_id, ledger.subject, ledger.course_id, ledger.lesson_id,
        ledger.enrollment_id, ledger.attempt_ref, ledger.earned_at, ledger.earned_on,
        ledger.source_event_id, {review},
        coalesce(correcting.earned_at, ledger.earned_at) as event_at,
        reversed.entry_id as reverses_entry_id, reversed.source_event_id as reverses_event_id
    from entries as ledger
    left join students as correcting
        on ledger.kind = 'reverse' and correcting.kind = 'correct'
        and ledger.student_id = correcting.student_id and ledger.client_id = correcting.client_id
        and ledger.source_event_id = correcting.source_event_id
    left join students as reversed
        on ledger.kind = 'reverse' and reversed.kind <> 'reverse'
        and ledger.student_id = reversed.student_id and ledger.client_id = reversed.client_id
        and ledger.attempt_ref is not distinct from reversed.attempt_ref
        and ledger.earned_at = reversed.earned_at and ledger.xp = -reversed.xp
    qualify
        row_number() over (partition by ledger.entry_id order by reversed.source_event_id) = 1
    order by ledger.earned_at, ledger.entry_id
"""


@dataclass(frozen=True)
class Part:
    """Which part of a student's day; None leaves a dimension open."""

    subject: str | None = None
    course_id: str | None = None
    lesson_id: str | None = None
    application_id: str | None = None

    def of(self, table: str) -> Condition:
        """Only the rows of this part. A row without a subject is `Other`."""
        columns = {
            f"coalesce({table}.subject, 'Other')": ("subject", self.subject),
            f"{table}.course_id": ("course_id", self.course_id),
            f"{table}.lesson_id": ("lesson_id", self.lesson_id),
            f"{table}.app_id": ("application_id", self.application_id),
        }
        return all_of(
            *(
                Condition(f"{column} = ${name}", {name: chosen})
                for column, (name, chosen) in columns.items()
                if chosen is not None
            )
        )


def of_day(reading: Reading, student_id: str, day: date, part: Part) -> list[Row]:
    """A student's entries of one local day, oldest first."""
    on = Condition(
        "ledger.student_id = $student_id and ledger.earned_on = $day",
        {"student_id": student_id, "day": day},
    )
    return _entries(reading, all_of(on, reading.sight.own("ledger"), part.of("ledger")))


def one(reading: Reading, entry_id: str) -> Row | None:
    """The entry of that id; None if the viewer may read none such."""
    entry = Condition("ledger.entry_id = $entry_id", {"entry_id": entry_id})
    rows = _entries(reading, all_of(entry, reading.sight.facts("ledger", by_id=True)))
    return rows[0] if rows else None


def of_events(reading: Reading, student_id: str, event_ids: list[str]) -> list[Row]:
    """The entries that these events of a student made, oldest first."""
    events = Condition(
        "ledger.student_id = $student_id"
        " and ledger.source_event_id in (select unnest($event_ids::varchar[]))",
        {"student_id": student_id, "event_ids": event_ids},
    )
    return _entries(reading, all_of(events, reading.sight.own("ledger")))


def _entries(reading: Reading, where: Condition) -> list[Row]:
    review = NO_REVIEW if reading.sight.is_partner else REVIEW
    return reading.lake.rows(ENTRIES.format(where=where.sql, review=review), where.parameters)

"""How events may arrive, and what of a mart tells of arrival and of nothing else."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.warehouse.conftest import Warehouse
from tests.warehouse.raw_rows import AS_OF, Row

Marts = Mapping[str, list[tuple[Any, ...]]]

# These columns say when and how a row came, so they differ with every order of arrival.
ARRIVAL_COLUMNS = {
    "load_id": "the load that brought the event",
    "journal_seq": "the place in the journal of the request that brought it",
    "event_index": "its place in that request",
    "receipt_id": "the receipt of that request",
    "received_at": "when that request came",
    "last_received_at": "when the newest of some such requests came",
    "winner_event_journal_seq": "where the first arrival of a repeated id stands in the journal",
    "restated_at": "when a past day last changed, which is when something arrived late",
}
# A repetition has a verdict of its own in these marts: as many rows as it arrived again.
REPETITIONS = {
    "fct_event_verdicts": "verdict in ('duplicate', 'conflict')",
    "agg_client_day__verdicts": "partner_verdict in ('duplicate', 'conflict')",
}
FIRST_RECEIPT = AS_OF - timedelta(hours=6)  # later than any event, on one UTC day


@dataclass(frozen=True)
class Arrival:
    """A story of arrival: of each build the loads before it, of each load events and records."""

    builds: Sequence[Sequence[tuple[Sequence[Row], Sequence[Row]]]]

    @property
    def events(self) -> list[Row]:
        """All events in the order in which they came."""
        return [event for loads in self.builds for events, _ in loads for event in events]

    def __repr__(self) -> str:
        return " / ".join(
            " + ".join(
                f"{[event['event_id'] for event in events]} with {len(records)} records"
                for events, records in loads
            )
            for loads in self.builds
        )


def shuffled(
    chance: random.Random, events: Sequence[Row], records: Sequence[Row], builds: int
) -> Arrival:
    """Some order of events, some of them again and again, and of records, cut anywhere."""
    order = [*events, *chance.choices(events, k=len(events) // 4)]
    chance.shuffle(order)
    order = [{**event, "received_at": moment(chance)} for event in order]
    late = list(records)
    chance.shuffle(late)
    return Arrival(
        [
            list(zip(cut(chance, some, 2), cut(chance, others, 2), strict=True))
            for some, others in zip(
                cut(chance, order, builds), cut(chance, late, builds), strict=True
            )
        ]
    )


def moment(chance: random.Random) -> datetime:
    """A moment of the day on which everything arrives, without regard to what came before."""
    return FIRST_RECEIPT + timedelta(seconds=chance.uniform(0, 5 * 3600))


def cut(chance: random.Random, rows: Sequence[Row], count: int) -> list[Sequence[Row]]:
    """Rows in that many parts, of which some may be empty."""
    places = sorted(chance.randint(0, len(rows)) for _ in range(count - 1))
    return [rows[begin:end] for begin, end in zip([0, *places], [*places, len(rows)], strict=True)]


def play(warehouse: Warehouse, first_records: Sequence[Row], arrival: Arrival) -> Marts:
    """The marts at the end of a story whose first records are there from the start."""
    warehouse.load([], first_records)
    for loads in arrival.builds:
        for events, records in loads:
            warehouse.load(events, records)
        warehouse.build()
    return marts(warehouse)


def marts(warehouse: Warehouse) -> Marts:
    """Every row of every mart, without what tells of arrival alone."""
    columns: dict[str, list[str]] = {}
    for table, column in warehouse.rows(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = 'lake' and schema_name = 'marts' order by all"
    ):
        if column not in ARRIVAL_COLUMNS:
            columns.setdefault(table, []).append(f'"{column}"')
    return {
        table: warehouse.rows(
            f"select {', '.join(names)} from lake.marts.{table}"
            f" where not ({REPETITIONS.get(table, 'false')}) order by all"
        )
        for table, names in columns.items()
    }

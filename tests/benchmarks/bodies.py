"""Request bodies for the benchmarks: the simulation's events, under ids of their own."""

import uuid
from collections.abc import Iterator
from datetime import date
from itertools import islice

import msgspec

from core.simulation import SimulationPlan, caliper
from core.simulation.timeline import Timeline

MOST_TEMPLATES = 20_000


class Bodies:
    """Makes envelopes; every event has a new id, so that none is a duplicate."""

    def __init__(self, seed: int = 1) -> None:
        plan = SimulationPlan(students=60, days=7, seed=seed, today=date(2026, 11, 20))
        sound = (
            delivery.moment for delivery in Timeline(plan).deliveries() if not delivery.moment.flaw
        )
        self._templates: list[tuple[bytes, bytes]] = []
        for moment in islice(sound, MOST_TEMPLATES):
            encoded = msgspec.json.encode(caliper.event(moment))
            before, after = encoded.split(caliper.event_id(moment).encode())
            self._templates.append((before + b"urn:uuid:", after))
        frame = caliper.envelope("https://app.example", moment.at, [])
        self._head = msgspec.json.encode(frame).removesuffix(b"]}")

    def make(self, posts: int, events_a_post: int) -> Iterator[bytes]:
        """So many envelopes of so many events each."""
        count = len(self._templates)
        number = 0
        for _ in range(posts):
            events = []
            for _ in range(events_a_post):
                before, after = self._templates[number % count]
                events.append(b"".join((before, str(uuid.uuid4()).encode(), after)))
                number += 1
            yield b"".join((self._head, b",".join(events), b"]}"))

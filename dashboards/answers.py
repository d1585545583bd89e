"""Answers that one browser's session keeps for a while, so that a filter click asks nothing twice.

They live in the session itself and are found by the viewer's token alone, so nobody is ever shown
what someone else has read. An answer is good for as long as its build is the newest that the
session knows of, and for `KEEP_SECONDS` at most.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

KEEP_SECONDS = 30.0
MOST_KEPT = 24  # answers; the oldest goes first
Question = tuple[str, str, tuple[tuple[str, str], ...]]


def question(token: str, path: str, parameters: Mapping[str, Any]) -> Question:
    """What an answer is found by: who asked, and exactly what."""
    asked = ((name, str(value)) for name, value in parameters.items() if value is not None)
    return token, path, tuple(sorted(asked))


@dataclass
class Answers:
    """What a session has been told."""

    now: Callable[[], float] = time.monotonic
    newest_build: str | None = None
    kept: dict[Question, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def find(self, asked: Question) -> dict[str, Any] | None:
        """The answer, if it is still good."""
        at, answer = self.kept.get(asked, (0.0, {}))
        if not answer or self.now() - at >= KEEP_SECONDS:
            return None
        is_newest = self.newest_build in (None, answer.get("build_id"))
        return answer if is_newest else None

    def keep(self, asked: Question, answer: dict[str, Any]) -> None:
        """Remember an answer."""
        self.kept.pop(asked, None)
        while len(self.kept) >= MOST_KEPT:
            del self.kept[next(iter(self.kept))]
        self.kept[asked] = (self.now(), answer)

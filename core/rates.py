"""Rate limits: token buckets by client, person or address, each with a rate and a burst.

A bucket is kept as the one instant at which it will be full again (the generic cell rate
algorithm), so that the busy route pays a dictionary look-up. They live in memory, by process:
N API processes let N times the rate pass.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from core.errors import TooManyRequestsError
from core.settings import Settings

MOST_KEYS = 50_000  # about 8 MB; then full buckets, which limit nothing, are forgotten
ROUNDING = 1e-6  # seconds: sums of intervals are not exact


class Buckets:
    """A bucket for each key: `rate` requests a second in the long run, `burst` at once."""

    def __init__(
        self, rate: float, burst: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`rate` 0 means no limit; `clock` counts seconds."""
        self._interval = 1 / rate if rate else 0.0
        self._tolerance = self._interval * (burst - 1)
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}
        self._prune_at = MOST_KEYS

    def take(self, key: str) -> None:
        """Count one request of that key; 429 with `Retry-After` if its bucket is empty."""
        if not self._interval:
            return
        with self._lock:
            now = self._clock()
            full_at = max(now, self._full_at.get(key, now))
            wait = full_at - now - self._tolerance
            if wait <= ROUNDING:
                self._full_at[key] = full_at + self._interval
            if len(self._full_at) > self._prune_at:
                self._full_at = {key: at for key, at in self._full_at.items() if at > now}
                self._prune_at = max(MOST_KEYS, 2 * len(self._full_at))
        if wait > ROUNDING:
            raise TooManyRequestsError(
                f"At most {1 / self._interval:g} requests a second are answered here; wait"
                f" {max(1, math.ceil(wait))} s.",
                retry_after=max(1, math.ceil(wait)),
            )


@dataclass(frozen=True)
class Rates:
    """The limits of one process."""

    requests: Buckets  # by client or person
    events: Buckets  # posts of events, by client
    tokens: Buckets  # token requests, by client and address
    failures: Buckets  # refused tokens and secrets, by address

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(
            Buckets(settings.requests_per_second, settings.requests_burst),
            Buckets(settings.event_posts_per_second, settings.event_posts_burst),
            Buckets(settings.token_requests_per_second, settings.token_requests_burst),
            Buckets(settings.failures_per_second, settings.failures_burst),
        )

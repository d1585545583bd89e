"""Sends deliveries to the API: batches by app, a few posts at a time."""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

from core.simulation import caliper
from core.simulation.client import ApiClient, Receipt
from core.simulation.timeline import Delivery

MOST_EVENTS_A_POST = 100
MOST_POSTS_AT_ONCE = 4


class Sender:
    """Collects deliveries and posts them; counts what the door took."""

    def __init__(self, clients: Mapping[str, ApiClient]) -> None:
        """`clients` by app key."""
        self._clients = clients
        self._waiting: dict[str, list[Delivery]] = defaultdict(list)
        self._posts: set[Future[Receipt]] = set()
        self._pool = ThreadPoolExecutor(MOST_POSTS_AT_ONCE, thread_name_prefix="sender")
        self.accepted = 0
        self.rejected = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, delivery: Delivery) -> None:
        """Send it with the next full batch of its app."""
        waiting = self._waiting[delivery.app.key]
        waiting.append(delivery)
        if len(waiting) >= MOST_EVENTS_A_POST:
            self._post(delivery.app.key)

    def flush(self) -> None:
        """Send all that waits; returns when everything was answered."""
        for app_key in list(self._waiting):
            self._post(app_key)
        self._settle(leave=0)

    def _post(self, app_key: str) -> None:
        batch = self._waiting.pop(app_key)
        self._settle(leave=2 * MOST_POSTS_AT_ONCE)
        self._posts.add(self._pool.submit(self._send, self._clients[app_key], batch))

    def _settle(self, *, leave: int) -> None:
        """Wait until at most `leave` posts are unanswered; raises what went wrong in one."""
        while len(self._posts) > leave:
            done, self._posts = wait(self._posts, return_when=FIRST_COMPLETED)
            for post in done:
                receipt = post.result()
                self.accepted += receipt.accepted
                self.rejected += receipt.rejected

    def _send(self, client: ApiClient, batch: list[Delivery]) -> Receipt:
        events: list[dict[str, Any]] = [caliper.event(delivery.moment) for delivery in batch]
        return client.post_events(caliper.envelope(batch[0].app.home, batch[-1].at, events))

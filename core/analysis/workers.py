"""Processes that answer analysts' queries: a few at once, each query in one of its own."""

import json
import os
import subprocess
import sys
import threading
from typing import Any

import pyarrow as pa

from core.analysis.gate import RefusedQueryError
from core.analysis.sandbox import Answer
from core.analysis.worker import Job, Outcome
from core.errors import UnavailableError

MOST_AT_ONCE = 2
GRACE_SECONDS = 5.0  # for starting, and for ending after the query's own time is up
ENDED = "The query ended its process: it took more memory than it may."
BUSY = "Other queries are running; try again shortly."

Process = subprocess.Popen[bytes]


class Workers:
    """Starts a process for each query, and keeps one ready once there was a query."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE) -> None:
        self._free = threading.BoundedSemaphore(most_at_once)
        self._lock = threading.Lock()
        self._ready: Process | None = None

    def ask(self, job: Job) -> Answer:
        """The query's rows.

        Raises RefusedQueryError for what is wrong with the query, and UnavailableError (503) at
        once if as many as may be are running.
        """
        if not self._free.acquire(blocking=False):
            raise UnavailableError(BUSY)
        try:
            process = self._take()
            try:
                sent, _ = process.communicate(
                    job.encoded(), timeout=job.timeout_seconds + GRACE_SECONDS
                )
            except subprocess.TimeoutExpired:
                message = f"Stopped after {job.timeout_seconds:g} s."
                raise RefusedQueryError(message, code="query_timeout") from None
            finally:
                _end(process)
            return _read(sent)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the process that waits for a query."""
        with self._lock:
            ready, self._ready = self._ready, None
        if ready is not None:
            _end(ready)

    def _take(self) -> Process:
        with self._lock:
            taken, self._ready = self._ready, None
            if taken is None or taken.poll() is not None:
                taken = _start()
            self._ready = _start()
        return taken


def _start() -> Process:
    path = os.pathsep.join(part for part in sys.path if part)
    return subprocess.Popen(
        [sys.executable, "-m", "core.analysis.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": path},
    )


def _end(process: Process) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _read(sent: bytes) -> Answer:
    line, _, rows = sent.partition(b"\n")
    if not line:
        raise RefusedQueryError(ENDED, code="query_too_big")
    said: dict[str, Any] = json.loads(line)
    outcome = Outcome(**said)
    if outcome.error is not None:
        raise RefusedQueryError(outcome.error, code=outcome.code)
    with pa.ipc.open_stream(rows) as stream:
        return Answer(stream.read_all(), outcome.is_cut)

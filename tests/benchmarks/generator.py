"""The load generator, in a process of its own: `python -m tests.benchmarks.generator JOB`.

It speaks HTTP/1.1 over kept-alive connections with asyncio protocols and a C parser, and encodes
every body before the clock starts, so that it is not what is measured. The job is a JSON file
(see Job); the answer is JSON on stdout (see Outcome).
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import cast

import httptools
import msgspec
import uvloop

from tests.benchmarks.bodies import Bodies

READY = "ready"
HOST = "127.0.0.1"


class Job(msgspec.Struct):
    """What to send: `posts` bodies of `events_a_post` events, or `paths` to read instead."""

    port: int
    token: str
    clients: int
    path: str = ""
    posts: int = 0
    events_a_post: int = 0
    paths: list[str] = []
    requests: int = 0


class Outcome(msgspec.Struct):
    """What came back: seconds from the first byte sent to the last answer; latencies in seconds."""

    seconds: float
    processor_seconds: float
    latencies: list[float]
    statuses: dict[int, int]
    received_bytes: int

    @property
    def speed(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that `share` (0 to 1) of the requests stayed under, in seconds."""
        return sorted(self.latencies)[
            min(len(self.latencies) - 1, int(share * len(self.latencies)))
        ]


class Connection(asyncio.Protocol):
    """One client: sends its next request as soon as the one before was answered."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._parser = httptools.HttpResponseParser(self)
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport until the run starts."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def connection_lost(self, error: Exception | None) -> None:
        """A connection that drops before the end fails the run."""
        if not self._run.done.done():
            self._run.done.set_exception(error or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls on_message_complete."""
        self._run.received_bytes += len(data)
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Count the answer and go on."""
        self._run.record(self._parser.get_status_code(), time.perf_counter() - self._sent_at)
        self._parser = httptools.HttpResponseParser(self)
        self.send_next()

    def send_next(self) -> None:
        """Send the next request, if one is left."""
        request = self._run.next_request()
        if request is not None:
            self._sent_at = time.perf_counter()
            self._transport.writelines(request)


class Run:
    """All requests of a job, shared by its connections."""

    def __init__(self, requests: list[tuple[bytes, bytes]]) -> None:
        self._requests = requests
        self._next = 0
        self._left = len(requests)
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}
        self.received_bytes = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next_request(self) -> tuple[bytes, bytes] | None:
        """The next request to send, or None."""
        if self._next == len(self._requests):
            return None
        request = self._requests[self._next]
        self._next += 1
        return request

    def record(self, status: int, seconds: float) -> None:
        """One answer came."""
        self.latencies.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._left -= 1
        if self._left == 0:
            self.done.set_result(None)


def encode_requests(job: Job) -> list[tuple[bytes, bytes]]:
    """Head and body of every request, in order."""
    common = f"Host: {HOST}:{job.port}\r\nAuthorization: Bearer {job.token}\r\n"
    if job.paths:
        heads = [f"GET {path} HTTP/1.1\r\n{common}\r\n".encode() for path in job.paths]
        return [(heads[number % len(heads)], b"") for number in range(job.requests)]
    start = f"POST {job.path} HTTP/1.1\r\n{common}Content-Type: application/json\r\n"
    return [
        (f"{start}Content-Length: {len(body)}\r\n\r\n".encode(), body)
        for body in Bodies().make(job.posts, job.events_a_post)
    ]


async def play(job: Job) -> Outcome:
    """Connect every client, wait for a line on stdin, then send as fast as answers come."""
    run = Run(encode_requests(job))
    loop = asyncio.get_running_loop()
    connections = [
        (await loop.create_connection(lambda: Connection(run), HOST, job.port))[1]
        for _ in range(job.clients)
    ]
    print(READY, flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    started, processor = time.perf_counter(), time.process_time()
    for connection in connections:
        connection.send_next()
    await run.done
    return Outcome(
        seconds=time.perf_counter() - started,
        processor_seconds=time.process_time() - processor,
        latencies=run.latencies,
        statuses=run.statuses,
        received_bytes=run.received_bytes,
    )


def main() -> None:
    """Play the job named on the command line."""
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    outcome = uvloop.run(play(job))
    sys.stdout.write(msgspec.json.encode(outcome).decode() + "\n")


if __name__ == "__main__":
    main()

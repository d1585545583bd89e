"""Servers and generators as processes of their own."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests.benchmarks.generator import HOST, READY, Job, Outcome

START_SECONDS = 60.0
STOP_SECONDS = 120.0  # a build is let finish: after one that was killed all is built anew
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A running HTTP server."""

    port: int

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://{HOST}:{self.port}"


@dataclass(frozen=True)
class Running:
    """A process that should not end by itself."""

    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """RuntimeError, with the end of its log, if it ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"a process ended at once; its log: {self.log.read_text()[-2000:]}")


@contextmanager
def serve(
    factory: str, environment: Mapping[str, str], log: Path, *, code: Path = ROOT
) -> Iterator[Server]:
    """One uvicorn worker with `factory`, until the block ends; both servers run the same way."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        factory,
        "--factory",
        "--host",
        HOST,
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
        "--loop",
        "uvloop",
        "--http",
        "httptools",
    ]
    own = dict(environment) | {"TIMEBACK_PORT": str(port)}
    with running(command, own, log, code=code) as process:
        wait_for(f"http://{HOST}:{port}/openapi.json", process)
        yield Server(port)


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path, *, code: Path = ROOT
) -> Iterator["Running"]:
    """Any other process, until the block ends."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=code,
            env=dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Running(process, log)
    finally:
        stop(process)


def stop(process: subprocess.Popen[Any]) -> None:
    """Ask it to end; kill it if it does not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def generate(job: Job) -> Outcome:
    """Play a job from a generator process. Its bodies are ready before the clock starts."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(msgspec.json.encode(job))
        file.flush()
        with subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.generator", file.name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            line = process.stdout.readline().decode().strip()
            if line != READY:
                raise RuntimeError(f"the load generator did not start: {line}")
            answer, _ = process.communicate(b"\n")
    if process.returncode:
        raise RuntimeError(f"the load generator failed with exit code {process.returncode}")
    return msgspec.json.decode(answer, type=Outcome)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(url: str, server: Running) -> None:
    """Wait until a server answers at `url`; RuntimeError if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        server.check()
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not answer within {START_SECONDS:g} s")

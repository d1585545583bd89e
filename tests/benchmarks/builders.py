"""An install's builder in a process of its own: of this commit's code, or of another's."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from tests.benchmarks.installs import Install
from tests.benchmarks.processes import stop

PROGRAM = Path(__file__).parent / "builder_process.py"


class Done(msgspec.Struct):
    """How long an order took, and the most memory that the process has held so far."""

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class BuilderProcess:
    """An open builder that waits for orders."""

    process: subprocess.Popen[str]
    log: Path

    def order(self, what: Literal["full", "small", "maintain"]) -> Done:
        """A full or a small build, or upkeep; RuntimeError with the log's end if it fails."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return msgspec.json.decode(self.answer(), type=Done)

    def answer(self) -> str:
        """The next line that the process writes."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a builder ended; its log: {self.log.read_text()[-2000:]}")
        return line


@contextmanager
def builder(ours: Install) -> Iterator[BuilderProcess]:
    """The install's builder, open until the block ends."""
    log = ours.root / "builder.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", str(PROGRAM)],
            cwd=ours.code,
            env=ours.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
    try:
        opened = BuilderProcess(process, log)
        opened.answer()
        yield opened
        assert process.stdin is not None
        process.stdin.close()  # it closes its stores and ends
        process.wait()
    finally:
        stop(process)

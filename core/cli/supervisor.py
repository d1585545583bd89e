"""Child processes in one foreground command: each restarted if it dies, all stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RESTART_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
HEALTHY_SECONDS = 30.0  # a process that lived this long starts again without delay
STOP_SECONDS = 40.0  # longer than a build, which is let finish
POLL_SECONDS = 0.2
FAILURES_TOLD = 3  # ends in a row: the last is told with the end of the log, later ones are not
LOG_LINES = 8
LOG_BYTES = 4096
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Runs in the child before exec: end it when the supervisor is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Process:
    """One child: its name, command and log file."""

    name: str
    command: Sequence[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = 0.0


def tell_of_end(process: Process, code: int, delay_seconds: float) -> None:
    """Say that a process ended; when it ends again and again, say so once, with its log's end."""
    if process.failures < FAILURES_TOLD:
        sys.stderr.write(
            f"{process.name} ended (exit code {code}); starting again in {delay_seconds:g} s."
            f" Its log: {process.log}\n"
        )
    elif process.failures == FAILURES_TOLD:
        sys.stderr.write(
            f"{process.name} ended {FAILURES_TOLD} times in a row (exit code {code}); it is"
            f" started again and again, and the rest goes on. Its log, {process.log}, ends:\n"
            + "".join(f"  {line}\n" for line in last_lines(process.log))
        )


def last_lines(log: Path) -> list[str]:
    """The end of a log, as many lines as a person reads at once."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LOG_BYTES))
        return file.read().decode(errors="replace").splitlines()[-LOG_LINES:]


@dataclass
class Supervisor:
    """Keeps processes running until told to stop."""

    environment: Mapping[str, str]
    processes: list[Process] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, command: Sequence[str], log: Path) -> None:
        """Start a process and keep it running."""
        process = Process(name, command, log)
        self._spawn(process)
        self.processes.append(process)  # only now may the watch find it ended

    def watch(self) -> None:
        """Restart what dies, in the background, until `stopping` is set."""
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    def stop(self) -> None:
        """Ask each process to end, the last started first, and wait; kill what does not."""
        self.stopping.set()
        for process in reversed(self.processes):
            if process.running is None or process.running.poll() is not None:
                continue
            process.running.terminate()
            try:
                process.running.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.running.pid, signal.SIGKILL)
                process.running.wait()

    def _watch(self) -> None:
        while not self.stopping.wait(POLL_SECONDS):
            for process in list(self.processes):
                self._tend(process)

    def _tend(self, process: Process) -> None:
        now = time.monotonic()
        if process.running is not None:
            code = process.running.poll()
            if now - process.started_at > HEALTHY_SECONDS:
                self._heal(process)
            if code is None:
                return
            delay = RESTART_SECONDS[min(process.failures, len(RESTART_SECONDS) - 1)]
            process.failures += 1
            process.restart_at = now + delay
            process.running = None
            tell_of_end(process, code, delay)
        if now >= process.restart_at:
            self._spawn(process)

    def _heal(self, process: Process) -> None:
        if process.failures >= FAILURES_TOLD:
            sys.stderr.write(f"{process.name} runs again.\n")
        process.failures = 0

    def _spawn(self, process: Process) -> None:
        process.log.parent.mkdir(parents=True, exist_ok=True)
        with process.log.open("ab") as log:
            process.running = subprocess.Popen(  # noqa: S603  our own commands
                process.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        process.started_at = time.monotonic()

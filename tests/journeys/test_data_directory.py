"""An install on a disk that others use: they read nothing of it, and it goes on wherever it lies.

All of it is run as an operator runs it, whose own umask lets everyone read.
"""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.private import OTHERS
from tests.journeys.test_kill_api import free_port, wait_until_up
from tests.journeys.test_partner_journey import open_client, run, script_of_the_page

USUAL_UMASK = 0o022
NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can look as another user does")


@dataclass
class Install:
    """A data directory in a folder that others may enter, and what runs on it."""

    home: Path
    data: Path
    port: int
    log: Path  # of `timeback up` itself
    up: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Its temporary files lie where others may look, too."""
        return {
            name: value for name, value in os.environ.items() if name != "TIMEBACK_DATABASE_URL"
        } | {"TIMEBACK_DATA_DIR": str(self.data), "TMPDIR": str(self.home / "temporary")}

    def start(self) -> None:
        command = ["up", "--no-demo", "--no-dashboards", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "core.cli", *command],
                env=self.environment,
                umask=USUAL_UMASK,
                stdout=log,
                stderr=log,
            )
        wait_until_up(self.origin)

    def stop(self) -> None:
        if self.up is not None:
            self.up.send_signal(signal.SIGINT)
            assert self.up.wait(60) == 0
            self.up = None

    def timeback(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *arguments],
            env=self.environment,
            umask=USUAL_UMASK,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def entries_of(self, student: str, credentials: dict[str, str], count: int) -> list[float]:
        """XP of a student's entries, once there are so many."""
        with open_client(self.origin, credentials) as http:
            while True:
                answer = http.get(f"/xp/1.0/users/{student}/entries")
                found = answer.json().get("entries", []) if answer.is_success else []
                if len(found) >= count:
                    return sorted(entry["value"] for entry in found)
                time.sleep(0.2)

    def made(self) -> list[Path]:
        """Everything that was written."""
        return [
            path
            for place in (self.data, self.home / "temporary", self.home / "out")
            for path in place.rglob("*")
            if not path.is_symlink()
        ]


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """An install that took events, built them, wrote a bundle and an export, and runs."""
    with tempfile.TemporaryDirectory(prefix="timeback-home-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in ("temporary", "out"):
            (home / name).mkdir()
            (home / name).chmod(0o755)
        log = tmp_path_factory.mktemp("up") / "log"
        made = Install(home, home / "data", free_port(), log)
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="module")
def credentials(install: Install) -> dict[str, str]:
    """Of the partner whose events the install took."""
    bundle = str(install.home / "out" / "bundle")
    told = json.loads(install.timeback("partner", "create", "Rocket", "--json", "--out", bundle))
    partner = {"CLIENT_ID": told["client_id"], "CLIENT_SECRET": told["client_secret"]}
    run(script_of_the_page(install.origin)[0], partner)
    assert install.entries_of("ada", partner, 1) == [12]
    install.timeback("student", "export", "ada", "--out", str(install.home / "out" / "ada.zip"))
    install.timeback("sql", "--with-names", "select * from dim_students")
    return partner


@pytest.mark.usefixtures("credentials")
def test_everything_that_is_written_is_its_owners_alone(install: Install) -> None:
    made = install.made()
    names = {path.name for path in made}
    assert {"api.log", "ada.zip", "credentials.json", "PG_VERSION", "warehouse.duckdb"} <= names
    assert any(path.suffix == ".parquet" for path in made)
    assert [path for path in made if path.stat().st_mode & OTHERS] == []
    assert stat.S_IMODE(install.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(install.home.stat().st_mode) == 0o755


@AS_ROOT
@pytest.mark.usefixtures("credentials")
def test_another_user_reads_nothing_even_in_a_data_directory_that_is_open(
    install: Install,
) -> None:
    def readable() -> set[str]:
        found = subprocess.run(
            ["find", str(install.home), "-readable"],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        return set(found.stdout.splitlines())

    folders = {str(install.home), f"{install.home}/temporary", f"{install.home}/out"}
    assert readable() == folders
    install.data.chmod(0o755)
    assert readable() == folders | {str(install.data)}
    install.data.chmod(0o700)


def test_it_goes_on_where_it_was_copied_to(install: Install, credentials: dict[str, str]) -> None:
    install.stop()
    shutil.copytree(install.data, install.home / "restored")
    shutil.rmtree(install.data)
    install.data = install.home / "restored"
    answer = install.timeback(
        "sql", "--csv", "select cast(sum(xp) as int) as xp from fct_xp_ledger"
    )
    assert answer == "xp\n12\n"
    install.data.chmod(0o755)
    install.start()
    assert install.entries_of("ada", credentials, 1) == [12]
    write = script_of_the_page(install.origin)[0].replace("1a01", "1a02").replace(": 12}", ": 5}")
    run(write, credentials)
    assert install.entries_of("ada", credentials, 3) == [-12, 5, 12]  # the attempt graded anew
    install.stop()
    assert "the journal is empty" in install.timeback("load")
    assert "is published" in install.timeback("build")
    assert not (install.home / "data").exists()


def test_an_open_data_directory_was_named_with_the_command_that_closes_it(
    install: Install,
) -> None:
    log = install.log.read_text()
    assert f"can look into {install.data}. Close it: chmod 700 {install.data}\n" in log
    assert str(install.home / "data") not in log
    assert stat.S_IMODE(install.data.stat().st_mode) == 0o755  # to close it is the operator's

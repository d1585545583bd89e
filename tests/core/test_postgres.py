"""The embedded server runs while somebody uses it, also if another user was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

USE = "from core import context; from core.settings import Settings; context.prepare(Settings())"
USE_FOR_LONG = f"{USE}; print('ready', flush=True); import time; time.sleep(99)"


def servers_of(root: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(root / "postgres") in (process.info["cmdline"] or [])
    ]


def test_a_killed_user_does_not_keep_the_server_running(tmp_path: Path) -> None:
    environment = os.environ | {"TIMEBACK_DATA_DIR": str(tmp_path / "data")}
    environment.pop("TIMEBACK_DATABASE_URL", None)
    user = subprocess.Popen(
        [sys.executable, "-c", USE_FOR_LONG], env=environment, stdout=subprocess.PIPE
    )
    assert user.stdout is not None
    assert user.stdout.readline() == b"ready\n"
    user.send_signal(signal.SIGKILL)
    user.wait()
    assert servers_of(tmp_path / "data")
    subprocess.run([sys.executable, "-c", USE], env=environment, check=True)
    assert servers_of(tmp_path / "data") == []

"""The commit before builds ran a compiled plan, checked out beside this one to be timed with it."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.processes import ROOT
from tests.benchmarks.report import Report

COMMIT = "fdc869c"


@contextmanager
def checked_out(report: Report) -> Iterator[Path | None]:
    """A folder with that commit, gone afterwards; None, and a note, where it cannot be had."""
    with tempfile.TemporaryDirectory(prefix="timeback-former-") as folder:
        place = Path(folder) / COMMIT
        try:
            _git("worktree", "add", "--detach", str(place), COMMIT)
        except FileNotFoundError:
            report.note("The former commit is left out: there is no git here.")
            yield None
        except subprocess.CalledProcessError as error:
            report.note(f"The former commit is left out: {error.stderr.strip().splitlines()[-1]}")
            yield None
        else:
            try:
                yield place
            finally:
                _git("worktree", "remove", "--force", str(place))


def _git(*words: str) -> None:
    subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)

"""The dbt docs: one page about every model, column, rule and test, made anew when they change.

The page holds the project and the names and types of the lake's columns, no row and no statistic.
All of it is in one file, and its policy lets a browser load nothing else.
"""

import logging
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Self

from core.builds.project import PROJECT, hash_project
from core.builds.runner import run_dbt
from core.errors import AppError
from core.settings import Settings

logger = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
    " img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
HEAD = "<head>"
NICENESS = 19  # everything else goes first


class DocumentationFailedError(AppError):
    """dbt cannot write the docs."""

    status = 500
    code = "documentation_failed"


def latest_page(settings: Settings) -> Path | None:
    """The page that was written last, or None before the first build."""
    pages = sorted(folder(settings).glob("*.html"), key=lambda path: path.stat().st_mtime)
    return pages[-1] if pages else None


def folder(settings: Settings) -> Path:
    """Where pages lie: one, named by the hash of the project that it describes."""
    return settings.root / "dbt-docs"


def write_page(settings: Settings, project: Path = PROJECT) -> Path:
    """The page of the project as it is now, written if there is none yet; a build must exist."""
    page = folder(settings) / f"{hash_project(project)[:16]}.html"
    if page.exists():
        return page
    page.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as target:
        command = ["docs", "generate", "--static"]
        result = run_dbt(settings, command, Path(target), project=project, is_quiet=True)
        if not result.success:
            raise DocumentationFailedError(f"dbt docs failed: {result.exception or 'see its log'}")
        text = (Path(target) / "static_index.html").read_text()
    policy = f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    part = page.with_suffix(".part")
    part.write_text(text.replace(HEAD, policy, 1))
    part.replace(page)
    for other in page.parent.glob("*.html"):
        if other != page:
            other.unlink(missing_ok=True)
    return page


class PageKeeper:
    """Keeps the page current beside the builds, in a process of its own that may fail alone."""

    def __init__(self, settings: Settings, project: Path = PROJECT) -> None:
        self._settings = settings
        self._project = project
        self._tried: str | None = None
        self._writing: subprocess.Popen[bytes] | None = None

    def keep_current(self) -> None:
        """Begin to write the page if the project is not the one that was described last."""
        if self._writing is not None and self._writing.poll() is None:
            return
        digest = hash_project(self._project)
        if digest == self._tried:
            return
        self._tried = digest
        self._writing = subprocess.Popen(
            [sys.executable, "-m", "core.cli", "docs", "--no-open"],
            env=os.environ | {"TIMEBACK_DATA_DIR": str(self._settings.root)},
            stdin=subprocess.DEVNULL,
            preexec_fn=partial(os.nice, NICENESS),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what is being written; the page that was there stays."""
        if self._writing is not None and self._writing.poll() is None:
            self._writing.terminate()
            self._writing.wait()

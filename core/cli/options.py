"""What every command shares: where the install lies, a prepared connection, readable failures."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console

from core import context
from core.errors import AppError
from core.settings import Settings

out = Console()
err = Console(stderr=True)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="TIMEBACK_DATA_DIR",
        help="The install's data directory.",
        show_default=".data",
        file_okay=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def load_settings(data: Path | None, **overrides: Any) -> Settings:
    """Settings from the environment, with what the command line says on top.

    They go back to the environment too, so that child processes see the same install.
    """
    if data is not None:
        overrides["data_dir"] = data.expanduser().resolve()
    for name, value in overrides.items():
        os.environ[f"TIMEBACK_{name.upper()}"] = str(value)
    return Settings()


def running_origin(settings: Settings) -> str:
    """Where this install's API was last started, unless `TIMEBACK_PUBLIC_URL` says it."""
    kept = settings.root / "origin"
    return kept.read_text() if settings.public_url is None and kept.exists() else settings.origin


@contextmanager
def transaction(settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    """One transaction on a prepared install."""
    with psycopg.connect(context.prepare(settings)) as connection:
        yield connection


@contextmanager
def readable_failures() -> Iterator[None]:
    """Print a refusal as one plain line and end with exit code 1."""
    try:
        yield
    except AppError as error:
        err.print(f"[bold red]✗[/] {error.detail}", highlight=False)
        for fault in error.faults:
            err.print(f"  {fault.path}: {fault.message}", highlight=False)
        raise typer.Exit(1) from None

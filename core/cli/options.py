"""What every command shares: where the install lies, a prepared connection, readable failures."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from core import context
from core.errors import AppError
from core.private import open_folders
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


def tell_if_open(settings: Settings) -> None:
    """Say which folders with children's data others can look into, and how to close them."""
    for folder in open_folders(settings):
        err.print(
            f"[bold yellow]![/] Other users of this machine can look into {escape(str(folder))}."
            f" Close it: chmod 700 {escape(shlex.quote(str(folder)))}",
            highlight=False,
            soft_wrap=True,
        )


@contextmanager
def readable_failures() -> Iterator[None]:
    """Print a refusal as one plain line and end with exit code 1."""
    try:
        yield
    except AppError as error:
        err.print(f"[bold red]✗[/] {escape(error.detail)}", highlight=False, soft_wrap=True)
        for fault in error.faults:
            err.print(f"  {escape(fault.path)}: {escape(fault.message)}", highlight=False)
        raise typer.Exit(1) from None

"""`timeback build`, `load` and `status`: the warehouse by hand."""

from typing import Annotated

import psycopg
import typer
from rich.table import Table

from core import context
from core.builds import locks, registry, requests
from core.builds.build import Builder
from core.builds.status import read_status
from core.cli.draining import drain
from core.cli.options import DataDir, err, load_settings, out, readable_failures


def build(
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Derive everything anew from the raw events.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Run dbt and its tests, and publish; exit code 1 and no change for readers if any fails."""
    settings = load_settings(data)
    with (
        readable_failures(),
        err.status("Building…"),
        psycopg.connect(context.prepare(settings), autocommit=True) as connection,
    ):
        if locks.try_hold(connection, locks.BUILD):
            locks.release(connection, locks.BUILD)
            with Builder(settings).open() as builder:
                build_id = builder.build(full_refresh=full_refresh).build_id
        else:
            build_id = requests.request_build(connection, full_refresh=full_refresh)
    out.print(f"Build {build_id} is published.")


def load(data: DataDir = None) -> None:
    """Move everything that waits in the journal into the lake, now."""
    settings = load_settings(data)
    url = context.prepare(settings)
    with err.status("Loading…"):
        count = drain(settings, url)
    out.print(f"{count:,} rows loaded; the journal is empty.")


def status(data: DataDir = None) -> None:
    """Print journal depth, last load, last build and freshness."""
    settings = load_settings(data)
    with psycopg.connect(context.prepare(settings)) as connection:
        now = read_status(connection)
        latest = registry.latest(connection)
    table = Table(show_header=False)
    table.add_row("Events waiting in the journal", f"{now.waiting_events:,}")
    table.add_row("Last load", f"{now.last_load_id} at {now.loaded_at or 'never'}")
    if latest is not None:
        table.add_row("Last build", f"{latest.build_id} at {latest.finished_at:%F %T %Z}")
        table.add_row("Data as of", f"{latest.as_of:%F %T %Z}")
    else:
        table.add_row("Last build", "none yet: run `timeback build`")
    table.add_row("Failed builds since", str(now.failed_builds))
    out.print(table)

"""`timeback keys`: the keys that sign tokens."""

import json
from typing import Annotated

import typer
from rich.table import Table

from core.cli.options import AsJson, DataDir, load_settings, out, transaction
from core.identity import keys

keys_app = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")


@keys_app.command("rotate")
def rotate_keys(
    now: Annotated[
        bool, typer.Option("--now", help="A key leaked: replace both, so that every token dies.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Make a new key and retire all but it and the one before.

    The new key signs after 5 minutes, when everyone who keeps a copy of our keys knows it.
    Tokens of a retired key are refused within a minute.
    """
    with transaction(load_settings(data)) as connection:
        kid = keys.rotate(connection)
        if now:
            kid = keys.rotate(connection)
    out.print(f"New key {kid}.", highlight=False)


@keys_app.command("list")
def list_keys(as_json: AsJson = False, data: DataDir = None) -> None:
    """List every key with its standing, the newest first."""
    with transaction(load_settings(data)) as connection:
        known = keys.list_keys(connection)
    rows = [
        {
            "kid": key.kid,
            "created_at": key.created_at.isoformat(timespec="seconds"),
            "status": "retired" if key.retired_at else "signing" if key.is_signing else "verifying",
        }
        for key in known
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    table = Table("kid", "created_at", "status")
    for row in rows:
        table.add_row(*row.values())
    out.print(table)

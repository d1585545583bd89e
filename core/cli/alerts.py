"""`timeback alerts`: the digests of guides and parents, and who wants none."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from api.alerts.composers import composers
from core import audit, context
from core.alerts import loop, outbox
from core.alerts.sending import Sender
from core.cli.options import DataDir, err, load_settings, out, readable_failures, transaction
from core.settings import Settings

alerts_app = typer.Typer(
    no_args_is_help=True, help="Daily digests of guides, weekly ones of parents."
)


def sender_of(settings: Settings) -> Sender:
    """Who sends the alerts of this install."""
    return Sender(settings, context.prepare(settings), composers(settings.dashboards_origin))


@contextmanager
def sent_beside(settings: Settings, stop: threading.Event) -> Iterator[None]:
    """Send what becomes due, beside something else that runs until `stop`."""
    thread = threading.Thread(
        target=loop.run, args=(sender_of(settings), stop), name="alerts", daemon=True
    )
    thread.start()
    yield


@alerts_app.command("send")
def send(
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Of this local day, whatever the hour; else what is due now.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Send the alerts that are due and were not sent; the running product does so by itself.

    The exit code is 1 if one could not be sent.
    """
    settings = load_settings(data)
    with readable_failures(), err.status("Writing alerts…"):
        written = sender_of(settings).send_due(on=on.date() if on else None, is_dry=dry_run)
    if not written:
        out.print("Nothing is due that was not written before.")
        return
    table = Table("to", "kind", "day", "status", "subject")
    for one in written:
        table.add_row(one.recipient, one.kind, str(one.local_on), one.status, one.subject)
    out.print(table)
    if any(one.status in {"failed", "uncertain"} for one in written):
        raise typer.Exit(1)


@alerts_app.command("mute")
def mute(email: str, data: DataDir = None) -> None:
    """Write someone no more alerts."""
    _set_muted(email, load_settings(data), is_muted=True)
    out.print(f"{email} gets no alerts.")


@alerts_app.command("unmute")
def unmute(email: str, data: DataDir = None) -> None:
    """Write someone alerts again."""
    _set_muted(email, load_settings(data), is_muted=False)
    out.print(f"{email} gets alerts again.")


def _set_muted(email: str, settings: Settings, *, is_muted: bool) -> None:
    with readable_failures(), transaction(settings) as connection:
        person_id = outbox.set_muted(connection, email, is_muted=is_muted)
        action = "alert.mute" if is_muted else "alert.unmute"
        audit.record_operator(connection, action, {"person_id": person_id})

"""What becomes of a client: `timeback partner rotate`, `revoke`, `promote` and `scopes`."""

from datetime import timedelta
from typing import Annotated, Literal

import typer

from core import audit
from core.cli.options import AsJson, DataDir, load_settings, out, readable_failures, transaction
from core.cli.partners import print_handover
from core.identity import lifecycle

ClientId = Annotated[str, typer.Argument(help="The client_id, as `partner list` shows it.")]


def rotate(
    client_id: ClientId,
    now: Annotated[bool, typer.Option("--now", help="End the former secret at once.")] = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Give a client a new secret; the former one stays good for some days, unless --now."""
    settings = load_settings(data)
    grace = timedelta(days=0 if now else settings.rotated_secret_days)
    with readable_failures(), transaction(settings) as connection:
        new, former_ends_at = lifecycle.rotate_secret(connection, client_id, grace=grace)
        ends = former_ends_at.isoformat(timespec="seconds") if former_ends_at else None
        audit.record_operator(
            connection, "client.rotate", {"client_id": client_id, "former_secret_ends": ends}
        )
    shown = {
        "client_id": client_id,
        "client_secret": new.client_secret,
        "former_secret_ends": ends or "now",
    }
    print_handover(f"{new.client.name}: new secret", shown, as_json=as_json)


def revoke(client_id: ClientId, data: DataDir = None) -> None:
    """End a client for good: no new token, and those it has are refused from now on."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        client = lifecycle.revoke_client(connection, client_id)
        audit.record_operator(connection, "client.revoke", {"client_id": client_id})
    out.print(f"{client.name} ({client_id}) is revoked; what it sent and published stays.")


def promote(client_id: ClientId, data: DataDir = None) -> None:
    """Take a testing client to production: it writes no users, classes or enrollments any more."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        client = lifecycle.promote_client(connection, client_id)
        audit.record_operator(connection, "client.promote", {"client_id": client_id})
    out.print(
        f"{client.name} ({client_id}) is a production client. The users that it made for testing"
        " stay in the sandbox, out of every school's figures."
    )


def scopes(
    client_id: ClientId,
    mode: Annotated[
        Literal["granted", "requested"],
        typer.Argument(help="A token carries all of the client's scopes, or those it asks for."),
    ],
    data: DataDir = None,
) -> None:
    """Say which scopes a client's tokens carry."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        client = lifecycle.set_scope_mode(connection, client_id, mode)
        audit.record_operator(
            connection, "client.scopes", {"client_id": client_id, "scope_mode": mode}
        )
    carried = "all of its scopes" if mode == "granted" else "the scopes that it asks for"
    out.print(f"Tokens of {client.name} ({client_id}) carry {carried}.")

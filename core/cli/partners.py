"""`timeback partner` and `timeback client`: backends that may call the API."""

import json
from typing import Annotated

import typer
from rich.table import Table

from core.access import ClientMode
from core.cli.options import (
    AsJson,
    DataDir,
    load_settings,
    out,
    readable_failures,
    running_origin,
    transaction,
)
from core.identity import clients, login_clients
from core.settings import Settings

partner_app = typer.Typer(no_args_is_help=True, help="Partners who build learning apps.")
client_app = typer.Typer(no_args_is_help=True, help="Alpha's own backends.")

RedirectUris = Annotated[
    list[str] | None,
    typer.Option("--redirect-uri", help="Where Sign in with TimeBack returns to (repeatable)."),
]


def bundle(settings: Settings, new: clients.NewClient) -> dict[str, object]:
    """What a partner is handed: credentials and addresses. The secret is shown only here."""
    origin = running_origin(settings)
    return {
        "client_id": new.client.client_id,
        "client_secret": new.client_secret,
        "token_url": f"{origin}/auth/1.0/token",
        "base_url": origin,
        "scopes": new.client.scopes,
        "org": new.client.org_id,
    }


def hand_over(
    settings: Settings, name: str, mode: ClientMode, redirect_uris: list[str] | None, as_json: bool
) -> None:
    """Create a client and print its bundle."""
    with readable_failures(), transaction(settings) as connection:
        new = clients.create_client(connection, name, mode=mode)
        if redirect_uris:
            login_clients.create_login_client(
                connection, name,
                partner_client_id=new.client.client_id, redirect_uris=redirect_uris,
            )  # fmt: skip
    made = bundle(settings, new)
    if as_json:
        typer.echo(json.dumps(made))
        return
    table = Table(title=f"{name} ({mode})", show_header=False)
    for key, value in made.items():
        table.add_row(key, " ".join(value) if isinstance(value, list) else str(value or "–"))
    out.print(table)
    out.print("Keep the secret now: it is stored only as a hash and never shown again.")


@partner_app.command("create")
def create_partner(
    name: Annotated[str, typer.Argument(help="The partner's name, as schools know it.")],
    testing: Annotated[
        bool,
        typer.Option(
            "--testing/--production",
            help="A testing client may also make users, classes and enrollments in its sandbox.",
        ),
    ] = True,
    redirect_uri: RedirectUris = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Register a partner's backend and print its bundle."""
    mode: ClientMode = "testing" if testing else "production"
    hand_over(load_settings(data), name, mode, redirect_uri, as_json)


@partner_app.command("list")
def list_partners(as_json: AsJson = False, data: DataDir = None) -> None:
    """List every client with its mode and standing."""
    with transaction(load_settings(data)) as connection:
        known = clients.list_clients(connection)
    if as_json:
        typer.echo(json.dumps([vars(client) for client in known]))
        return
    table = Table("client_id", "name", "mode", "status", "scopes")
    for client in known:
        table.add_row(
            client.client_id, client.name, client.mode, client.status, " ".join(client.scopes)
        )
    out.print(table)


@client_app.command("create")
def create_client(
    name: Annotated[str, typer.Argument(help="What this backend is, for example: roster sync.")],
    admin: Annotated[
        bool, typer.Option("--admin", help="May write every record of the roster.")
    ] = False,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Register one of Alpha's own backends; it has to be an admin client."""
    if not admin:
        raise typer.BadParameter("say --admin; a partner's backend is made by `partner create`")
    hand_over(load_settings(data), name, "admin", None, as_json)

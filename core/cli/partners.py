"""`timeback partner` and `timeback client`: making and listing backends that may call the API."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.table import Column, Table

from core import audit
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
from core.identity.lifecycle import require_client
from core.partners.bundle import require_free, write_bundle
from core.partners.handover import Handover
from core.settings import Settings

MENDS = Path(__file__).parents[2] / "api" / "reports" / "mends.toml"
REJECTED_TOO = frozenset({"duplicate", "conflict", "missing_course", "missing_lesson", "other"})

partner_app = typer.Typer(no_args_is_help=True, help="Partners who build learning apps.")
client_app = typer.Typer(no_args_is_help=True, help="Alpha's own backends.")

RedirectUris = Annotated[
    list[str] | None,
    typer.Option("--redirect-uri", help="Where Sign in with TimeBack returns to (repeatable)."),
]
KEEP = "Keep the secrets now: they are stored only as hashes and never shown again."


def print_handover(title: str, shown: dict[str, Any], *, as_json: bool) -> None:
    """Print what is shown this once."""
    if as_json:
        typer.echo(json.dumps(shown))
        return
    table = Table(title=title, show_header=False)
    for key, value in shown.items():
        table.add_row(key, " ".join(value) if isinstance(value, list) else str(value or "–"))
    out.print(table)
    out.print(KEEP)


def shown_of(handover: Handover) -> dict[str, Any]:
    """What the command prints of a new client."""
    client, credentials = handover.new.client, handover.credentials()
    shown = {
        "client_id": client.client_id,
        "client_secret": handover.new.client_secret,
        "token_url": f"{handover.origin}/auth/1.0/token",
        "base_url": handover.origin,
        "scopes": client.scopes,
        "org": client.org_id,
    }
    login = credentials.get("login", {})
    return shown | {f"login_{key}": login[key] for key in ("client_id", "client_secret") if login}


def make_client(
    connection: psycopg.Connection[Any],
    settings: Settings,
    name: str,
    mode: ClientMode,
    redirect_uris: list[str] | None = None,
) -> Handover:
    """Register a backend, and its login client if it has redirect URIs; the audit log says so."""
    new = clients.create_client(connection, name, mode=mode)
    client_id = new.client.client_id
    login = None
    if redirect_uris:
        login = login_clients.create_login_client(
            connection, name, partner_client_id=client_id, redirect_uris=redirect_uris
        )
    audit.record_operator(
        connection,
        "client.create",
        {"client_id": client_id, "mode": mode, "redirect_uris": redirect_uris or []},
    )
    return Handover(new, login, running_origin(settings))


def write_files(folder: Path, handover: Handover, settings: Settings) -> None:
    """Write the partner's bundle, whose reference is that of the whole server."""
    from core.cli.server import create_app  # it imports every route

    mends = {
        reason: mend
        for reason, mend in tomllib.loads(MENDS.read_text()).items()
        if reason not in REJECTED_TOO
    }
    document = create_app(settings).openapi()
    write_bundle(folder, handover, settings, document=document, mends=mends)


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
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "--out", file_okay=False, help="Folder for the bundle.", show_default="timeback-NAME"
        ),
    ] = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Register a partner's backend and write the bundle that you hand over."""
    settings = load_settings(data)
    mode: ClientMode = "testing" if testing else "production"
    with readable_failures(), transaction(settings) as connection:
        handover = make_client(connection, settings, name, mode, redirect_uri)
        folder = (out_folder or Path(f"timeback-{handover.prefix}")).absolute()
        require_free(folder)
        write_files(folder, handover, settings)
    shown = {**shown_of(handover), "folder": str(folder)}
    print_handover(f"{name} ({mode})", shown, as_json=as_json)
    if not as_json:
        out.print(f"Hand over {folder}: it begins with getting-started.html.", highlight=False)


@partner_app.command("login")
def add_login(
    client_id: Annotated[str, typer.Argument(help="The partner's client_id.")],
    redirect_uri: RedirectUris = None,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Register an app of a partner for Sign in with TimeBack, and print its credentials."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        partner = require_client(connection, client_id)
        new = login_clients.create_login_client(
            connection, partner.name, partner_client_id=client_id, redirect_uris=redirect_uri or []
        )
        audit.record_operator(
            connection,
            "client.login",
            {
                "client_id": client_id,
                "login_client_id": new.client.client_id,
                "redirect_uris": new.client.redirect_uris,
            },
        )
    shown = {
        "client_id": new.client.client_id,
        "client_secret": new.client_secret,
        "redirect_uris": new.client.redirect_uris,
    }
    print_handover(f"{partner.name}: Sign in with TimeBack", shown, as_json=as_json)


@partner_app.command("list")
def list_partners(as_json: AsJson = False, data: DataDir = None) -> None:
    """List every client with its mode and standing."""
    with transaction(load_settings(data)) as connection:
        known = clients.list_clients(connection)
    if as_json:
        typer.echo(json.dumps([vars(client) for client in known]))
        return
    table = Table(Column("client_id", no_wrap=True), "name", "mode", "status", "scopes of a token")
    for client in known:
        carried = "all" if client.scope_mode == "granted" else "requested"
        table.add_row(client.client_id, client.name, client.mode, client.status, carried)
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
    settings = load_settings(data)
    with readable_failures(), transaction(settings) as connection:
        handover = make_client(connection, settings, name, "admin")
    print_handover(f"{name} (admin)", shown_of(handover), as_json=as_json)

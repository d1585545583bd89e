"""`timeback person grant` and `timeback person revoke`: what a login may do beyond its roles."""

from typing import Annotated, Literal

import typer

from core.analysis import grants
from core.cli.options import DataDir, load_settings, out, readable_failures, transaction

What = Annotated[
    Literal["names"],
    typer.Argument(help="names: names, e-mails, comments and raw events, by SQL over HTTP."),
]


def grant(email: str, what: What, data: DataDir = None) -> None:
    """Allow a person who may run SQL to read what is personal; goes into the audit log."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        grants.grant_names(connection, email)
    out.print(f"{email} may read {what}.")


def revoke(email: str, what: What, data: DataDir = None) -> None:
    """Take a grant back, from the next query on; goes into the audit log."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        grants.revoke_names(connection, email)
    out.print(f"{email} may no longer read {what}.")


def add_to(person_app: typer.Typer) -> None:
    """Serve both as commands about people."""
    person_app.command("grant")(grant)
    person_app.command("revoke")(revoke)

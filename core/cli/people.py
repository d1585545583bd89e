"""`timeback admin`, `timeback person` and `timeback roster`: people and real rosters."""

import csv
import secrets
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.progress import track

from core import audit
from core.cli.options import DataDir, err, load_settings, out, readable_failures, transaction
from core.errors import AppError
from core.identity import people
from core.registry import oneroster_csv

admin_app = typer.Typer(no_args_is_help=True, help="Platform admins, who see everything.")
person_app = typer.Typer(no_args_is_help=True, help="People who sign in to the dashboards.")
roster_app = typer.Typer(no_args_is_help=True, help="Rosters of schools.")

Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="TIMEBACK_PASSWORD",
        help="At least 10 characters; asked for if not given.",
    ),
]


def note_person(connection: psycopg.Connection[Any], person: people.Person) -> None:
    """Write down who may sign in from now on, and as what; no address."""
    audit.record_operator(
        connection,
        "person.create",
        {"person_id": str(person.person_id), "new_roles": sorted(person.roles)},
    )


@admin_app.command("create")
def create_admin(email: str, password: Password, data: DataDir = None) -> None:
    """Make a platform admin: the first person of an install."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        note_person(
            connection, people.create_person(connection, email, password, is_platform_admin=True)
        )
    out.print(f"{email} can sign in and sees everything.")


@person_app.command("create")
def create_person(
    email: str,
    password: Password,
    user: Annotated[
        str | None, typer.Option(help="sourcedId of their OneRoster user, which gives their roles.")
    ] = None,
    client: Annotated[
        str | None, typer.Option(help="client_id of the partner they work for.")
    ] = None,
    analyst: Annotated[bool, typer.Option(help="May run SQL over the marts.")] = False,
    data: DataDir = None,
) -> None:
    """Give someone a login."""
    with readable_failures(), transaction(load_settings(data)) as connection:
        person = people.create_person(
            connection, email, password, user_id=user, client_id=client, is_analyst=analyst
        )
        note_person(connection, person)
    out.print(f"{person.email} can sign in as {', '.join(sorted(person.roles)) or 'nobody yet'}.")


@person_app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    data: DataDir = None,
) -> None:
    """Give logins to many: a CSV with the columns email, user and, if wanted, password.

    Prints email,password for those whose password was made here. A line that cannot be taken is
    named and skipped; the exit code is then 1.
    """
    failed = 0
    with file.open(newline="") as lines, transaction(load_settings(data)) as connection:
        rows = list(csv.DictReader(lines))
        for number, row in enumerate(track(rows, "People", console=err), start=2):
            password = row.get("password") or secrets.token_urlsafe(12)
            try:
                with connection.transaction():
                    person = people.create_person(
                        connection, row["email"], password, user_id=row.get("user") or None
                    )
                    note_person(connection, person)
            except (AppError, KeyError) as error:
                failed += 1
                reason = error.detail if isinstance(error, AppError) else f"no column {error}"
                err.print(f"{file}:{number}: {reason}", highlight=False)
                continue
            if not row.get("password"):
                typer.echo(f"{row['email']},{password}")
    if failed:
        raise typer.Exit(1)


@roster_app.command("import")
def import_roster(
    bundle: Annotated[
        Path, typer.Argument(exists=True, readable=True, help="A folder of CSV files, or a .zip.")
    ],
    data: DataDir = None,
) -> None:
    """Import a OneRoster 1.2 CSV bundle (orgs, users, roles, courses, classes, enrollments).

    What a file does not say stays as it is: a column that is not there, a record that it does not
    name. `tobedeleted` (or `inactive`) ends a record; such a line needs only its id. A user's own
    line names everyone who is linked to them (agentSourcedIds): the links to others end. A user's
    lines in roles.csv are all of their roles, unless manifest.csv calls the file `delta`.

    Where manifest.csv calls users, roles, classes or enrollments `bulk`, what earlier imports
    brought for the same schools and the file does not name ends. Without a manifest, and in a
    `delta`, it stays.

    A line that cannot be taken is named with its file, line and reason, and skipped; the exit
    code is then 1. Importing again changes only what differs.
    """
    with readable_failures(), transaction(load_settings(data)) as connection:
        report = oneroster_csv.import_folder(connection, bundle)
    for line in report.errors:
        err.print(line, highlight=False, markup=False, soft_wrap=True)
    if report.unread:
        err.print(f"Not kept here, so not read: {', '.join(report.unread)}.", markup=False)
    ended = f" ({report.ended} of them ended)" if report.ended else ""
    out.print(f"{report.written} records written{ended}, {len(report.errors)} lines refused.")
    if report.errors:
        raise typer.Exit(1)

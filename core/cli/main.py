"""The `timeback` command."""

from typing import Any

import typer
from typer.core import TyperGroup

from core.cli import (
    alerts,
    dbt,
    explain,
    grants,
    keys,
    lifecycle,
    partners,
    people,
    prove,
    services,
    simulate,
    sql,
    students,
    up,
    warehouse,
)
from core.cli.options import readable_failures
from core.private import keep_private


class Command(TyperGroup):
    """Every command: what it writes is its user's alone, and what it refuses it says plainly."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was called."""
        keep_private()
        with readable_failures():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Command,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Learning events in; sessions, XP, gradebook and mastery out.",
)
app.command()(up.up)
app.add_typer(partners.partner_app, name="partner")
app.add_typer(partners.client_app, name="client")
for clients in (partners.partner_app, partners.client_app):
    clients.command()(lifecycle.rotate)
    clients.command()(lifecycle.revoke)
partners.partner_app.command()(lifecycle.promote)
partners.partner_app.command()(lifecycle.scopes)
app.add_typer(keys.keys_app, name="keys")
app.add_typer(people.admin_app, name="admin")
app.add_typer(people.person_app, name="person")
grants.add_to(people.person_app)
app.add_typer(people.roster_app, name="roster")
app.add_typer(students.student_app, name="student")
app.command()(warehouse.load)
app.command()(warehouse.build)
app.command()(prove.prove)
app.command()(sql.sql)
app.command()(warehouse.status)
app.add_typer(explain.explain_app, name="explain")
app.command()(dbt.docs)
app.command(context_settings=dbt.PASS_ON)(dbt.dbt)
app.command()(simulate.simulate)
app.add_typer(alerts.alerts_app, name="alerts")
app.add_typer(services.services_app, name="run")

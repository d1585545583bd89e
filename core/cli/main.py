"""The `timeback` command."""

import typer

from core.cli import (
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

app = typer.Typer(
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
app.add_typer(services.services_app, name="run")

"""What `timeback up` tells a person once everything runs."""

from rich.panel import Panel
from rich.table import Table

from core.cli.demo import Demo
from core.cli.options import out
from core.settings import Settings


def print_welcome(settings: Settings, demo: Demo | None, *, with_dashboards: bool) -> None:
    """Say where everything is and what to try first."""
    places = Table.grid(padding=(0, 2))
    if with_dashboards:
        places.add_row("Dashboards", settings.dashboards_origin)
    places.add_row("API reference", f"{settings.origin}/docs")
    places.add_row("API", settings.origin)
    out.print(Panel(places, title="TimeBack is up", expand=False))
    if demo is None:
        out.print("Make the first admin:    timeback admin create you@school.org")
        out.print("Import a real roster:    timeback roster import FOLDER-OR-ZIP")
        out.print('Make a partner:          timeback partner create "Their app"')
    else:
        people = Table("role", "name", "e-mail", title=f"Demo sign-ins, password {demo.password}")
        for sign_in in demo.sign_ins:
            people.add_row(sign_in.role, sign_in.name, sign_in.email)
        out.print(people)
        name, client_id, secret = demo.partners[0]
        out.print(f"Try the API as {name}:", highlight=False)
        out.print(
            f"  TOKEN=$(curl -s -u {client_id}:{secret} -d grant_type=client_credentials"
            f' {settings.origin}/auth/1.0/token | sed \'s/.*access_token":"\\([^"]*\\).*/\\1/\')\n'
            f'  curl -s -H "Authorization: Bearer $TOKEN"'
            f" '{settings.origin}/rostering/1.0/courses?limit=2'",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    out.print("Ctrl-C stops everything and keeps the data.")

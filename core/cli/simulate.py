"""`timeback simulate`: students who learn, through the HTTP API."""

from datetime import datetime
from typing import Annotated

import psycopg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from core import context
from core.cli.options import DataDir, err, load_settings, out, running_origin
from core.identity import clients
from core.simulation.client import Credentials, SimulationError
from core.simulation.plan import SimulationPlan
from core.simulation.play import play_history


def simulate(
    students: Annotated[int, typer.Option(min=2, help="Students, over two schools.")] = 60,
    days: Annotated[int, typer.Option(min=1, help="Days of history before today.")] = 21,
    seed: Annotated[int, typer.Option(help="The same seed plays the same school.")] = 1,
    url: Annotated[
        str | None, typer.Option(help="The API to play against; by default this install's.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Play schools, students and three partner apps against a running API.

    Registers an admin client and three partner clients in this install's database, so run it
    where the data directory (or TIMEBACK_DATABASE_URL) is the API's.
    """
    settings = load_settings(data)
    plan = SimulationPlan(students=students, days=days, seed=seed)
    with psycopg.connect(context.prepare(settings)) as connection:
        admin = clients.create_client(connection, "Simulated roster", mode="admin")
        partners = [
            clients.create_client(connection, app.name, mode="production") for app in plan.apps
        ]
    credentials = [Credentials(new.client.client_id, new.client_secret) for new in partners]
    alpha = Credentials(admin.client.client_id, admin.client_secret)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, TaskID] = {}

        def show(done: int, total: int, label: str) -> None:
            kind = label.split(" (")[0]
            if kind not in tasks:
                tasks[kind] = bars.add_task(label)
            bars.update(tasks[kind], completed=done, total=total, description=label)

        try:
            until: datetime = play_history(
                url or running_origin(settings), alpha, credentials, plan, show
            )
        except SimulationError as error:
            err.print(f"[bold red]✗[/] {error}", highlight=False)
            raise typer.Exit(1) from None
    out.print(f"Played {students} students up to {until:%F %T} UTC.")

"""`timeback simulate`: students who learn, through the HTTP API."""

from typing import Annotated

import typer

from core.cli import demo as demos
from core.cli.options import DataDir, err, load_settings, out, running_origin
from core.cli.stages import stage_bars
from core.simulation.client import SimulationError
from core.simulation.plan import SimulationPlan


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

    Registers an admin client and three partner clients in this install's database, once, so run
    it where the data directory (or TIMEBACK_DATABASE_URL) is the API's. Playing again is safe;
    `timeback up` goes on from where it ended.
    """
    settings = load_settings(data)
    plan = SimulationPlan(students=students, days=days, seed=seed)
    demo = demos.make_demo(settings, plan)
    with stage_bars() as show:
        try:
            until = demos.play_past(
                settings, demo, plan, show, api_url=url or running_origin(settings)
            )
        except SimulationError as error:
            err.print(f"[bold red]✗[/] {error}", highlight=False)
            raise typer.Exit(1) from None
    out.print(f"Played {students} students up to {until:%F %T} UTC.")
    out.print(f"Its people sign in with the password {demo.password}:", highlight=False)
    for sign_in in demo.sign_ins:
        out.print(f"  {sign_in.email} ({sign_in.role})", highlight=False)

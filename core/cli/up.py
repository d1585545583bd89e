"""`timeback up`: the whole product in one foreground command."""

import os
import signal
import socket
import sys
import threading
from typing import Annotated, Any

import psycopg
import typer
from rich.markup import escape

from core import context
from core.builds import registry
from core.cli import demo as demos
from core.cli.options import DataDir, err, load_settings, out, readable_failures, tell_if_open
from core.cli.stages import Show, stage_bars
from core.cli.supervisor import Supervisor
from core.cli.waiting import (
    BuildWatch,
    StoppedError,
    ask_database,
    pause,
    wait_for_answer,
    wait_for_build,
    wait_for_loader,
)
from core.cli.welcome import print_welcome
from core.settings import Settings
from core.simulation.client import SimulationError
from core.simulation.plan import SimulationPlan

FIGURES = "Sessions, XP, gradebook and mastery"
REPLAY_SECONDS = 10.0


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the API.")] = 8000,
    dashboards_port: Annotated[int, typer.Option(help="Port of the dashboards.")] = 8501,
    data: DataDir = None,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="An empty install.")] = False,
    no_dashboards: Annotated[bool, typer.Option("--no-dashboards", help="API only.")] = False,
) -> None:
    """Run the API, loader, builds and dashboards until Ctrl-C; the first time, play the demo."""
    settings = load_settings(data, host=host, port=port, dashboards_port=dashboards_port)
    for name, number in (("API", port), ("dashboards", dashboards_port)):
        if not (no_dashboards and name == "dashboards"):
            refuse_taken_port(host, number, name)
    with readable_failures(), err.status("Starting PostgreSQL…"):
        url = context.prepare(settings)
    tell_if_open(settings)
    (settings.root / "origin").write_text(settings.origin)
    supervisor = Supervisor(
        os.environ
        | {
            "TIMEBACK_DATABASE_URL": url,
            "TIMEBACK_API_URL": settings.origin,
            "PYTHONUNBUFFERED": "1",
        }
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stopping.set())
    try:
        start(supervisor, settings, url, with_demo=not no_demo, with_dashboards=not no_dashboards)
        supervisor.stopping.wait()
    except StoppedError:
        pass
    finally:
        with err.status("Stopping…"):
            supervisor.stop()
    out.print("Stopped; your data is kept.")


def refuse_taken_port(host: str, port: int, name: str) -> None:
    """Exit with a plain message if something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            option = "--port" if name == "API" else "--dashboards-port"
            err.print(f"Port {port} for the {name} is not free ({error.strerror}); use {option}.")
            raise typer.Exit(2) from None


def tell(text: str) -> None:
    """Say what goes wrong while the rest goes on, above a bar that is being drawn."""
    err.print(f"[bold yellow]![/] {escape(text)}", highlight=False, soft_wrap=True)


def start(
    supervisor: Supervisor, settings: Settings, url: str, *, with_demo: bool, with_dashboards: bool
) -> None:
    """Start every process, play the demo's past if it is new, and tell how to go on.

    Each is waited for as long as it takes. StoppedError when the person stops it.
    """
    logs = settings.root / "logs"
    timeback = [sys.executable, "-m", "core.cli"]
    services = ("api", "loader", "builds", *(("dashboards",) if with_dashboards else ()))
    for service in services:
        supervisor.start(service, [*timeback, "run", service], logs / f"{service}.log")
    supervisor.watch()
    stopping = supervisor.stopping
    with err.status("Starting the API…"):
        health = f"http://{settings.reachable_host}:{settings.port}/health"
        wait_for_answer(stopping, health, "The API", logs / "api.log", tell)
    demo = None
    if with_demo:
        plan = SimulationPlan()
        demo = demos.make_demo(settings, plan)
        if not demos.is_played(settings):
            play_demo(stopping, settings, url, demo, plan)
        supervisor.start("demo", [*timeback, "run", "demo"], logs / "demo.log")
    wait_for_first_build(stopping, settings, url)
    if with_dashboards:
        health = f"http://{settings.reachable_host}:{settings.dashboards_port}/_stcore/health"
        with err.status("Starting the dashboards…"):
            wait_for_answer(stopping, health, "The dashboards", logs / "dashboards.log", tell)
    print_welcome(settings, demo, with_dashboards=with_dashboards)


def wait_for_first_build(stopping: threading.Event, settings: Settings, url: str) -> None:
    """Wait with a progress bar until a build is published; return at once if one is."""
    if ask_database(stopping, url, has_build, tell):
        return
    taking = f"The API takes events at {settings.origin}; figures come with the first build."
    err.print(taking, highlight=False, soft_wrap=True)
    with stage_bars() as show:
        watch = BuildWatch("The first build", show, tell)
        wait_for_build(stopping, url, has_build, watch, tell)


def has_build(connection: psycopg.Connection[Any]) -> bool:
    """Whether a build is published."""
    return registry.latest(connection) is not None


def play_demo(
    stopping: threading.Event, settings: Settings, url: str, demo: demos.Demo, plan: SimulationPlan
) -> None:
    """Play the demo's past with a progress bar, and wait until it is on the dashboards."""
    with stage_bars() as draw:

        def show(done: int, total: int | None, label: str) -> None:
            if stopping.is_set():
                raise StoppedError
            draw(done, total, label)

        while not is_past_played(stopping, settings, demo, plan, show):
            pause(stopping, REPLAY_SECONDS)
        loaded = wait_for_loader(stopping, url, show, tell)
        wait_for_build(
            stopping,
            url,
            lambda connection: registry.last_load_of_latest(connection) >= loaded,
            BuildWatch(FIGURES, show, tell),
            tell,
        )


def is_past_played(
    stopping: threading.Event,
    settings: Settings,
    demo: demos.Demo,
    plan: SimulationPlan,
    show: Show,
) -> bool:
    """Play the demo's past, and tell why if that breaks off; what was sent counts once."""
    try:
        demos.play_past(settings, demo, plan, show, stop=stopping)
    except SimulationError as error:
        if stopping.is_set():
            raise StoppedError from None
        tell(f"The demo broke off: {error}\nIt is played again in {REPLAY_SECONDS:g} s.")
        return False
    return True

"""`timeback up`: the whole product in one foreground command."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import httpx
import psycopg
import typer
from rich.markup import escape

from core import context
from core.builds import registry
from core.builds.status import read_status
from core.cli import demo as demos
from core.cli.options import DataDir, err, load_settings, out, readable_failures
from core.cli.stages import stage_bars
from core.cli.supervisor import Supervisor
from core.cli.welcome import print_welcome
from core.settings import Settings
from core.simulation.client import SimulationError
from core.simulation.plan import SimulationPlan

START_SECONDS = 60.0
POLL_SECONDS = 0.2


class StartError(RuntimeError):
    """A process did not become ready."""


class StoppedError(Exception):
    """The person pressed Ctrl-C while the product was starting."""


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
    except (SimulationError, StartError) as error:
        err.print(f"[bold red]✗[/] {escape(str(error))}")
        raise typer.Exit(1) from None
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


def start(
    supervisor: Supervisor, settings: Settings, url: str, *, with_demo: bool, with_dashboards: bool
) -> None:
    """Start every process, play the demo's past if it is new, and tell how to go on."""
    logs = settings.root / "logs"
    timeback = [sys.executable, "-m", "core.cli"]
    for service in ("api", "loader", "builds"):
        supervisor.start(service, [*timeback, "run", service], logs / f"{service}.log")
    if with_dashboards:
        dashboards = [*timeback, "run", "dashboards"]
        supervisor.start("dashboards", dashboards, logs / "dashboards.log")
    supervisor.watch()
    with err.status("Starting the API…"):
        wait_until(supervisor, lambda: answers(f"{settings.origin}/health"), "the API", logs)
    demo = None
    if with_demo:
        plan = SimulationPlan()
        demo = demos.make_demo(settings, plan)
        if not demos.is_played(settings):
            play_demo(supervisor, settings, url, demo, plan)
        supervisor.start("demo", [*timeback, "run", "demo"], logs / "demo.log")
    with err.status("Waiting for the first build…"):
        wait_until(supervisor, lambda: has_build(url), "the first build", logs)
    if with_dashboards:
        health = f"http://{settings.reachable_host}:{settings.dashboards_port}/_stcore/health"
        with err.status("Starting the dashboards…"):
            wait_until(supervisor, lambda: answers(health), "the dashboards", logs)
    print_welcome(settings, demo, with_dashboards=with_dashboards)


def wait_until(supervisor: Supervisor, is_ready: Callable[[], bool], what: str, logs: Path) -> None:
    """Wait for a process to be ready; StartError names the log if it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if supervisor.stopping.wait(POLL_SECONDS):
            raise StoppedError
        if time.monotonic() > deadline:
            raise StartError(f"{what} did not come up in {START_SECONDS:g} s; see {logs}")


def answers(url: str) -> bool:
    """Whether a GET of that address succeeds now."""
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


def has_build(url: str) -> bool:
    """Whether a build is published."""
    with psycopg.connect(url, autocommit=True) as connection:
        return registry.latest(connection) is not None


def play_demo(
    supervisor: Supervisor, settings: Settings, url: str, demo: demos.Demo, plan: SimulationPlan
) -> None:
    """Play the demo's past with a progress bar, and wait until it is on the dashboards."""
    with stage_bars() as draw:

        def show(done: int, total: int, label: str) -> None:
            if supervisor.stopping.is_set():
                raise StoppedError
            draw(done, total, label)

        demos.play_past(settings, demo, plan, show)
        with psycopg.connect(url, autocommit=True) as connection:
            most = max(1, read_status(connection).waiting_events)
            while waiting := read_status(connection).waiting_events:
                show(most - waiting, most, f"Into the lake ({waiting:,} events wait)")
                time.sleep(POLL_SECONDS)
            show(most, most, "Into the lake (all there)")
            loaded = read_status(connection).last_load_id
            show(0, 1, "Sessions, XP, gradebook and mastery (dbt)")
            while registry.last_load_of_latest(connection) < loaded:
                show(0, 1, "Sessions, XP, gradebook and mastery (dbt)")
                time.sleep(POLL_SECONDS)
            show(1, 1, "Sessions, XP, gradebook and mastery (published)")

"""`timeback run …`: the processes that `timeback up` keeps, each by itself.

For an install on several machines: any number of `api`, one `loader` and one `builds`.
"""

import logging
import signal
import threading

import typer
import uvicorn

from core import context
from core.builds import loop
from core.cli import alerts, demo
from core.cli.options import DataDir, load_settings
from ingest.loader import Loader

services_app = typer.Typer(no_args_is_help=True, help="One process of the product by itself.")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM or SIGINT sets."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@services_app.command("api")
def run_api(data: DataDir = None) -> None:
    """Serve the HTTP API."""
    settings = load_settings(data)
    uvicorn.run(
        "core.cli.server:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        backlog=4096,
    )


@services_app.command("loader")
def run_loader(data: DataDir = None) -> None:
    """Move the journal into the lake, about once a second."""
    settings = load_settings(data)
    stop = stop_on_signals()
    context.prepare(settings)
    with Loader(settings) as loader:
        loader.run(stop)


@services_app.command("builds")
def run_builds(data: DataDir = None) -> None:
    """Build and publish whenever something new was loaded; send alerts when their hour comes."""
    settings = load_settings(data)
    stop = stop_on_signals()
    context.prepare(settings)
    with alerts.sent_beside(settings, stop):
        loop.run(settings, stop)


@services_app.command("demo")
def run_demo(data: DataDir = None) -> None:
    """Play the demo's present day."""
    settings = load_settings(data)
    demo.play_present(settings, stop_on_signals())

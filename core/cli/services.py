"""`timeback run …`: the processes that `timeback up` keeps, each by itself.

For an install on several machines: any number of `api` and `dashboards`, one `loader` and one
`builds`.
"""

import logging
import os
import signal
import threading

import typer
import uvicorn

from core import context
from core.builds import loop
from core.cli import alerts, dashboards, demo
from core.cli.draining import drain
from core.cli.options import DataDir, load_settings, tell_if_open, transaction
from core.http.protocol import protocol_for
from core.privacy.queue import ErasureQueue
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


@services_app.command("dashboards")
def run_dashboards(data: DataDir = None) -> None:
    """Serve the dashboards; people sign in to them at the API's hosted page."""
    settings = load_settings(data)
    with transaction(settings) as connection:
        secrets_file = dashboards.register(settings, connection)
    os.environ.setdefault("TIMEBACK_API_URL", settings.origin)
    command = dashboards.command(settings, secrets_file)
    os.execv(command[0], command)  # noqa: S606  our own interpreter


@services_app.command("api")
def run_api(data: DataDir = None) -> None:
    """Serve the HTTP API."""
    settings = load_settings(data)
    context.prepare(settings)
    tell_if_open(settings)
    uvicorn.run(
        "core.cli.server:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        http=protocol_for(settings),
        ws="none",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        backlog=4096,
    )


@services_app.command("loader")
def run_loader(data: DataDir = None) -> None:
    """Move the journal into the lake, about twice a second."""
    settings = load_settings(data)
    stop = stop_on_signals()
    context.prepare(settings)
    tell_if_open(settings)
    with Loader(settings) as loader:
        loader.run(stop)


@services_app.command("builds")
def run_builds(data: DataDir = None) -> None:
    """Build and publish when something new was loaded; erase whom to erase, send alerts in time."""
    settings = load_settings(data)
    stop = stop_on_signals()
    url = context.prepare(settings)
    tell_if_open(settings)
    erasures = ErasureQueue(lambda: drain(settings, url))
    with alerts.sent_beside(settings, stop):
        loop.run(settings, stop, erasures.work_off)


@services_app.command("demo")
def run_demo(data: DataDir = None) -> None:
    """Play the demo's present day."""
    settings = load_settings(data)
    demo.play_present(settings, stop_on_signals())

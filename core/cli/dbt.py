"""`timeback docs` and `timeback dbt`: the dbt project of this install, to read."""

import webbrowser
from typing import Annotated

import typer

from core import context
from core.builds.documentation import run_dbt, write_page
from core.cli.options import DataDir, err, load_settings, out, readable_failures

READING = frozenset({"compile", "list", "ls", "parse", "source"})
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def docs(
    open_it: Annotated[bool, typer.Option("--open/--no-open", help="Open it in a browser.")] = True,
    data: DataDir = None,
) -> None:
    """Write the dbt docs (every model, column, rule and test) as one page, and open it."""
    settings = load_settings(data)
    url = context.prepare(settings)
    with readable_failures(), err.status("Writing the dbt docs…"):
        page = write_page(settings, url)
    out.print(page, highlight=False, soft_wrap=True)
    if open_it:
        webbrowser.open(page.as_uri())


def dbt(arguments: typer.Context, data: DataDir = None) -> None:
    """Run dbt on this install, reading only: `timeback dbt source freshness`, `ls`, `compile`.

    What changes the marts goes through `timeback build`, which publishes it as a whole.
    """
    settings = load_settings(data)
    command = arguments.args
    if not command or command[0] not in READING:
        err.print(f"Send one of {', '.join(sorted(READING))}; marts are made by `timeback build`.")
        raise typer.Exit(2)
    url = context.prepare(settings)
    with readable_failures():
        run_dbt(settings, url, command, settings.root / "dbt" / "reading")

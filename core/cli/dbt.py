"""`timeback docs` and `timeback dbt`: the dbt project of this install, to read."""

import webbrowser
from typing import Annotated

import typer

from core import context
from core.builds.documentation import write_page
from core.builds.runner import by_hand, run_dbt
from core.cli.options import DataDir, err, load_settings, out, readable_failures

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def docs(
    open_it: Annotated[bool, typer.Option("--open/--no-open", help="Open it in a browser.")] = True,
    data: DataDir = None,
) -> None:
    """Write the dbt docs (every model, column, rule and test) as one page, and open it."""
    settings = load_settings(data)
    context.prepare(settings)
    with readable_failures(), err.status("Writing the dbt docs…"):
        page = write_page(settings)
    out.print(page, highlight=False, soft_wrap=True)
    if open_it:
        webbrowser.open(page.as_uri())


def dbt(arguments: typer.Context, data: DataDir = None) -> None:
    """Run dbt on this install: `timeback dbt build`, `test`, `ls`, `show`, `source freshness`, ….

    What reads sees the marts as they are published. What makes tables makes them in a DuckDB file
    of your own, from the raw events as they are now: whole the first time or with --full-refresh,
    then only what is new. Nothing of it is published; `timeback build` publishes.
    """
    settings = load_settings(data)
    command = arguments.args
    if not command:
        err.print("Send a dbt command, such as `timeback dbt build`.")
        raise typer.Exit(2)
    context.prepare(settings)
    with readable_failures():
        result = run_dbt(settings, command, settings.root / "dbt" / "artifacts")
    if not result.success:
        err.print(f"dbt {command[0]} failed; its tables: {by_hand(settings)}", highlight=False)
        raise typer.Exit(1)

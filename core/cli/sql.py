"""`timeback sql`: an analyst's read-only SQL on a published build."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import duckdb
import psycopg
import typer

from core import audit, context, lake
from core.analysis.forms import csv_text, json_text
from core.analysis.sandbox import Answer
from core.analysis.session import APPLICATION_NAME, AnalystSession, open_session
from core.builds import registry
from core.builds.registry import Build
from core.cli.options import AsJson, DataDir, err, load_settings, readable_failures
from core.cli.prompt import statements
from core.errors import MalformedError, NotFoundError, UnavailableError
from core.settings import Settings

SHOWN_ROWS = 200  # of a table on a terminal; more are left out of its middle


def sql(
    query: Annotated[str | None, typer.Argument(help="Without it: a prompt, or stdin.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on stdout.")] = False,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=0, help="Most rows; 0 for all.")] = 10_000,
    timeout: Annotated[float, typer.Option(min=0.1, help="Most seconds a query may take.")] = 60,
    build: Annotated[str | None, typer.Option(help="Read this published build (id).")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Read the newest build of that date or instant (ISO 8601, UTC)."),
    ] = None,
    with_names: Annotated[
        bool,
        typer.Option(
            "--with-names",
            help="Also names, e-mails, comments and schema `raw`; goes into the audit log.",
        ),
    ] = False,
    attach: Annotated[
        bool,
        typer.Option(
            "--attach",
            help="Print the SQL that attaches the build to any DuckDB; needs --with-names.",
        ),
    ] = False,
    data: DataDir = None,
) -> None:
    """Read-only SQL on the marts of a published build, without names unless asked for."""
    settings = load_settings(data)
    url = context.prepare(settings)
    with readable_failures():
        pinned = find_build(url, build, as_of)
        if attach and not with_names:
            raise MalformedError(
                "A DuckDB of your own sees names and raw events too: add --with-names."
            )
        if with_names:
            note(url, "sql.attach" if attach else "sql.with_names", pinned)
        if attach:
            typer.echo(attach_script(settings, url, pinned))
            return
        with open_session(settings, url, pinned, with_names=with_names) as session:

            def answer(text: str) -> None:
                show(session, session.ask(text, limit=limit, timeout_seconds=timeout), form)

            form = "csv" if as_csv else "json" if as_json else "table"
            if query is not None or not sys.stdin.isatty():
                with readable_sql():
                    answer(query if query is not None else sys.stdin.read())
                return
            err.print(
                f"Build {pinned.build_id}, as of {pinned.as_of:%F %T} UTC. SHOW TABLES, DESCRIBE x;"
                " end with a semicolon, leave with Ctrl-D.",
                highlight=False,
            )
            for text in statements("sql> ", settings.root / "sql_history"):
                try:
                    with readable_sql(), readable_failures():
                        answer(text)
                except typer.Exit:
                    continue


def find_build(url: str, build_id: str | None, as_of: str | None) -> Build:
    """The build that the options name, else the newest; NotFoundError if it is not kept."""
    if build_id is not None and as_of is not None:
        raise MalformedError("Send either --build or --as-of.")
    with psycopg.connect(url, autocommit=True) as connection:
        if build_id is not None:
            found = registry.by_id(connection, build_id)
        elif as_of is not None:
            found = registry.as_of(connection, read_instant(as_of))
        else:
            found = registry.latest(connection)
            if found is None:
                raise UnavailableError("No build has been published yet: run `timeback build`.")
    if found is None:
        wanted = repr(build_id) if build_id else f"of {as_of} or before"
        raise NotFoundError(f"There is no build {wanted} (any more).", code="unknown_build")
    return found


def read_instant(text: str) -> datetime:
    """An ISO 8601 instant (UTC if it names no zone); a date means the end of that day."""
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), UTC)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError(f"{text!r} is no ISO 8601 date or instant.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def note(url: str, action: str, build: Build) -> None:
    """Write to the audit log that someone reads personal columns."""
    with psycopg.connect(url) as connection:
        audit.record_operator(connection, action, {"build_id": build.build_id})


def attach_script(settings: Settings, url: str, build: Build) -> str:
    """What a DuckDB of the pinned version runs to see the build as `lake`, read-only."""
    statement = lake.attachment(
        settings,
        url,
        alias="lake",
        snapshot=build.published_snapshot,
        read_only=True,
        application_name=APPLICATION_NAME,
    )
    return "\n".join(
        [
            f"-- DuckDB {duckdb.__version__}; PostgreSQL must run, so keep `timeback up` going.",
            f"set extension_directory = '{lake.install_extensions(settings)}';",
            *(f"load {name};" for name in lake.EXTENSIONS),
            f"{statement};",
            "use lake.marts;",
        ]
    )


def show(session: AnalystSession, answer: Answer, form: str) -> None:
    """Print an answer; what was cut off is said on stderr."""
    rows = session.relation(answer)
    if form == "table":
        rows.show(max_width=shutil.get_terminal_size().columns, max_rows=SHOWN_ROWS)
    else:
        typer.echo(csv_text(rows) if form == "csv" else json_text(rows), nl=False)
    if answer.is_cut:
        err.print(
            f"Only the first {answer.table.num_rows:,} rows: --limit allows more.", style="yellow"
        )


@contextmanager
def readable_sql() -> Iterator[None]:
    """Print DuckDB's error as it is and end with exit code 1."""
    try:
        yield
    except duckdb.Error as error:
        err.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None

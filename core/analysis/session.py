"""A session of an analyst on this install: one published build, in a sandbox."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core import lake
from core.analysis.sandbox import Answer, Limits, Sandbox, Table
from core.analysis.tables import Exports, shown_tables
from core.builds.project import PROJECT
from core.builds.registry import Build
from core.settings import Settings

APPLICATION_NAME = "timeback-sql"


@dataclass(frozen=True)
class AnalystSession:
    """Queries over one published build, one after the other."""

    build: Build
    tables: Sequence[Table]
    sandbox: Sandbox
    exports: Exports

    def ask(self, query: str, *, limit: int, timeout_seconds: float) -> Answer:
        """At most `limit` rows (0: all), within the time. Raises as `Sandbox.ask`."""
        for table, path in self.exports.named_in(query, self.tables):
            self.sandbox.fill(table, path)
        return self.sandbox.ask(query, limit=limit, timeout_seconds=timeout_seconds)

    def relation(self, answer: Answer) -> duckdb.DuckDBPyRelation:
        """An answer's rows as a relation, to show or to write."""
        return self.sandbox.relation(answer)


@contextmanager
def open_session(
    settings: Settings,
    url: str,
    build: Build,
    *,
    with_names: bool = False,
    project: Path = PROJECT,
    limits: Limits | None = None,
) -> Iterator[AnalystSession]:
    """A session on a build; with_names: also what is personal, and schema `raw` with payloads."""
    tables = shown_tables(settings, url, build, with_names=with_names, project=project)
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(temporary_folder(settings)))

        def run(sql: str) -> None:
            with lake.open_duckdb(settings) as connection:
                lake.attach(
                    connection,
                    settings,
                    url,
                    alias="lake",
                    snapshot=build.published_snapshot,
                    application_name=APPLICATION_NAME,
                )
                connection.execute("use lake.marts")
                connection.execute(sql)

        sandbox = stack.enter_context(
            Sandbox.open(
                tables,
                limits or Limits(),
                extensions=str(lake.install_extensions(settings)),
                temporary=str(temporary),
            )
        )
        yield AnalystSession(build, tables, sandbox, Exports(temporary, run))


def temporary_folder(settings: Settings) -> tempfile.TemporaryDirectory[str]:
    """A folder for one session's files, removed when it is left."""
    settings.temp_directory.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="sql-", dir=settings.temp_directory)

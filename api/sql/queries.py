"""An analyst's query: who may ask it, in which sandbox it runs, what is noted of it."""

import hashlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request

from api.sql.schemas import SqlQuestion, SqlTable, TableColumn
from core import audit, lake
from core.access import Viewer
from core.analysis import grants
from core.analysis.columns import read_marts
from core.analysis.sandbox import Answer, Limits
from core.analysis.session import temporary_folder
from core.analysis.tables import Exports, shown_tables
from core.analysis.worker import Job
from core.analysis.workers import Workers
from core.builds.project import PROJECT
from core.builds.reader import PublishedLake
from core.context import Context
from core.errors import ForbiddenError

ANALYSTS = frozenset({"analyst", "platform_admin"})
TIMEOUT_SECONDS = 30.0
LIMITS = Limits(memory="1GB", threads=2, temporary="2GB")
_making = threading.Lock()


@dataclass(frozen=True)
class Found:
    """A query's rows and how long it took, in seconds."""

    answer: Answer
    seconds: float


def require_analyst(viewer: Viewer) -> None:
    """403 unless the viewer is a person who may run SQL."""
    if viewer.kind != "person" or not viewer.roles & ANALYSTS:
        raise ForbiddenError("SQL is for analysts.", code="role_required")


def may_read_names(context: Context, viewer: Viewer) -> bool:
    """Whether an operator granted the viewer names."""
    with context.database.connection() as connection:
        return grants.may_read_names(connection, viewer.subject)


def workers_of(request: Request) -> Workers:
    """The processes of this app that run queries."""
    state = request.app.state
    with _making:
        if not hasattr(state, "sql_workers"):
            state.sql_workers = Workers()
    workers: Workers = state.sql_workers
    return workers


def ask(
    context: Context,
    workers: Workers,
    viewer: Viewer,
    published: PublishedLake,
    question: SqlQuestion,
) -> Found:
    """The rows of a query, in a process of its own; noted in the audit log before it runs.

    403 for names without the grant, 400 for a query that is refused, faulty, too long or too big,
    503 if too many run.
    """
    if question.with_names and not may_read_names(context, viewer):
        raise ForbiddenError(
            "Reading names needs the grant `names`; ask an operator.", code="grant_required"
        )
    _note(context, viewer, published, question)
    started = time.monotonic()
    settings, build = context.settings, published.build
    tables = shown_tables(settings, context.database_url, build, with_names=question.with_names)
    with temporary_folder(settings) as temporary:
        exports = Exports(Path(temporary), published.cursor.execute)
        job = Job(
            query=question.sql,
            limit=question.limit,
            timeout_seconds=TIMEOUT_SECONDS,
            tables=tables,
            filled=exports.named_in(question.sql, tables),
            limits=LIMITS,
            extensions=str(lake.install_extensions(settings)),
            temporary=temporary,
        )
        answer = workers.ask(job)
    return Found(answer, round(time.monotonic() - started, 3))


def tables(published: PublishedLake, *, with_names: bool) -> list[SqlTable]:
    """The marts that the build has, as the project describes them."""
    rows = published.rows("select table_name from (show tables) as shown (table_name)")
    there = {row["table_name"] for row in rows}
    return [
        SqlTable(
            name=mart.name,
            description=mart.description,
            columns=[
                TableColumn(
                    name=column.name,
                    type=column.kind,
                    description=column.description,
                    is_personal=column.is_personal,
                )
                for column in mart.shown(with_names=with_names)
            ],
        )
        for name, mart in sorted(read_marts(PROJECT).items())
        if name in there
    ]


def _note(
    context: Context, viewer: Viewer, published: PublishedLake, question: SqlQuestion
) -> None:
    """The query's hash and length, not its text, which may name a student."""
    details: dict[str, Any] = {
        "build_id": published.build.build_id,
        "sql_sha256": hashlib.sha256(question.sql.encode()).hexdigest(),
        "sql_characters": len(question.sql),
        "with_names": question.with_names,
    }
    with context.database.connection() as connection:
        audit.record(
            connection,
            actor_kind="person",
            actor_id=viewer.subject,
            action="sql.query",
            details=details,
        )

"""`/sql/1.0`: an analyst's read-only SQL on the marts of one published build."""

import json
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, Request, Response

from api.formats import ARROW, CSV, JSON, answer, preferred_form, stamp
from api.parameters import KNOWN_ONLY
from api.published import PublishedBuild
from api.responses import READ, STAMPS, TABLE
from api.sql import queries
from api.sql.schemas import SqlAnswer, SqlColumn, SqlQuestion, SqlTables
from core.access import Viewer
from core.analysis.forms import arrow_stream, csv_text, json_text
from core.dependencies import AppContext, require_scope

Asker = Annotated[Viewer, require_scope("events.readonly")]
REFUSALS: dict[int | str, dict[str, Any]] = {
    **{status: READ[status] for status in (401, 410)},
    400: {**READ[400], "description": "The query is refused, faulty, or takes too much."},
    403: {**READ[403], "description": "Not an analyst, or names without the grant `names`."},
    404: {**READ[404], "description": "There is no such build."},
    503: {**READ[503], "description": "Two queries run already, or no build is published yet."},
}
router = APIRouter(prefix="/sql/1.0", tags=["SQL"], dependencies=KNOWN_ONLY)


@router.post(
    "/query",
    response_model=SqlAnswer,
    responses={
        **REFUSALS,
        200: {
            **TABLE[200],
            "headers": {name: STAMPS[name] for name in ("X-Build-Id", "X-As-Of")},
        },
    },
    summary="Ask the marts in SQL",
)
def ask(request: Request, question: SqlQuestion, viewer: Asker, context: AppContext) -> Response:
    """The rows of one query, at most 10,000, within 30 s; reading only."""
    queries.require_analyst(viewer)
    workers = queries.workers_of(request)
    with context.lake.lease(question.build) as published:
        found = queries.ask(context, workers, viewer, published, question)
        build = published.build
    headers = {
        "Cache-Control": "private, no-store",
        "X-Build-Id": build.build_id,
        "X-As-Of": build.as_of.isoformat(),
    }
    table = found.answer.table
    form = preferred_form(request.headers.get("accept"))
    if form == ARROW:
        return Response(arrow_stream(table), media_type=ARROW, headers=headers)
    with duckdb.connect() as connection:
        relation = connection.from_arrow(table)
        if form == CSV:
            return Response(csv_text(relation), media_type=CSV, headers=headers)
        rows = json.loads(json_text(relation))
    body = SqlAnswer(
        columns=[SqlColumn(name=field.name, type=str(field.type)) for field in table.schema],
        rows=rows,
        row_count=table.num_rows,
        is_cut=found.answer.is_cut,
        seconds=found.seconds,
        **stamp(build),
    )
    return Response(body.encoded(), media_type=JSON, headers=headers)


@router.get(
    "/tables",
    response_model=SqlTables,
    responses={**READ, 403: REFUSALS[403]},
    summary="List the tables that SQL can ask",
)
def read_tables(
    request: Request, viewer: Asker, context: AppContext, lake: PublishedBuild
) -> Response:
    """Every table with its columns, each described; personal columns only with the grant."""
    queries.require_analyst(viewer)
    may_read_names = queries.may_read_names(context, viewer)
    found = queries.tables(lake, with_names=may_read_names)
    return answer(
        request,
        lake.build,
        lambda: SqlTables(may_read_names=may_read_names, tables=found, **stamp(lake.build)),
    )

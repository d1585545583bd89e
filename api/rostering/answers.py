"""Answers of roster reads: a page or a record, as its reader may see it."""

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.formats import JSON, preferred_form, table, tag_of
from api.paging import link_header
from api.rostering import tables
from api.rostering.parameters import ListParameters, names_of, select
from api.rostering.queries import Within, students_in
from core.access import Viewer
from core.audit import record_reads
from core.dependencies import AppContext, Database
from core.errors import NotFoundError
from core.registry.search import find_one, find_page
from core.registry.types import Collection
from core.registry.visibility import roster_sight
from core.registry.wire import etag, etag_matches, render


def _answer(
    answer: Response, tag: str, if_none_match: str | None, headers: dict[str, str]
) -> Response:
    """The answer with its ETag; 304 if the caller holds it."""
    if if_none_match is not None and etag_matches(if_none_match, tag):
        answer = Response(status_code=304)
    answer.headers.update({"ETag": tag, **headers})
    return answer


def _missing(collection: Collection, sourced_id: str) -> NotFoundError:
    """404, the same for what is not there and for what may not be seen."""
    name = collection.singular
    return NotFoundError(f"There is no {name} {sourced_id!r}.", code=f"unknown_{name}")


def answer_list(
    request: Request,
    context: AppContext,
    viewer: Viewer,
    connection: Database,
    collection: Collection,
    query: ListParameters,
    if_none_match: str | None,
    within: tuple[Within, str] | None = None,
) -> Response:
    """One page of a collection, or of its part within a record, in the form that `Accept` prefers.

    404 if the record within which it lies is not seen.
    """
    kind = collection.record_type
    sight = roster_sight(connection, viewer)
    question = query.question(collection, sight)
    if within is not None:
        inside, outer_id = within
        outer = inside.outer
        if find_one(connection, sight, outer.record_type, outer_id, outer.contains) is None:
            raise _missing(outer, outer_id)
        question = inside.narrow(question, outer_id)
    bodies, total = find_page(connection, sight, kind, question)
    record_reads(connection, viewer, f"roster.{kind.plural}", students_in(kind, bodies))
    rows = [
        select(render(body, kind, context.settings.origin), query.fields, kind) for body in bodies
    ]
    page = query.page
    headers = {
        "X-Total-Count": str(total),
        "Link": link_header(request, page, total),
        "Vary": "Accept, Authorization",
    }
    form = preferred_form(request.headers.get("accept"))
    if form != JSON:
        names = names_of(query.fields, kind) if query.fields else kind.field_names
        content = table(tables.frame(rows, kind, names), form)
        return _answer(Response(content, media_type=form), tag_of(content), if_none_match, headers)
    wrapped = {kind.plural: rows, "offset": page.offset, "limit": page.limit, "total": total}
    return _answer(JSONResponse(wrapped), etag(wrapped), if_none_match, headers)


def answer_one(
    context: AppContext,
    viewer: Viewer,
    connection: Database,
    collection: Collection,
    sourced_id: str,
    fields: str | None,
    if_none_match: str | None,
) -> Response:
    """One record, wrapped; its ETag is that of the whole record as the viewer sees it."""
    kind = collection.record_type
    sight = roster_sight(connection, viewer)
    body = find_one(connection, sight, kind, sourced_id, collection.contains)
    if body is None:
        raise _missing(collection, sourced_id)
    record_reads(connection, viewer, f"roster.{kind.plural}", students_in(kind, [body]))
    rendered = render(body, kind, context.settings.origin)
    answer = JSONResponse({kind.name: select(rendered, fields, kind)})
    return _answer(answer, etag(rendered), if_none_match, {})

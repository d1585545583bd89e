"""Routes that read catalog and roster: `/rostering/1.0` (OneRoster 1.2 Rostering Service)."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.parameters import KNOWN_ONLY
from api.rostering import links
from api.rostering.answers import answer_list, answer_one
from api.rostering.parameters import (
    LISTED,
    REFUSALS,
    Fields,
    IfNoneMatch,
    ListQuery,
    Reader,
    SourcedId,
)
from api.rostering.queries import COMPONENTS, WITHIN, Within
from core.dependencies import AppContext, Database
from core.registry.schemas import envelope, page
from core.registry.types import COLLECTIONS, RESOURCES, Collection


def add_list(router: APIRouter, collection: Collection) -> None:
    """Serve the list of a collection."""

    def read_list(
        request: Request,
        context: AppContext,
        viewer: Reader,
        connection: Database,
        query: ListQuery,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return answer_list(request, context, viewer, connection, collection, query, if_none_match)

    router.add_api_route(
        f"/{collection.path}",
        read_list,
        response_model=page(collection.record_type),
        responses=LISTED,
        summary=f"List {collection.path}",
        name=f"list {collection.path}",
    )


def add_within(router: APIRouter, within: Within) -> None:
    """Serve the part of a collection that lies within a record."""

    def read_within(
        sourced_id: SourcedId,
        request: Request,
        context: AppContext,
        viewer: Reader,
        connection: Database,
        query: ListQuery,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return answer_list(
            request,
            context,
            viewer,
            connection,
            within.inner,
            query,
            if_none_match,
            (within, sourced_id),
        )

    title = f"{within.inner.path} of one {within.outer.singular}"
    router.add_api_route(
        within.path,
        read_within,
        response_model=page(within.inner.record_type),
        responses=LISTED,
        summary=f"List {title}",
        name=f"list {title}",
    )


def add_one(router: APIRouter, collection: Collection) -> None:
    """Serve one record of a collection."""

    def read_one(
        sourced_id: SourcedId,
        context: AppContext,
        viewer: Reader,
        connection: Database,
        fields: Fields = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return answer_one(
            context, viewer, connection, collection, sourced_id, fields, if_none_match
        )

    name = collection.singular
    router.add_api_route(
        f"/{collection.path}/{{sourced_id}}",
        read_one,
        response_model=envelope(collection.record_type, is_read=True),
        responses=REFUSALS,
        summary=f"Read one {name}",
        name=f"read {name}",
    )


def make_rostering() -> APIRouter:
    """Every read of catalog and roster."""
    router = APIRouter(prefix="/rostering/1.0", tags=["Rostering"], dependencies=KNOWN_ONLY)
    add_list(router, COMPONENTS)  # before a course's id is looked for at the same place
    for collection in COLLECTIONS:
        add_list(router, collection)
        add_one(router, collection)
    for within in WITHIN:
        add_within(router, within)
    return router


def make_resources() -> APIRouter:
    """Resources under the path of OneRoster's Resources Service."""
    router = APIRouter(prefix="/resources/1.0", tags=["Resources"], dependencies=KNOWN_ONLY)
    add_list(router, RESOURCES)
    add_one(router, RESOURCES)
    return router


routers = [make_rostering(), make_resources(), links.router]

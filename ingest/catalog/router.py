"""Routes that write catalog and roster: PUT, PATCH, POST and DELETE under `/rostering/1.0`."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from core.access import Viewer
from core.dependencies import AppContext, Database, require_scope
from core.identity.scopes import ROSTER_WRITE
from core.registry.schemas import AllocatedIds, envelope
from core.registry.types import COLLECTIONS, RESOURCES, Collection
from ingest.catalog import links
from ingest.catalog.body import JsonBody, unwrap, unwrap_many
from ingest.catalog.documents import (
    REFUSALS,
    WRITTEN_OVER,
    many_body,
    one_body,
    patch_body,
    put_answers,
)
from ingest.catalog.preconditions import Conditions
from ingest.catalog.service import Catalog, Written

WritingViewer = Annotated[Viewer, require_scope(ROSTER_WRITE)]


def answer(collection: Collection, written: Written) -> Response:
    """201 for a new record, else 200; the record wrapped, with its ETag."""
    return JSONResponse(
        {collection.record_type.name: written.body},
        status_code=201 if written.is_created else 200,
        headers={"ETag": written.tag},
    )


def add_writes(router: APIRouter, collection: Collection) -> None:
    """Serve the writes of one collection."""
    kind = collection.record_type
    name, path = collection.singular, f"/{collection.path}/{{sourced_id}}"

    @router.put(
        path,
        summary=f"Create or replace a {name}",
        response_model=envelope(kind),
        responses=put_answers(kind),
        openapi_extra=one_body(kind),
        name=f"put {name}",
    )
    def put_one(
        sourced_id: str,
        viewer: WritingViewer,
        body: JsonBody,
        conditions: Conditions,
        context: AppContext,
        connection: Database,
    ) -> Response:
        catalog = Catalog(connection, viewer, collection, context.settings.origin)
        return answer(collection, catalog.put(sourced_id, unwrap(collection, body), conditions))

    @router.patch(
        path,
        summary=f"Change fields of a {name}",
        response_model=envelope(kind),
        responses=REFUSALS,
        openapi_extra=patch_body(kind),
        name=f"patch {name}",
    )
    def patch_one(
        sourced_id: str,
        viewer: WritingViewer,
        body: JsonBody,
        conditions: Conditions,
        context: AppContext,
        connection: Database,
    ) -> Response:
        catalog = Catalog(connection, viewer, collection, context.settings.origin)
        return answer(collection, catalog.patch(sourced_id, unwrap(collection, body), conditions))

    @router.delete(
        path,
        summary=f"Mark a {name} as tobedeleted",
        status_code=204,
        responses=REFUSALS,
        name=f"delete {name}",
    )
    def delete_one(
        sourced_id: str,
        viewer: WritingViewer,
        conditions: Conditions,
        context: AppContext,
        connection: Database,
    ) -> None:
        catalog = Catalog(connection, viewer, collection, context.settings.origin)
        catalog.delete(sourced_id, conditions)

    @router.post(
        f"/{collection.path}",
        summary=f"Create {collection.path}, all or none",
        status_code=201,
        response_model=AllocatedIds,
        responses=WRITTEN_OVER,
        openapi_extra=many_body(kind),
        name=f"post {collection.path}",
    )
    def post_many(
        viewer: WritingViewer, body: JsonBody, context: AppContext, connection: Database
    ) -> AllocatedIds:
        catalog = Catalog(connection, viewer, collection, context.settings.origin)
        return catalog.post_all(unwrap_many(collection, body))


def make_router(prefix: str, tag: str, collections: tuple[Collection, ...]) -> APIRouter:
    """The writes of collections under a prefix."""
    router = APIRouter(prefix=prefix, tags=[tag])
    for collection in collections:
        add_writes(router, collection)
    return router


routers = [
    make_router("/rostering/1.0", "Rostering", COLLECTIONS),
    make_router("/resources/1.0", "Resources", (RESOURCES,)),
    links.router,
]

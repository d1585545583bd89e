"""The OpenAPI document of catalog and roster holds together."""

import json
import re
from typing import Any

from fastapi import FastAPI

from api.rostering.router import routers as read_routers
from core.registry.types import COLLECTIONS, RECORD_TYPES
from ingest.catalog.router import routers as write_routers


def document() -> dict[str, Any]:
    app = FastAPI()
    for router in (*write_routers, *read_routers):
        app.include_router(router)
    return app.openapi()


def test_every_schema_that_is_named_is_there() -> None:
    spec = document()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(spec)))
    assert named <= set(spec["components"]["schemas"])


def test_every_collection_is_read_and_written_and_described() -> None:
    paths = document()["paths"]
    for collection in COLLECTIONS:
        many = paths[f"/rostering/1.0/{collection.path}"]
        one = paths[f"/rostering/1.0/{collection.path}/{{sourced_id}}"]
        assert {"get", "post"} <= many.keys()
        assert {"get", "put", "patch", "delete"} <= one.keys()
        assert one["put"]["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
        assert {"200", "201", "403", "409", "412", "422"} <= one["put"]["responses"].keys()


def test_no_two_operations_share_an_id() -> None:
    ids = [
        operation["operationId"]
        for operations in document()["paths"].values()
        for operation in operations.values()
    ]
    assert len(ids) == len(set(ids))


def test_fields_carry_words_and_what_a_class_needs() -> None:
    schemas = document()["components"]["schemas"]
    assert {"title", "course"} <= set(schemas["Class"]["required"])
    assert {"user", "class"} <= set(schemas["Enrollment"]["required"])
    for kind in RECORD_TYPES.values():
        name = kind.model.__name__
        for field, schema in schemas[name]["properties"].items():
            assert "description" in schema, f"{name}.{field}"

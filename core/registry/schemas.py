"""Bodies of the OpenAPI document: one record wrapped, and a page of them."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from core import glossary
from core.registry.types import RecordType


class Body(BaseModel):
    """A body, its fields described in the glossary where they do not describe themselves."""

    model_config = ConfigDict(json_schema_extra=glossary.describe)


class AllocatedId(Body):
    """The id that a posted record got (OneRoster 1.2 sourcedIdPair)."""

    suppliedSourcedId: str | None = Field(description="The id that was sent, if any.")
    allocatedSourcedId: str = Field(description="The id that it has.")


class AllocatedIds(Body):
    """The answer to a POST (OneRoster 1.2 sourcedIdPairs)."""

    sourcedIdPairs: list[AllocatedId] = Field(description="One pair a record, in the order sent.")


class Sparse(BaseModel):
    """A record of which any field may be left out."""

    model_config = ConfigDict(json_schema_extra=glossary.describe_sparse)


@cache
def answered(kind: RecordType) -> type[BaseModel]:
    """The record as reads answer with it: `fields=` may leave out any part."""
    name, doc = f"{kind.model.__name__}Answer", kind.model.__doc__
    return create_model(name, __base__=(kind.model, Sparse), __doc__=doc)


@cache
def envelope(kind: RecordType, *, is_read: bool = False) -> type[BaseModel]:
    """`{"course": {…}}`; for a read with the record as `answered`."""
    model = answered(kind) if is_read else kind.model
    fields: dict[str, Any] = {kind.name: (model, Field(description=f"The {kind.name}."))}
    return create_model(f"{model.__name__}Envelope", __base__=Body, **fields)


@cache
def page(kind: RecordType) -> type[BaseModel]:
    """`{"courses": […], "offset": 0, "limit": 100, "total": 1}`."""
    rows = list.__class_getitem__(answered(kind))
    fields: dict[str, Any] = {
        kind.plural: (rows, Field(description="The records of this page.")),
        "offset": (int, Field(description="Records skipped.")),
        "limit": (int, Field(description="Most records a page.")),
        "total": (int, Field(description="Records in the whole list.")),
    }
    return create_model(f"{kind.model.__name__}Page", __base__=Body, **fields)

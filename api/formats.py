"""One answer in three forms: JSON, CSV or an Arrow stream, from the same query.

Every answer has an ETag over its own bytes (which name the build), so that a caller learns from
it no more than from the answer, and may come back with `If-None-Match`.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.paging import Page, link_header
from core import glossary
from core.builds.reader import PublishedLake
from core.builds.registry import Build

JSON = "application/json"
CSV = "text/csv"
ARROW = "application/vnd.apache.arrow.stream"
CSV_INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"


class WireModel(BaseModel):
    """A part of an answer: camelCase outside, our own names inside."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        json_schema_extra=glossary.describe,
    )

    def encoded(self) -> bytes:
        """The JSON body, under its wire names."""
        return self.model_dump_json(by_alias=True).encode()


class Answer(WireModel):
    """An answer, which names the build that it was read from."""

    as_of: datetime = Field(alias="as_of")
    build_id: str = Field(alias="build_id")


class ListAnswer(Answer):
    """One page of a list."""

    offset: int = Field(description="Rows skipped.", examples=[0])
    limit: int = Field(description="Most rows of this page.", examples=[50])
    total: int = Field(description="Rows of the whole list.", examples=[1])


@dataclass(frozen=True)
class Listing:
    """One page of a query's rows, a column for each figure, and how many rows there are in all."""

    frame: pl.DataFrame
    page: Page
    total: int

    @property
    def stamps(self) -> dict[str, int]:
        """The fields of `ListAnswer`."""
        return {"offset": self.page.offset, "limit": self.page.limit, "total": self.total}


def read_listing(
    lake: PublishedLake, sql: str, count: str, parameters: dict[str, Any], page: Page
) -> Listing:
    """One page of a query whose rows carry `list_total`, the length of the whole list.

    A page past the end has no row to tell the length; then `count` is asked.
    """
    frame = lake.frame(sql, parameters | page.parameters)
    if frame.height:
        return Listing(frame.drop("list_total"), page, frame["list_total"][0])
    total = lake.rows(count, parameters)[0]["total"] if page.offset else 0
    return Listing(frame.drop("list_total"), page, total)


def stamp(build: Build) -> dict[str, Any]:
    """The fields of `Answer`."""
    return {"as_of": build.as_of, "build_id": build.build_id}


def preferred_form(accept: str | None) -> str:
    """The form that an `Accept` header likes best (RFC 9110 section 12.5.1); JSON if none."""
    best, best_weight = JSON, 0.0
    for choice in (accept or JSON).split(","):
        name, *parameters = (part.strip().lower() for part in choice.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        if name in (JSON, CSV, ARROW) and weight > best_weight:
            best, best_weight = name, weight
    return best


def answer(
    request: Request,
    build: Build | None,
    body: Callable[[], WireModel],
    frame: pl.DataFrame | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The response in the form that the caller prefers; 304 if they have it already.

    `frame` is the same answer as a table; without one there is JSON alone. `build` is None for
    what is read from no build.
    """
    form = preferred_form(request.headers.get("accept")) if frame is not None else JSON
    if form == JSON or frame is None:
        content = body().encoded()
    else:
        content = table(frame.rename(to_camel), form)
    etag = tag_of(content)
    sent = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization",
        **(headers or {}),
    }
    if build is not None:
        sent |= {"X-Build-Id": build.build_id, "X-As-Of": build.as_of.isoformat()}
    known = {tag.strip().removeprefix("W/") for tag in _known_tags(request)}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=sent)
    return Response(content, media_type=form, headers=sent)


def answer_list(
    request: Request, build: Build | None, listing: Listing, body: Callable[[], WireModel]
) -> Response:
    """The response for one page: as `answer`, with `X-Total-Count` and `Link`."""
    build_id = build.build_id if build is not None else None
    headers = {
        "X-Total-Count": str(listing.total),
        "Link": link_header(request, listing.page, listing.total, build_id),
    }
    return answer(request, build, body, listing.frame, headers)


def tag_of(content: bytes) -> str:
    """The strong ETag of an answer's bytes (RFC 9110 section 8.8.3)."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def table(frame: pl.DataFrame, form: str) -> bytes:
    """The frame as CSV (UTF-8, without a byte-order mark) or as an Arrow stream."""
    if form == ARROW:
        stream = io.BytesIO()
        frame.write_ipc_stream(stream)
        return stream.getvalue()
    return frame.write_csv(datetime_format=CSV_INSTANT).encode()


def _known_tags(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")

"""Pages of a list: `limit` and `offset`, totals and the `Link` header (OneRoster 1.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from core.errors import Fault, MalformedError

MOST_OFFSET = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """The part of a list that was asked for."""

    limit: int
    offset: int

    @property
    def parameters(self) -> dict[str, int]:
        """Named query parameters `limit` and `offset`."""
        return {"limit": self.limit, "offset": self.offset}


def paging(default: int, maximum: int) -> Any:
    """A parameter dependency: the page asked for; 400 names the bound that was overstepped."""

    def read_page(
        limit: Annotated[
            int, Query(description=f"Rows a page, 1 to {maximum}.", examples=[default])
        ] = default,
        offset: Annotated[int, Query(description="Rows to skip.", examples=[0])] = 0,
    ) -> Page:
        if not 1 <= limit <= maximum:
            message = f"limit must be between 1 and {maximum}, not {limit}."
            raise MalformedError(
                message, code="limit_out_of_range", faults=(Fault("query.limit", message),)
            )
        if not 0 <= offset <= MOST_OFFSET:
            message = f"offset must be between 0 and {MOST_OFFSET}, not {offset}."
            raise MalformedError(
                message, code="offset_out_of_range", faults=(Fault("query.offset", message),)
            )
        return Page(limit, offset)

    read: Callable[..., Page] = read_page
    return Depends(read)


def link_header(request: Request, page: Page, total: int, build_id: str | None = None) -> str:
    """Links to the other pages (of the same build, if one is named).

    They are `first`, `prev`, `next` and `last` (RFC 8288).
    """
    url = request.url if build_id is None else request.url.remove_query_params("as_of")
    pinned = {} if build_id is None else {"build": build_id}
    last = max(0, (total - 1) // page.limit * page.limit)
    offsets = {"first": 0}
    if page.offset > 0:
        offsets["prev"] = max(0, page.offset - page.limit)
    if page.offset + page.limit < total:
        offsets["next"] = page.offset + page.limit
    offsets["last"] = last
    return ", ".join(
        f'<{url.include_query_params(limit=page.limit, offset=offset, **pinned)}>; rel="{relation}"'
        for relation, offset in offsets.items()
    )

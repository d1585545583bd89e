"""Parameters of roster reads, and how they are refused (OneRoster 1.2 sections 3.3.1 to 3.3.4)."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Depends, Header, Path, Query

from api.paging import Page, paging
from api.responses import READ, UNBUILT_LIST
from core.access import Condition, Viewer
from core.dependencies import require_scope
from core.errors import Fault, MalformedError
from core.identity.scopes import ROSTER_READ
from core.registry.filters import check_field, compile_filter
from core.registry.search import Question
from core.registry.types import Collection, RecordType
from core.registry.visibility import RosterSight

Reader = Annotated[Viewer, require_scope(ROSTER_READ)]
IfNoneMatch = Annotated[
    str | None,
    Header(description="ETags whose answer is held already.", examples=['"5f2b8c"']),
]
SourcedId = Annotated[
    str, Path(description="The record's `sourcedId`.", examples=["course-reading-5"])
]
StudentPath = Annotated[
    str, Path(description="The student's `sourcedId`.", examples=["student-ana"])
]
AgentPath = Annotated[
    str, Path(description="The agent's user (its `sourcedId`).", examples=["user-pat"])
]
REFUSALS: dict[int | str, dict[str, Any]] = {
    **{status: READ[status] for status in (304, 400, 401, 404)},
    403: {**READ[403], "description": "The token lacks the scope `roster.readonly`."},
}
LISTED = {**REFUSALS, 200: UNBUILT_LIST[200]}


class SortError(MalformedError):
    """400: no such field to sort by."""

    code: ClassVar[str] = "invalid_sort"
    minor: ClassVar[str] = "invalid_sort_field"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, faults=(Fault("query.sort", detail),))


class SelectionError(MalformedError):
    """400: no such field to select."""

    code: ClassVar[str] = "invalid_selection"
    minor: ClassVar[str] = "invalid_selection_field"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, faults=(Fault("query.fields", detail),))


Fields = Annotated[
    str | None,
    Query(
        description="Comma-separated fields to answer with; all of them unless said.",
        examples=["sourcedId,title"],
    ),
]


def select(body: dict[str, Any], fields: str | None, kind: RecordType) -> dict[str, Any]:
    """The record with only the fields that were asked for; 400 names an unknown one."""
    if not fields:
        return body
    wanted = names_of(fields, kind)
    return {name: body[name] for name in wanted if name in body}


def names_of(fields: str, kind: RecordType) -> list[str]:
    """The fields that were asked for; 400 names one that the record has not."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    for name in names:
        check_field(name, kind.field_names, SelectionError)
    return names


@dataclass(frozen=True)
class ListParameters:
    """What a list was asked for."""

    page: Annotated[Page, paging(default=100, maximum=1000)]
    sort: Annotated[
        str, Query(description="A field to sort by; ties break by sourcedId.", examples=["title"])
    ] = "sourcedId"
    order: Annotated[
        Literal["asc", "desc"], Query(alias="orderBy", description="Direction of the sort.")
    ] = "asc"
    filter: Annotated[
        str | None,
        Query(
            description="Conditions such as `familyName='Young' AND grades='5'`: = != > >= < <= ~,"
            " AND, OR, parentheses, '' for a quote, dotted names.",
            examples=["status='active'"],
        ),
    ] = None
    fields: Fields = None

    def question(self, collection: Collection, sight: RosterSight) -> Question:
        """The question to the registry; 400 names what is wrong with it."""
        kind, contains = collection.record_type, collection.contains
        check_field(self.sort, kind.field_names, SortError)
        if self.fields:
            names_of(self.fields, kind)
        where: tuple[Condition, ...] = ()
        if self.filter:
            document = partial(sight.document, kind.name)
            where = (compile_filter(self.filter, kind.field_names, document),)
        return Question(self.page.limit, self.page.offset, self.sort, self.order, contains, where)


ListQuery = Annotated[ListParameters, Depends()]

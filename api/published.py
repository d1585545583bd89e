"""Which published build an answer is read from: the newest, or an older one that is kept."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query

from api.periods import read_last_instant, refusal
from core.builds.reader import PublishedLake
from core.dependencies import AppContext

BuildId = Annotated[
    str | None,
    Query(
        description="Read from this published build, the `build_id` of an earlier answer.",
        examples=["b0f3a1c2d4e5"],
    ),
]
AsOf = Annotated[
    str | None,
    Query(
        alias="as_of",
        description="Read from the newest published build that is true at this instant or before"
        " (ISO 8601; without offset: UTC; a date: to the end of that day, UTC). 410 if no build"
        " that old is kept any more.",
        examples=["2026-01-15T18:00:00Z"],
    ),
]


def lease_build(
    context: AppContext, build: BuildId = None, as_of: AsOf = None
) -> Iterator[PublishedLake]:
    """The newest published build, or the one that `build=` or `as_of=` chooses."""
    instant = read_last_instant("as_of", as_of)
    if build is not None and instant is not None:
        raise refusal("as_of", "Send either build or as_of.", "parameters_disagree")
    with context.lake.lease(build, instant) as published:
        yield published


PublishedBuild = Annotated[PublishedLake, Depends(lease_build)]

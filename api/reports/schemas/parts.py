"""What all reports answer with: the build, who asks, and how fresh the figures are."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from core import glossary

Seconds = Annotated[float, Field(description="Seconds.")]
Ratio = Annotated[float | None, Field(description="0 to 1; null where nothing was measured.")]
Xp = Annotated[float, Field(description="XP, about one minute of productive work each.")]


class Part(BaseModel):
    """A part of an answer: camelCase on the wire, the warehouse's names in the code."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, json_schema_extra=glossary.describe
    )


class Answer(Part):
    """Every answer names the build that it was read from."""

    build_id: str = Field(alias="build_id", description="Opaque; the same id, the same figures.")
    as_of: datetime = Field(alias="as_of", description="The moment up to which figures count.")


class Choice(Part):
    """Something to choose in a filter."""

    choice_id: str = Field(alias="id")
    title: str
    detail: str | None = None


class ComparedDays(Part):
    """As many school days of a week as of the week before, each from its first on."""

    school_day_count: int = Field(description="School days of each of the two weeks.")
    first_on: date
    last_on: date
    before_first_on: date = Field(description="The first of them in the week before.")
    before_last_on: date = Field(description="The last of them in the week before.")


class Me(Answer):
    """Who is signed in, and between what they can choose."""

    name: str
    user_id: str | None
    roles: list[str] = Field(examples=[["guide"]])
    classes: list[Choice]
    schools: list[Choice]
    children: list[Choice]
    client: Choice | None
    student_ids: list[str] = Field(description="Everyone whom the reader sees, if asked for.")


class Freshness(Answer):
    """How new the published figures are, and what waits to be counted."""

    build_number: int | None = Field(description="Counts builds; null for a partner.")
    published_at: datetime | None
    waiting_events: int = Field(description="Accepted, not yet in a build.")
    age_seconds: Seconds
    is_stale: bool = Field(description="Older than ten minutes.")

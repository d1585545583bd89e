"""The peer's request bodies."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Entity(BaseModel):
    """Anything that an event names; further keys are kept."""

    model_config = ConfigDict(extra="allow")
    id: str
    type: str


class Reference(BaseModel):
    """A course or a lesson."""

    id: str


class Extensions(BaseModel):
    """Where the event belongs."""

    model_config = ConfigDict(extra="allow")
    course: Reference
    lesson: Reference


class Generated(Entity):
    """A score, a response or an attempt."""

    scoreType: str | None = None
    scoreGiven: float | None = None
    maxScore: float | None = None


class Event(BaseModel):
    """One Caliper event."""

    model_config = ConfigDict(extra="allow")
    id: str
    type: Literal[
        "SessionEvent",
        "ViewEvent",
        "AssignableEvent",
        "AssessmentItemEvent",
        "AssessmentEvent",
        "GradeEvent",
    ]
    actor: Entity
    action: str
    object: Entity
    eventTime: AwareDatetime
    session: Entity | None = None
    generated: Generated | None = None
    extensions: Extensions


class Envelope(BaseModel):
    """The body of a post."""

    sensor: str
    sendTime: AwareDatetime
    dataVersion: Literal["http://purl.imsglobal.org/ctx/caliper/v1p2"]
    data: Annotated[list[Event], Field(min_length=1)]


class Answer(BaseModel):
    """What a post is answered with."""

    accepted: int

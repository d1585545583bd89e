"""The structs that a request's body is decoded with (Caliper 1.2, envelope and events).

They are strict where a figure hangs on a field and tolerant where clients are: every reference
may be a string, an object or null, and unknown keys are skipped, since the payload is kept as
sent. `references` and `scores` say how the fields are read.
"""

from datetime import datetime
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta, Struct, field

from ingest.events import actions

Identifier = Annotated[str, Meta(min_length=1, max_length=2048)]
Moment = Annotated[
    datetime, Meta(tz=True, description="RFC 3339, any offset, up to 9 fractional digits.")
]
Text = Annotated[Any, Meta(extra_json_schema={"type": ["string", "null"]})]
Flag = Annotated[Any, Meta(extra_json_schema={"type": ["boolean", "null"]})]
Count = Annotated[Any, Meta(extra_json_schema={"type": ["integer", "null"], "minimum": 0})]
Duration = Annotated[
    Any,
    Meta(
        description="Time on task right before `eventTime`: seconds, or ISO 8601 such as PT10M30S.",
        extra_json_schema={"type": ["number", "string", "null"]},
    ),
]


class Link(Struct, gc=False):
    """An entity of which only the identity counts: a person, an app, a course, a lesson."""

    id: str | None = None
    type: str | None = None


class Session(Link, gc=False):
    """A session, or an entity in its place; `user` is the student if the actor is software."""

    user: str | Link | None = None


class Entity(Link, gc=False):
    """What an event is about: content, an assessment, an item, an attempt, a session."""

    name: Text = None
    isPartOf: "str | Entity | None" = None
    assignable: "str | Entity | None" = None
    assignee: str | Link | None = None
    user: str | Link | None = None
    course: str | Link | None = None
    maxScore: float | None = None


class Extensions(Struct, gc=False):
    """`extensions` of an event or of what it generated: where partners put what Caliper lacks."""

    course: Annotated[
        str | Link | None, Meta(description="The course, by the sourcedId you published.")
    ] = None
    lesson: Annotated[
        str | Link | None, Meta(description="The lesson, by the sourcedId you published.")
    ] = None
    subject: Text = None
    scoreType: str | None = None
    scoreGiven: float | None = None
    maxScore: float | None = None
    correct: Flag = None
    totalQuestions: Count = None
    correctQuestions: Count = None
    duration: Duration = None
    durationSeconds: Duration = None


class Generated(Entity, gc=False):
    """What an event made: an Attempt, a Response or a Score."""

    attempt: str | Entity | None = None
    scoreType: Annotated[str | None, Meta(description='"XP", or the kind of grade.')] = None
    scoreGiven: Annotated[float | None, Meta(description="Points, or XP.")] = None
    duration: Duration = None
    extensions: Extensions | None = None


class Event(Struct, tag_field="type", kw_only=True, gc=False):
    """What the six event types that produce figures have in common (Caliper 1.2, Event)."""

    id: Identifier
    actor: Annotated[str | Link, Meta(description="The student, by sourcedId.")]
    action: str
    eventTime: Moment
    object: Annotated[
        str | Entity | None, Meta(description="What it is about: content, an item, an attempt.")
    ] = None
    generated: Annotated[
        str | Generated | None, Meta(description="What came of it: an attempt, response or score.")
    ] = None
    edApp: Annotated[str | Link | None, Meta(description="Which of your apps sends it.")] = None
    session: Annotated[
        str | Session | None, Meta(description="The session from LoggedIn to LoggedOut.")
    ] = None
    extensions: Extensions | None = None
    scoreType: str | None = None
    scoreGiven: float | None = None
    maxScore: float | None = None


class SessionEvent(Event, tag="SessionEvent", kw_only=True, gc=False):
    """The student logs in, logs out, or the app's session times out."""

    action: actions.SessionAction


class ViewEvent(Event, tag="ViewEvent", kw_only=True, gc=False):
    """The student views a lesson, a video, a reading or other passive content."""

    action: actions.ViewAction


class AssignableEvent(Event, tag="AssignableEvent", kw_only=True, gc=False):
    """The student starts, completes or submits an assignment."""

    action: actions.AssignableAction


class AssessmentEvent(Event, tag="AssessmentEvent", kw_only=True, gc=False):
    """The student starts, interrupts or completes a whole assessment."""

    action: actions.AssessmentAction


class AssessmentItemEvent(Event, tag="AssessmentItemEvent", kw_only=True, gc=False):
    """The student starts, skips or answers one question."""

    action: actions.AssessmentItemAction


class GradeEvent(Event, tag="GradeEvent", kw_only=True, gc=False):
    """XP or a grade is awarded: `scoreType` "XP" and `scoreGiven` N, on `generated`."""

    action: actions.GradeAction


class Metrics(Generated, gc=False):
    """What an ActivityEvent made: a list of metrics, each a name and a number."""

    attempt: str | Entity | float | None = None  # type: ignore[assignment]  # until it is made
    items: Any = None

    def __post_init__(self) -> None:
        """An attempt that is a number says which one it is of several, and is no id."""
        if isinstance(self.attempt, float | int):
            self.attempt = None


class ActivityContext(Entity, gc=False):
    """The activity; `process: false` asks for no result."""

    process: Flag = None


class ActivityEvent(Event, tag="ActivityEvent", kw_only=True, gc=False):
    """A whole activity is done, as the platform's own SDK says it: counts like an assessment.

    Taken for one only where it names course and lesson and says how many questions were asked
    and answered right; else it is an `OtherEvent`.
    """

    object: str | ActivityContext | None = None
    generated: str | Metrics | None = None


class OtherEvent(Struct, gc=False):
    """Any other Caliper event: kept, and marked unprocessed."""

    id: Identifier
    type: Identifier
    actor: str | Link
    action: Identifier
    eventTime: Moment
    object: Any = None
    edApp: Any = None
    session: Any = None


class EntityDescribe(Struct, gc=False):
    """An entity sent by itself (Caliper 1.2, "Entity describe"): kept, and marked unprocessed."""

    id: Identifier
    type: Identifier
    actor: Any = None
    action: Any = None
    eventTime: Any = None

    @property
    def claims_to_be_an_event(self) -> bool:
        """Whether it must be a whole event: by its type's name or by what it carries."""
        claims = (self.actor, self.action, self.eventTime)
        return self.type.endswith("Event") or any(claim is not None for claim in claims)


class Envelope(Struct, gc=False):
    """A Caliper envelope (Caliper 1.2, Envelope). Its events are decoded one by one."""

    data: list[msgspec.Raw]
    sensor: Any = None
    sendTime: Any = None
    dataVersion: Any = None


class Bare(Struct, gc=False):
    """A body that may be one event without an envelope; `data` is empty if it has none."""

    context: Any = field(name="@context", default=None)
    type: Any = None
    data: msgspec.Raw = field(default_factory=msgspec.Raw)


Processed = (
    SessionEvent | ViewEvent | AssignableEvent | AssessmentEvent | AssessmentItemEvent | GradeEvent
)
Kept = Processed | ActivityEvent | OtherEvent | EntityDescribe
PROCESSED: tuple[type[Event], ...] = get_args(Processed)
PROCESSED_TYPES = frozenset(struct.__name__ for struct in PROCESSED)

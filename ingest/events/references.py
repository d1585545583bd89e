"""Whom and what an event is about, in the places where clients put it.

Each function names one thing as sent; which course or lesson that is, the warehouse decides,
because the catalog can change.
"""

from ingest.events.envelope import (
    ActivityContext,
    ActivityEvent,
    Entity,
    Event,
    Generated,
    GradeEvent,
    Link,
    Session,
)
from ingest.events.scores import truth

AUTO_ATTACH = "urn:tag:auto-attach"
SOFTWARE = "SoftwareApplication"
# What a course is surely not, so that a question's assessment is not taken for its course.
NOT_A_COURSE = frozenset({"Assessment", "AssessmentItem", "Attempt"})
COURSE_TYPES = frozenset({"CourseOffering", "CourseSection"})


def identity(reference: str | Link | None) -> str | None:
    """The id of a reference, whether it is a string, an object or absent."""
    if reference is None:
        return None
    if isinstance(reference, Link):
        return reference.id or None
    return reference or None


def kind(reference: str | Link | None) -> str | None:
    """The type of a reference, if it was sent as an object."""
    return reference.type if isinstance(reference, Link) else None


def part(reference: str | Entity | None) -> str | Entity | None:
    """What the thing referred to is part of."""
    return reference.isPartOf if isinstance(reference, Entity) else None


def student(event: Event) -> str | None:
    """The student: the actor, unless software graded or timed out, which then names one."""
    actor = event.actor
    if not isinstance(actor, Link) or actor.type != SOFTWARE:
        return identity(actor)
    if not isinstance(event, GradeEvent) and event.action != "TimedOut":
        return actor.id
    thing, held = event.object, event.session
    named = None
    if isinstance(thing, Entity):
        named = identity(thing.assignee) or identity(thing.user)
    return named or (identity(held.user) if isinstance(held, Session) else None)


def session(event: Event) -> str | None:
    """The session, or None; an event of a session may have it as its object."""
    sent = identity(event.session)
    if sent in (None, AUTO_ATTACH) and isinstance(event.object, Entity):
        sent = event.object.id if event.object.type == "Session" else None
    return None if sent == AUTO_ATTACH else sent


def course(event: Event) -> str | None:
    """`extensions.course.id`, else `object.isPartOf` if of a course's type, `object.course.id`."""
    extensions, thing = event.extensions, event.object
    sent = identity(extensions.course) if extensions is not None else None
    if sent is not None or not isinstance(thing, Entity):
        return sent
    whole = thing.isPartOf
    return (identity(whole) if kind(whole) in COURSE_TYPES else None) or identity(thing.course)


def lesson(event: Event) -> str | None:
    """`extensions.lesson.id`."""
    return identity(event.extensions.lesson) if event.extensions is not None else None


def assignable(event: Event) -> str | Entity | None:
    """What was assigned: of the object, else of the attempt that was made."""
    thing, made = event.object, event.generated
    if isinstance(thing, Entity) and thing.assignable is not None:
        return thing.assignable
    if not isinstance(made, Generated):
        return None
    if isinstance(made.attempt, Entity) and made.attempt.assignable is not None:
        return made.attempt.assignable
    return made.assignable


def attempt(event: Event) -> tuple[str | None, str | None]:
    """The attempt and the attempt that it is part of, as an item's is part of its assessment's."""
    thing, made = event.object, event.generated
    named = None
    if isinstance(made, Generated):
        sent = made.attempt
        if isinstance(sent, Entity) and sent.id:
            return sent.id, identity(sent.isPartOf)
        named = identity(sent)
    if isinstance(thing, Entity) and thing.type == "Attempt" and named in (None, thing.id):
        return thing.id, identity(thing.isPartOf)
    if isinstance(made, Generated) and made.type == "Attempt" and named in (None, made.id):
        return made.id, identity(made.isPartOf)
    return named, None


def names_course(event: Event) -> bool:
    """Whether a course can be found: as sent, or as what the object is part of."""
    return course(event) is not None or _part_as_course(event) is not None


def names_lesson(event: Event) -> bool:
    """Whether a lesson can be found; what stands for the course cannot stand for the lesson."""
    if lesson(event) is not None:
        return True
    assigned = assignable(event)
    if identity(assigned) or identity(part(assigned)):
        return True
    whole = _content(event)
    is_course = kind(whole) in COURSE_TYPES or course(event) is None
    return identity(whole) is not None and not is_course


def is_wanted(event: ActivityEvent) -> bool:
    """Whether an activity may have a result."""
    thing = event.object
    return not isinstance(thing, ActivityContext) or truth(thing.process) is not False


def _content(event: Event) -> str | Entity | None:
    """What the object is part of; an attempt is part of an attempt, not of content."""
    return None if kind(event.object) == "Attempt" else part(event.object)


def _part_as_course(event: Event) -> str | None:
    whole = _content(event)
    return None if kind(whole) in NOT_A_COURSE else identity(whole)

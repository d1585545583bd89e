"""Answers to questions: which there are, and which are right (rule G6, "Correctness")."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tests.warehouse.oracle.story import Event, Story

WHOLES = frozenset({"Assessment", "AssignableDigitalResource"})
GRADED = frozenset({"AssessmentEvent", "ActivityEvent", "AssessmentItemEvent", "GradeEvent"})


@dataclass(frozen=True)
class Answer:
    """One answered question."""

    event: Event
    item_ref: str | None
    attempt_key: str
    assessed_ref: str
    session: str | None
    score: float | None
    most: float | None

    @property
    def is_scored(self) -> bool:
        """An unscored answer, and one of 0 points, is answered and outside accuracy."""
        return self.score is not None and (self.most is None or self.most > 0)

    @property
    def is_correct(self) -> bool | None:
        """From the maximum on, which is 1 where none was sent."""
        if self.score is None or not self.is_scored:
            return None
        return self.score >= (1 if self.most is None else self.most)


def attempt_key(event: Event, session: str | None) -> str:
    """The attempt that an event belongs to, else its session, else the event by itself."""
    return attempt_id(event) or (f"session:{session}" if session else f"event:{event.event_id}")


def attempt_id(event: Event) -> str | None:
    """The attempt that an event names."""
    return (
        event.attempt_part_ref
        or event.attempt_ref
        or (event.object_ref if event.object_type == "Attempt" else None)
        or (event.generated_ref if event.generated_type == "Attempt" else None)
    )


def named_ref(event: Event) -> str | None:
    """Rule G1, ruling g: what the attempt is at, the object itself, the item's whole."""
    is_item = event.event_type == "AssessmentItemEvent"
    candidates = []
    is_of_question = event.assignable_type == "AssessmentItem" or is_question_grade(event)
    if not is_of_question and not (is_item and event.assignable_ref == event.object_ref):
        candidates.append(event.assignable_ref)
    if event.object_type in WHOLES or (
        event.event_type == "AssessmentEvent" and event.object_type is None
    ):
        candidates.append(event.object_ref)
    if is_item or event.object_type == "AssessmentItem":
        candidates.append(event.object_part_ref)
    places = {event.course_ref, event.lesson_ref}
    return next((ref for ref in candidates if ref and ref not in places), None)


def assessed_ref(story: Story, event: Event) -> str:
    """What the event names, else what its attempt's events last named, else the lesson."""
    lesson = event.lesson_ref or ""
    if event.is_xp:
        return lesson
    named = named_ref(event)
    if named is None and attempt_id(event) is not None:
        lent = [
            other
            for other in story.events
            if other.event_type in GRADED
            and not other.is_xp
            and (other.client_id, other.student_ref, other.lesson_ref, attempt_id(other))
            == (event.client_id, event.student_ref, event.lesson_ref, attempt_id(event))
            and named_ref(other)
        ]
        named = named_ref(lent[-1]) if lent else None
    return named or lesson


def is_answer(event: Event) -> bool:
    """A question was answered."""
    return event.event_type == "AssessmentItemEvent" and event.action == "Completed"


def is_question_grade(event: Event) -> bool:
    """A grade of one question: it says so, or what was attempted is an item."""
    return (
        event.event_type == "GradeEvent"
        and not event.is_xp
        and (event.score_type == "QUESTION_RESULT" or event.assignable_type == "AssessmentItem")
    )


def answers(story: Story, session_of: Mapping[tuple[str, str], str]) -> list[Answer]:
    """Every answer; `session_of` names the session of (client, event id)."""
    made, used = [], set()
    for event in filter(is_answer, story.events):
        grades = [grade for grade in story.events if _grades(story, grade, event)]
        used |= {(grade.client_id, grade.event_id) for grade in grades}
        score, most = _score(event)
        for grade in sorted(grades, key=lambda grade: grade.place, reverse=True):
            if score is None:
                score, most = _score(grade)
        made.append(_answer(story, event, event.object_ref, score, most, session_of))
    alone: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in filter(is_question_grade, story.events):
        if (event.client_id, event.event_id) not in used:
            attempt = event.object_ref if event.object_type == "Attempt" else event.attempt_ref
            said = attempt or event.event_id
            alone[event.client_id, event.student_ref, said, event.assignable_ref].append(event)
    for grades in alone.values():
        first, last = grades[0], grades[-1]
        item = last.assignable_ref or (last.object_ref if last.object_type != "Attempt" else None)
        made.append(
            _answer(
                story, first, item or last.attempt_ref or last.object_ref, *_score(last), session_of
            )
        )
    return made


def _score(event: Event) -> tuple[float | None, float | None]:
    """Points first, then the mark right or wrong; XP is no score of an answer."""
    if event.score_given is not None and event.score_type != "XP":
        return event.score_given, event.max_score
    if event.is_correct is not None:
        return float(event.is_correct), 1.0
    return None, None


def _grades(story: Story, grade: Event, answer: Event) -> bool:
    """Whether a GradeEvent is one of the same attempt, and of this question."""
    if grade.event_type != "GradeEvent" or grade.is_xp or answer.attempt_ref is None:
        return False
    if (grade.client_id, grade.student_ref) != (answer.client_id, answer.student_ref):
        return False
    if answer.attempt_ref not in (grade.attempt_ref, grade.object_ref):
        return False
    if grade.assignable_ref is not None:
        return grade.assignable_ref == answer.object_ref
    of_attempt = [
        other
        for other in story.events
        if other.client_id == answer.client_id
        and other.student_ref == answer.student_ref
        and other.attempt_ref == answer.attempt_ref
    ]
    is_of_a_whole = grade.object_type in WHOLES or any(
        other.is_of_whole and other.lesson_ref == answer.lesson_ref for other in of_attempt
    )
    if is_of_a_whole and not is_question_grade(grade):
        return False
    return len({other.object_ref for other in of_attempt if is_answer(other)}) == 1


def _answer(
    story: Story,
    event: Event,
    item_ref: str | None,
    score: float | None,
    most: float | None,
    session_of: Mapping[tuple[str, str], str],
) -> Answer:
    session = session_of.get((event.client_id, event.event_id))
    key = attempt_key(event, session)
    assessed = assessed_ref(story, event)
    return Answer(event, item_ref or key, key, assessed, session, score, most)

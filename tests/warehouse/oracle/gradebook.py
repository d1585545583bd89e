"""Rules G1 to G5: one result for each attempt at each line item."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tests.warehouse.oracle.items import (
    GRADED,
    Answer,
    assessed_ref,
    attempt_key,
    is_question_grade,
)
from tests.warehouse.oracle.story import Event, Story


@dataclass(frozen=True)
class Result:
    """One attempt at one line item (course, lesson, assessed object, score type)."""

    student_id: str
    client_id: str
    course_id: str
    lesson_id: str
    assessed_ref: str
    score_type: str
    attempt_key: str
    events: tuple[Event, ...]
    answers: tuple[Answer, ...]
    superseded_xp: frozenset[str]

    @property
    def is_xp(self) -> bool:
        """XP stands on its own line item."""
        return self.score_type == "XP"

    @property
    def scored(self) -> list[Event]:
        """The events that carry a score that counts, by event time."""
        return [
            event
            for event in self.events
            if event.score_given is not None
            and event.event_type != "AssessmentItemEvent"
            and not is_question_grade(event)
            and event.event_id not in self.superseded_xp
        ]

    @property
    def counts(self) -> tuple[int, int] | None:
        """Ruling h: how many were right of how many, where an assessment says that and no score."""
        if self.is_xp or self.scored:
            return None
        said = [
            (event.correct_count, event.question_count)
            for event in self.events
            if event.is_of_whole
            and event.score_given is None
            and event.question_count
            and event.correct_count is not None
        ]
        return said[-1] if said else None

    @property
    def is_graded_by_items(self) -> bool:
        """Ruling i: handed in, not graded, and all its items are scored."""
        return (
            self.is_submitted
            and not self.is_xp
            and not self.scored
            and self.counts is None
            and bool(self.answers)
            and all(answer.is_scored for answer in self.answers)
        )

    @property
    def score(self) -> float | None:
        """A regrade replaces the score; XP adds up."""
        if self.is_graded_by_items:
            return sum(answer.score or 0 for answer in self.answers)
        if self.counts is not None:
            return self.counts[0]
        if not self.scored:
            return None
        if self.is_xp:
            return sum(event.score_given or 0 for event in self.scored)
        return self.scored[-1].score_given

    @property
    def most(self) -> float | None:
        """The maximum that came with the score."""
        if self.is_graded_by_items:
            return sum(1 if answer.most is None else answer.most for answer in self.answers)
        if self.counts is not None:
            return self.counts[1]
        return self.scored[-1].max_score if self.scored and not self.is_xp else None

    @property
    def percent(self) -> float | None:
        """Rule G4: none where the maximum is 0 or absent."""
        return 100 * self.score / self.most if self.score is not None and self.most else None

    @property
    def is_submitted(self) -> bool:
        """It was handed in, completed or graded."""
        return any(
            event.event_type == "GradeEvent"
            or (event.is_of_whole and event.action in {"Submitted", "Completed"})
            for event in self.events
        )

    @property
    def status(self) -> str:
        """Rule G2."""
        if self.score is not None:
            return "fully graded"
        if not self.is_xp and any(answer.is_scored for answer in self.answers):
            return "partially graded"
        return "submitted" if self.is_submitted else "not submitted"


def results(
    story: Story, answers: list[Answer], session_of: Mapping[tuple[str, str], str]
) -> list[Result]:
    """Every result of every student."""
    by_attempt: dict[tuple[str, ...], list[Event]] = defaultdict(list)
    for event in story.events:
        if event.event_type in GRADED and event.course_ref and event.lesson_ref:
            session = session_of.get((event.client_id, event.event_id))
            key = attempt_key(event, session)
            by_attempt[
                event.student_ref, event.client_id, event.course_ref, event.lesson_ref, key
            ].append(event)
    corrected = _corrected_xp(story)
    found = []
    for (student_id, client_id, course_id, lesson_id, key), events in by_attempt.items():
        own = [
            a
            for a in answers
            if (a.event.student_ref, a.event.client_id, a.event.lesson_ref, a.attempt_key)
            == (student_id, client_id, lesson_id, key)
        ]
        placed = [(assessed_ref(story, event), _score_type(event), event) for event in events]
        kinds = {
            (assessed, score_type)
            for assessed, score_type, event in placed
            if score_type is not None and not is_question_grade(event) and not event.is_xp
        }
        lines: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for assessed, score_type, event in placed:
            if score_type is not None:
                lines[assessed, score_type].append(event)
                continue
            graded = {kind for ref, kind in kinds if ref == assessed} or {"SCORE"}
            for kind in graded:
                lines[assessed, kind].append(event)
        for (assessed, score_type), members in lines.items():
            found.append(
                Result(
                    student_id,
                    client_id,
                    course_id,
                    lesson_id,
                    assessed,
                    score_type,
                    key,
                    tuple(sorted(members, key=lambda event: event.place)),
                    tuple(a for a in own if a.assessed_ref == assessed),
                    corrected,
                )
            )
    return found


def _score_type(event: Event) -> str | None:
    """SCORE if none was sent; what carries no grade takes the type of its attempt's grades."""
    if event.event_type == "AssessmentItemEvent":
        return None
    if event.is_of_whole and event.score_given is None:
        return None
    return (event.score_type or "SCORE").upper()


def _corrected_xp(story: Story) -> frozenset[str]:
    """XP grades that a later one of the same Attempt corrects."""
    last: dict[tuple[str, str, str], Event] = {}
    corrected = set()
    for event in story.events:
        if event.is_xp and event.object_type == "Attempt" and event.object_ref:
            key = (event.client_id, event.student_ref, event.object_ref)
            if key in last:
                corrected.add(last[key].event_id)
            last[key] = event
    return frozenset(corrected)

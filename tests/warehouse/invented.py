"""Students whose days nobody planned: random events at and around every limit of the rules.

Each student is one case with events of its own, so that one build judges them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.warehouse.oracle.story import Enrollment, Story, read_events
from tests.warehouse.trap_school import Row, course, lesson, record, user

ZONE = ZoneInfo("America/Chicago")
AS_OF = datetime(2026, 11, 4, 18, tzinfo=UTC)  # Wednesday noon in Chicago
RECORDED_AT = datetime(2026, 10, 26, 18, tzinfo=UTC)
HOLIDAY = date(2026, 11, 2)
CLIENTS = ("reading", "maths", "science")
SECOND_APP = "reading-lab"
GAPS = (
    0, 1, 20, 30, 31, 45, 60, 61, 120, 300, 599, 600, 601, 900,
    1799, 1800, 1801, 2400, 3599, 3600, 3601, 4000, 9000,
)  # fmt: skip
SHORT_GAPS = (0, 1, 10, 30, 59, 60, 61, 120, 300, 600, 601)
STARTS = (
    datetime(2026, 10, 28, 9, 0, tzinfo=ZONE),
    datetime(2026, 10, 30, 23, 30, tzinfo=ZONE),  # over local midnight
    datetime(2026, 11, 1, 0, 20, tzinfo=ZONE),  # the day of 25 hours
    datetime(2026, 10, 31, 23, 20, tzinfo=ZONE),
    datetime(2026, 11, 3, 8, 0, tzinfo=ZONE),
    datetime(2026, 11, 4, 9, 30, tzinfo=ZONE),  # today
    datetime(2026, 3, 8, 0, 30, tzinfo=ZONE),  # the day of 23 hours
    datetime(2026, 3, 7, 23, 40, tzinfo=ZONE),
)
BEGINS = (None, None, None, date(2026, 10, 29), date(2026, 11, 4), date(2026, 11, 5))
ENDS = (None, None, None, date(2026, 10, 30), date(2026, 11, 3))


@dataclass
class Case:
    """One student: what arrives, in the order of arrival, and where it is enrolled."""

    student_id: str
    rows: list[Row]
    enrollments: list[Enrollment]
    goal_xp: Decimal | None


def case(seed: int) -> Case:
    """The student of that seed."""
    random = Random(seed)
    student_id = f"student-{seed:03}"
    start = random.choice(STARTS).astimezone(UTC)
    clients = random.sample(CLIENTS, random.choice((1, 1, 2, 3)))
    gaps = random.choice((GAPS, GAPS, SHORT_GAPS, (1800, 2400, 2700, 3000)))
    rows: list[Row] = []
    for client_id in clients:
        offset = timedelta(seconds=random.choice((0, 0, 60, 400, 3000)))
        rows += _Stream(random, student_id, client_id, start + offset, gaps).rows()
    rows = [row for row in rows if row["event_time"] <= AS_OF]
    repeats = random.sample(rows, min(2, len(rows)))
    random.shuffle(rows)
    rows += [repeats[0], {**repeats[-1], "session_ref": "another-story"}] if repeats else []
    return Case(
        student_id,
        rows,
        list(_enrollments(random, student_id, clients)),
        random.choice((None, None, Decimal(40))),
    )


def _enrollments(random: Random, student_id: str, clients: list[str]) -> Iterator[Enrollment]:
    for client_id in clients:
        for number in range(random.choice((0, 1, 1, 1, 2))):
            yield Enrollment(
                f"{student_id}-{client_id}-{number}",
                student_id,
                f"{client_id}-course",
                random.choice((None, "school", "elsewhere")),
                random.random() < 0.5,
                random.choice(BEGINS),
                random.choice(ENDS),
                random.choice((None, None, Decimal(25))) if number == 0 else None,
            )


class _Stream:
    """One student in one client's apps."""

    def __init__(
        self, random: Random, student_id: str, client_id: str, start: datetime, gaps: tuple[int, ...]
    ) -> None:
        self.random = random
        self.student_id = student_id
        self.client_id = client_id
        self.at = start
        self.gaps = gaps
        self.count = 0
        self.session: str | None = None
        self.names_sessions = random.choice((True, False, None))
        self.sends_sessions = random.random() < 0.8
        self.is_grades_only = random.random() < 0.1
        self.measures = random.random() < 0.3
        self.is_good = random.choice((0.3, 0.8, 0.97))
        self.attempt = self._name("attempt")
        self.awards: list[str] = []

    def rows(self) -> list[Row]:
        """What the app sends."""
        made = []
        for _ in range(self.random.randint(1, 40)):
            acts = [self._grade, self._award] if self.is_grades_only else self._acts()
            made.append(self.random.choice(acts)())
            self.at += timedelta(seconds=self.random.choice(self.gaps))
        return made

    def _acts(self) -> list[Any]:
        acts = [
            self._view, self._view, self._start_item, self._answer, self._answer, self._answer,
            self._grade, self._award, self._assessment, self._assignment, self._question_grade,
        ]  # fmt: skip
        return acts + [self._login, self._logout, self._time_out] * self.sends_sessions

    def _name(self, what: str) -> str:
        return f"{what}-{self.random.getrandbits(64):016x}"

    def _event(self, event_type: str, action: str, **columns: Any) -> Row:
        self.count += 1
        is_session = event_type == "SessionEvent"
        names_session = self.names_sessions or (
            self.names_sessions is None and (is_session or self.random.random() < 0.5)
        )
        app = SECOND_APP if self.client_id == "reading" and self.random.random() < 0.1 else None
        lesson_number = 1 if self.random.random() < 0.9 else 2
        return {
            "event_id": self._name("event"),
            "event_type": event_type,
            "action": action,
            "event_time": self.at,
            "student_ref": self.student_id,
            "client_id": self.client_id,
            "actor_type": "Person",
            "app_ref": app,
            "session_ref": self.session if names_session else None,
            "course_ref": None if is_session else f"{self.client_id}-course",
            "lesson_ref": None if is_session else f"{self.client_id}-{lesson_number}",
            **columns,
        }

    def _login(self) -> Row:
        if self.random.random() < 0.8:
            self.session = self._name("session")
        return self._event("SessionEvent", "LoggedIn")

    def _logout(self) -> Row:
        return self._event("SessionEvent", "LoggedOut")

    def _time_out(self) -> Row:
        return self._event(
            "SessionEvent",
            "TimedOut",
            actor_type=self.random.choice(("Person", "SoftwareApplication")),
        )

    def _duration(self) -> float | None:
        return self.random.choice((None, 0.0, 30.0, 90.5, 700.0)) if self.measures else None

    def _view(self) -> Row:
        return self._event(
            "ViewEvent", "Viewed", object_ref="page", duration_seconds=self._duration()
        )

    def _assignment(self) -> Row:
        action = self.random.choice(("Started", "Completed", "Submitted"))
        return self._event("AssignableEvent", action, object_ref="homework")

    def _assessment(self) -> Row:
        action = self.random.choice(
            ("Started", "Started", "Paused", "Resumed", "Submitted", "Completed")
        )
        if action == "Started":
            self.attempt = self._name("attempt")
        scores: Row = {}
        if action == "Completed" and self.random.random() < 0.5:
            scores = {"score_given": float(self.random.randint(0, 10)), "max_score": 10.0}
        names_quiz = self.random.random() < 0.8
        return self._event(
            "AssessmentEvent",
            action,
            object_ref="quiz" if names_quiz else self.attempt,
            object_type="Assessment" if names_quiz else "Attempt",
            generated_ref=self.attempt,
            generated_type="Attempt",
            attempt_ref=self.attempt,
            **scores,
        )

    def _start_item(self) -> Row:
        return self._event("AssessmentItemEvent", "Started", object_ref="question-1")

    def _answer(self) -> Row:
        """No two answers share an instant: which is the last must not hang on an id."""
        self.at += timedelta(seconds=1, milliseconds=self.count)
        is_right = self.random.random() < self.is_good
        said: Row = self.random.choice(
            (
                {"is_correct": is_right},
                {"is_correct": is_right},
                {"score_given": 2.0 if is_right else 1.0, "max_score": 2.0},
                {"score_given": 1.0 if is_right else 0.5},
                {"score_given": 1.0 if is_right else 0.0, "is_correct": not is_right},
                {"score_given": 7.0, "score_type": "XP", "is_correct": is_right},
                {},
            )
        )
        own = self._name("item-attempt")
        where: Row = self.random.choice(
            (
                {"attempt_ref": own, "attempt_part_ref": self.attempt},
                {"attempt_ref": own, "attempt_part_ref": self.attempt},
                {"attempt_ref": self.attempt},
                {},
            )
        )
        self.last_answer = own if where.get("attempt_ref") == own else None
        self.question = f"question-{self.random.randint(1, 9)}"
        return self._event(
            "AssessmentItemEvent",
            "Completed",
            object_ref=self.question,
            object_type="AssessmentItem",
            object_part_ref=self.random.choice((None, "quiz")),
            duration_seconds=self._duration(),
            **said,
            **where,
        )

    def _question_grade(self) -> Row:
        """Of the last answer, or of a question that nobody saw answered."""
        self.at += timedelta(seconds=1, milliseconds=self.count)
        answered = getattr(self, "last_answer", None)
        if answered is None or self.random.random() < 0.3:
            answered, self.question = self._name("item-attempt"), "question-0"
        score: Row = self.random.choice(
            ({"score_given": 1.0, "max_score": 1.0}, {"score_given": 0.0}, {"is_correct": True})
        )
        return self._event(
            "GradeEvent",
            "Graded",
            actor_type="SoftwareApplication",
            object_ref=answered,
            object_type="Attempt",
            attempt_ref=answered,
            assignable_ref=self.question,
            assignable_type="AssessmentItem",
            score_type=self.random.choice(("QUESTION_RESULT", None)),
            **score,
        )

    def _grade(self) -> Row:
        self.at += timedelta(seconds=1, milliseconds=self.count)
        score, most = self.random.choice(((9.0, 10.0), (5.0, 10.0), (11.0, 10.0), (3.0, 0.0), (3.0, None)))
        return self._event(
            "GradeEvent",
            "Graded",
            actor_type=self.random.choice(("Person", "SoftwareApplication")),
            object_ref=self.attempt,
            object_type="Attempt",
            attempt_ref=self.attempt,
            score_type=self.random.choice((None, "SCORE", "EXAM")),
            score_given=score,
            max_score=most,
        )

    def _award(self) -> Row:
        """XP: of a new attempt, of one that had some before, or of something else."""
        if not self.awards or self.random.random() < 0.5:
            self.awards.append(self._name("award"))
        return self._event(
            "GradeEvent",
            "Graded",
            actor_type=self.random.choice(("Person", "SoftwareApplication")),
            object_ref=self.random.choice(self.awards),
            object_type=self.random.choice(("Attempt", "Attempt", "Attempt", "Assessment")),
            score_type=self.random.choice(("XP", "XP", "xp".upper())),
            score_given=self.random.choice((0.0, 5.0, 10.0, 12.5, -3.0, 60.0, 240.0, 241.0)),
        )


def roster(cases: list[Case]) -> list[Row]:
    """The school, its courses and its students, as the raw records have them."""
    made: list[Row] = [
        record(
            "org",
            "school",
            {
                "name": "School",
                "metadata": {
                    "timezone": ZONE.key,
                    "calendar": {"holidays": [HOLIDAY.isoformat()]},
                },
            },
        )
    ]
    for client_id in CLIENTS:
        made += course(client_id)
    made += [_class_of(client_id) for client_id in CLIENTS]
    for each in cases:
        student = user(each.student_id)
        goals = {} if each.goal_xp is None else {"metadata": {"goals": {"dailyXp": int(each.goal_xp)}}}
        made.append({**student, "payload": {**student["payload"], **goals}})
        made += [_enrollment(enrollment) for enrollment in each.enrollments]
    return [{"recorded_at": RECORDED_AT, **row} for row in made]


def _class_of(client_id: str) -> Row:
    """A class that names no school: it is at the student's."""
    parent = {"course": {"sourcedId": f"{client_id}-course"}}
    return record("class", f"{client_id}-anywhere", {"title": "Anywhere", **parent})


def _enrollment(enrollment: Enrollment) -> Row:
    client_id = enrollment.course_id.removesuffix("-course")
    payload: dict[str, Any] = {
        "user": {"sourcedId": enrollment.student_id},
        "class": {"sourcedId": f"{client_id}-anywhere"},
        "role": "student",
        "primary": enrollment.is_primary,
    }
    if enrollment.school_id:
        payload["school"] = {"sourcedId": enrollment.school_id}
    if enrollment.begin_on:
        payload["beginDate"] = enrollment.begin_on.isoformat()
    if enrollment.end_on:
        payload["endDate"] = enrollment.end_on.isoformat()
    if enrollment.goal_xp is not None:
        payload["metadata"] = {"goals": {"dailyXp": int(enrollment.goal_xp)}}
    return record("enrollment", enrollment.enrollment_id, payload)


def story(cases: list[Case]) -> Story:
    """The same for the oracle."""
    return Story(
        events=read_events(row for each in cases for row in each.rows),
        as_of=AS_OF,
        zone=ZONE,
        school_id="school",
        enrollments=tuple(enrollment for each in cases for enrollment in each.enrollments),
        subjects={f"{client_id}-course": client_id.title() for client_id in CLIENTS},
        lessons={f"{client_id}-{n}": f"{client_id}-course" for client_id in CLIENTS for n in (1, 2)},
        holidays=frozenset({HOLIDAY}),
        student_goals={each.student_id: each.goal_xp for each in cases if each.goal_xp is not None},
    )

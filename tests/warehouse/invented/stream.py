"""What one student does in one client's apps."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.warehouse.trap_school import Row

SECOND_APP = "reading-lab"
GAPS = (
    0,
    1,
    20,
    30,
    31,
    45,
    60,
    61,
    120,
    300,
    599,
    600,
    601,
    900,
    1799,
    1800,
    1801,
    2400,
    3599,
    3600,
    3601,
    4000,
    9000,
)
SHORT_GAPS = (0, 1, 10, 30, 59, 60, 61, 120, 300, 600, 601)
LONG_GAPS = (1700, 1750, 1790, 1795)  # hours without a pause
DURATIONS = (
    None,
    None,
    0.0,
    20.0,
    30.0,
    90.5,
    601.0,
    700.0,
    1800.0,
    2400.0,
    3600.0,
    4500.0,
    12_000.0,
    28_800.0,
    40_000.0,
)


class Stream:
    """One student in one client's apps."""

    def __init__(
        self,
        random: Random,
        student_id: str,
        client_id: str,
        start: datetime,
        gaps: tuple[int, ...],
    ) -> None:
        self.random = random
        self.student_id = student_id
        self.client_id = client_id
        self.at = start
        self.gaps = gaps
        self.count = 0
        self.sessions: list[str] = []
        self.session: str | None = None
        self.names_sessions = random.choice((True, False, None))
        self.sends_sessions = random.random() < 0.8
        self.is_grades_only = random.random() < 0.1
        self.measures = random.random() < 0.3
        self.is_brief = gaps != LONG_GAPS or random.random() < 0.2
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
            self._view,
            self._view,
            self._start_item,
            self._answer,
            self._answer,
            self._answer,
            self._grade,
            self._award,
            self._assessment,
            self._assignment,
            self._question_grade,
        ]
        return (
            acts + [self._login, self._logout, self._time_out] * self.sends_sessions * self.is_brief
        )

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
            "session_ref": self._session() if names_session else None,
            "course_ref": None if is_session else f"{self.client_id}-course",
            "lesson_ref": None if is_session else f"{self.client_id}-{lesson_number}",
            **columns,
        }

    def _session(self) -> str | None:
        """The one that the student is in, or now and then that of another tab."""
        if self.sessions and self.random.random() < 0.1:
            return self.random.choice(self.sessions)
        return self.session

    def _login(self) -> Row:
        """Of a new session, of the same again, or of one before it."""
        if not self.sessions or self.random.random() < 0.7:
            self.sessions.append(self._name("session"))
        self.session = self.random.choice(self.sessions[-3:])
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
        return self.random.choice(DURATIONS) if self.measures else None

    def _view(self) -> Row:
        return self._event(
            "ViewEvent", "Viewed", object_ref="page", duration_seconds=self._duration()
        )

    def _assignment(self) -> Row:
        action = self.random.choice(("Started", "Completed", "Submitted"))
        return self._event(
            "AssignableEvent", action, object_ref="homework", duration_seconds=self._duration()
        )

    def _assessment(self) -> Row:
        action = self.random.choice(
            ("Started", "Started", "Paused", "Resumed", "Submitted", "Completed")
        )
        if action == "Started":
            self.attempt = self._name("attempt")
        scores: Row = {}
        if action == "Completed" and self.random.random() < 0.5:
            scores = {"score_given": float(self.random.randint(0, 10)), "max_score": 10.0}
        event_type = "AssessmentEvent"
        if action in {"Submitted", "Completed"} and not scores and self.random.random() < 0.5:
            scores = {"question_count": 5, "correct_count": self.random.randint(0, 5)}
            event_type = self.random.choice(("AssessmentEvent", "ActivityEvent"))
        names_quiz = self.random.random() < 0.8
        return self._event(
            event_type,
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
        score, most = self.random.choice(
            ((9.0, 10.0), (5.0, 10.0), (11.0, 10.0), (3.0, 0.0), (3.0, None))
        )
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

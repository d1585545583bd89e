"""The requests that page and collection show, made of the partner's own ids."""

from dataclasses import dataclass
from typing import Any

ROSTER = "/rostering/1.0"
NEW_ID, NOW = "@new-id@", "@now@"  # a fresh UUID and the current time, as each form makes them
CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"


@dataclass(frozen=True)
class Step:
    """One request. `path` is from the origin; `title` says what it does."""

    title: str
    method: str
    path: str
    body: dict[str, Any] | None = None


@dataclass(frozen=True)
class Steps:
    """The requests of one partner, whose ids begin with `prefix`."""

    prefix: str

    @property
    def course(self) -> str:
        """The course of the examples."""
        return f"{self.prefix}-course"

    @property
    def lesson(self) -> str:
        """Its one lesson."""
        return f"{self.prefix}-lesson"

    @property
    def student(self) -> str:
        """The student that a testing client makes."""
        return f"{self.prefix}-student"

    def catalog(self) -> list[Step]:
        """Course, unit, lesson."""
        unit = f"{self.prefix}-unit"
        return [
            _put(
                "courses",
                self.course,
                "Publish a course",
                {"title": "Math 5", "subjects": ["Math"], "grades": ["5"]},
            ),
            _put(
                "units",
                unit,
                "Publish a unit of it",
                {"title": "Fractions", "sortOrder": 1, "course": {"sourcedId": self.course}},
            ),
            _put(
                "lessons",
                self.lesson,
                "Publish a lesson of the unit",
                {"title": "Halves", "sortOrder": 1, "unit": {"sourcedId": unit}},
            ),
        ]

    def scaffolding(self) -> list[Step]:
        """What Alpha does in production: a student, a class, an enrollment, a guardian."""
        group, guardian = f"{self.prefix}-class", f"{self.prefix}-guardian"
        return [
            _put(
                "users",
                self.student,
                "Make a student",
                {"givenName": "Ada", "familyName": "Test", "grades": ["5"]},
            ),
            _put(
                "classes",
                group,
                "Make a class of your course",
                {"title": "Math 5 A", "course": {"sourcedId": self.course}},
            ),
            _put(
                "enrollments",
                f"{self.prefix}-enrollment",
                "Enroll the student in it",
                {"user": {"sourcedId": self.student}, "class": {"sourcedId": group}},
            ),
            _put(
                "users",
                guardian,
                "Make a guardian",
                {"givenName": "Pat", "familyName": "Test", "roles": [{"role": "guardian"}]},
            ),
            _put(
                f"students/{self.student}/agents", guardian, "Link the guardian to the student", {}
            ),
        ]

    def events(self) -> list[Step]:
        """One event of each type, in the order of a lesson."""
        quiz = {"id": f"{self.prefix}-quiz", "type": "Assessment", "name": "Halves, the quiz"}
        attempt = {"id": f"{self.prefix}-attempt", "type": "Attempt", "assignable": quiz["id"]}
        item = {
            "id": f"{self.prefix}-quiz-1",
            "type": "AssessmentItem",
            "isPartOf": quiz["id"],
            "maxScore": 1,
        }
        response = {
            "id": f"{self.prefix}-response-1",
            "type": "Response",
            "attempt": {
                "id": f"{self.prefix}-attempt-1",
                "type": "Attempt",
                "isPartOf": attempt["id"],
            },
            "extensions": {"correct": True},
        }
        text = {"id": f"{self.prefix}-video", "type": "VideoObject", "name": "What a half is"}
        return [
            self._event("The student logs in", "SessionEvent", "LoggedIn", object=self._app),
            self._event("The student views content", "ViewEvent", "Viewed", object=text),
            self._event(
                "The student starts an assignment",
                "AssignableEvent",
                "Started",
                object=quiz,
                generated=attempt,
            ),
            self._event(
                "The student answers a question",
                "AssessmentItemEvent",
                "Completed",
                object=item,
                generated=response,
            ),
            self._event(
                "The student completes a quiz",
                "AssessmentEvent",
                "Completed",
                object=quiz,
                generated=attempt,
                more={"totalQuestions": 1, "correctQuestions": 1},
            ),
            self._event(
                "The student earned 12 XP",
                "GradeEvent",
                "Graded",
                object=attempt,
                generated=self._score(attempt["id"], 12),
            ),
        ]

    def graded(self, attempt: str, xp: int) -> dict[str, Any]:
        """A GradeEvent that awards XP for an attempt."""
        reference = {"id": attempt, "type": "Attempt"}
        step = self._event(
            "", "GradeEvent", "Graded", object=reference, generated=self._score(attempt, xp)
        )
        assert step.body is not None  # noqa: S101  every event has one
        return step.body

    def reading(self) -> list[Step]:
        """What was derived from the events."""
        student = self.student
        return [
            _get("The student's XP ledger", f"/xp/1.0/users/{student}/entries"),
            _get("Minutes, XP, questions by day", f"/analytics/1.0/activity?studentId={student}"),
            _get("Insights", f"/insights/1.0/users/{student}"),
            _get("Gradebook results", "/gradebook/1.0/assessment-results"),
            _get("Mastery of each lesson", f"/mastery/1.0/users/{student}/lessons"),
            _get("Events that wait for something", "/events/1.0/?status=quarantined"),
            _get("Your courses", f"{ROSTER}/courses"),
        ]

    @property
    def _app(self) -> dict[str, str]:
        return {"id": f"https://apps.example.org/{self.prefix}", "type": "SoftwareApplication"}

    @staticmethod
    def _score(attempt: str, xp: int) -> dict[str, Any]:
        return {
            "id": f"{attempt}-score",
            "type": "Score",
            "attempt": attempt,
            "scoreType": "XP",
            "scoreGiven": xp,
        }

    def _event(
        self,
        title: str,
        event_type: str,
        action: str,
        *,
        more: dict[str, Any] | None = None,
        **members: Any,
    ) -> Step:
        body = {
            "@context": CONTEXT,
            "id": f"urn:uuid:{NEW_ID}",
            "type": event_type,
            "action": action,
            "actor": {"id": self.student, "type": "Person"},
            "eventTime": NOW,
            **members,
            "edApp": self._app,
            "session": {"id": f"{self.prefix}-session", "type": "Session"},
            "extensions": {
                "course": {"id": self.course},
                "lesson": {"id": self.lesson},
                **(more or {}),
            },
        }
        return Step(title, "POST", "/events/1.0/", body)


def _put(collection: str, sourced_id: str, title: str, body: dict[str, Any]) -> Step:
    return Step(title, "PUT", f"{ROSTER}/{collection}/{sourced_id}", body)


def _get(title: str, path: str) -> Step:
    return Step(title, "GET", path)

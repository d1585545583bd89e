"""What guides, parents and students read: a day, its time, XP and lessons."""

from datetime import date, datetime

from pydantic import Field

from api.evidence import EvidenceUnit
from api.reports.schemas.parts import Answer, Part, Ratio, Seconds, Xp


class Flag(Part):
    """A reason to look at a student, with its measure and the limit that it crossed."""

    reason: str
    measured: float | None
    threshold: float | None
    evidence_count: int = Field(description="How much `measured` rests on.", examples=[36])
    evidence_unit: EvidenceUnit
    lesson_id: str | None
    lesson_title: str | None
    text: str = Field(examples=["58% of 36 answers correct over 7 days; flagged below 70%."])


class Standing(Part):
    """One student's day."""

    student_id: str
    name: str
    grade: str | None
    school_id: str | None
    school_name: str | None
    timezone: str
    local_on: date = Field(description="A day of the student's school.")
    goal_xp: float | None
    earned_xp: Xp
    status: str = Field(description="met, on_pace, behind, not_started, no_school or no_goal.")
    streak_days: int
    active_seconds: Seconds
    idle_seconds: Seconds
    total_questions: int
    accuracy_ratio: Ratio
    last_seen_at: datetime | None
    last_app: str | None
    flags: list[Flag]


class GuideToday(Answer):
    """A guide's students, those who need the guide most first."""

    class_id: str | None
    students: list[Standing]


class Day(Part):
    """One student's day in a row of days."""

    local_on: date
    goal_xp: float | None
    earned_xp: Xp
    status: str
    active_seconds: Seconds
    restated_at: datetime | None


class Segment(Part):
    """A stretch of time in one app."""

    session_id: str
    app_name: str
    subject: str | None
    lesson_title: str | None
    state: str = Field(description="active or idle.")
    started_at: datetime
    ended_at: datetime
    seconds: Seconds
    is_counted: bool = Field(description="False where another app has this time.")


class Session(Part):
    """One session in one app, before overlaps with other apps are resolved."""

    session_id: str
    app_name: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str
    time_quality: str
    active_seconds: float | None
    idle_seconds: float | None
    event_count: int


class LedgerEntry(Part):
    """One row of the XP ledger, down to the event that made it."""

    entry_id: str
    earned_at: datetime
    xp: Xp
    kind: str = Field(description="earn, correct or reverse.")
    status: str = Field(description="credited or pending_enrollment.")
    subject: str | None
    course_title: str | None
    lesson_title: str | None
    app_name: str
    source_event_id: str
    review_reason: str | None
    review_text: str | None = Field(
        description="Why it is to be looked at, with its numbers; null if it is not.",
        examples=["150 XP on a day of 20 active minutes"],
    )
    restated_at: datetime | None


class MissedItem(Part):
    """A question that was answered wrong at least once."""

    item_ref: str
    item_title: str | None
    subject: str | None
    lesson_title: str
    answer_count: int
    wrong_count: int
    last_answered_at: datetime
    is_last_correct: bool
    last_event_id: str


class Rung(Part):
    """One lesson of a student's ladder."""

    course_id: str
    course_title: str
    subject: str | None
    lesson_id: str
    lesson_title: str
    unit_title: str | None
    lesson_position: int
    mastery_state: str
    best_score_ratio: Ratio
    item_count: int
    correct_count: int
    attempt_count: int
    is_struggling: bool
    first_mastered_on: date | None


class Placement(Part):
    """Where a student stands in a course, for those who assign work."""

    course_id: str
    course_title: str
    lesson_count: int
    mastered_count: int
    proficient_count: int
    next_lesson: str | None
    gap_lessons: list[str]
    ahead_lessons: list[str]


class SubjectDay(Part):
    """One subject of one student's day."""

    subject: str
    xp: Xp
    active_seconds: Seconds
    total_questions: int
    correct_questions: int
    scored_questions: int
    mastered_lessons: int


class Pace(Part):
    """Local hours between which a day's goal is expected to grow evenly."""

    starts_hour: int
    ends_hour: int


class StudentReport(Answer):
    """One student: the day, its time by app, XP, lessons and ledger.

    With a subject chosen, all but `standing` and `subjects` is about that subject alone.
    """

    standing: Standing
    pace: Pace
    classes: list[str]
    subject: str | None = Field(description="The subject that was chosen; null for all.")
    subjects_taken: list[str]
    restatement: str | None
    waiting: str | None
    subjects: list[SubjectDay]
    days: list[Day]
    segments: list[Segment]
    sessions: list[Session]
    ledger: list[LedgerEntry]
    lessons: list[Rung]
    placement: list[Placement]
    missed: list[MissedItem]

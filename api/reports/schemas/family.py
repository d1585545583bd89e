"""What parents read: a child's day, the child's week beside the one before, what XP means."""

from datetime import date, datetime

from pydantic import Field

from api.reports.schemas.learning import Day, LedgerEntry, Standing, SubjectDay
from api.reports.schemas.parts import Answer, ComparedDays, Part, Ratio, Seconds, Xp


class LessonDay(Part):
    """A lesson that a child worked on."""

    subject: str | None
    lesson_title: str
    course_title: str
    app_name: str
    xp: Xp
    active_seconds: Seconds
    total_questions: int
    correct_questions: int
    mastery_state: str | None


class ChildToday(Part):
    """One child's day and the week before it."""

    standing: Standing
    subjects: list[SubjectDay]
    lessons: list[LessonDay]
    days: list[Day]


class ParentToday(Answer):
    """A parent's children."""

    children: list[ChildToday]


class Span(Part):
    """What a child did on some days, of which `firstOn` and `lastOn` are the ends."""

    first_on: date
    last_on: date
    xp: Xp = Field(description="XP that counts toward goals.")
    waiting_xp: Xp
    active_seconds: Seconds
    total_questions: int
    correct_questions: int
    scored_questions: int
    active_days: int
    goal_days: int
    met_days: int
    mastered_lessons: int


class SubjectOfDay(Part):
    """One subject on one day."""

    local_on: date
    subject: str
    xp: Xp = Field(description="XP that counts toward goals.")
    active_seconds: Seconds
    total_questions: int
    correct_questions: int
    scored_questions: int
    mastered_lessons: int


class MasteredLesson(Part):
    """A lesson that was mastered for the first time."""

    first_mastered_on: date
    subject: str | None
    course_title: str
    lesson_title: str
    best_score_ratio: Ratio
    item_count: int
    correct_count: int


class ChildWeek(Part):
    """One child's week up to its last day known, beside as many school days of the one before."""

    standing: Standing
    week: Span
    compared_days: ComparedDays | None
    compared_week: Span | None
    week_before: Span | None
    is_going_on: bool
    streak_days: int
    days: list[Day]
    subject_days: list[SubjectOfDay]
    mastered: list[MasteredLesson]


class ParentWeek(Answer):
    """A parent's children, each with the week."""

    children: list[ChildWeek]


class RuleNumbers(Part):
    """The numbers of the rules that a family's figures follow."""

    active_gap_seconds: Seconds = Field(description="A pause counts as work up to this.")
    mastered_ratio: float
    mastered_item_count: int
    mastered_session_count: int
    mastery_last_items: int
    proficient_ratio: float
    review_ratio: float
    default_goal_xp: Xp
    restated_after_minutes: int


class XpMeaning(Answer):
    """What XP means, told by one child's own figures; null where there is none yet."""

    student_id: str
    name: str
    timezone: str
    numbers: RuleNumbers
    example: Day | None = Field(description="The newest day with XP.")
    idle_seconds: Seconds = Field(description="Quiet time of that day, which does not count.")
    entries: list[LedgerEntry] = Field(description="That day's entries of the XP ledger.")
    mastered: MasteredLesson | None = Field(description="The lesson mastered last.")
    restated_on: date | None
    restated_at: datetime | None
    waiting_xp: Xp

"""What guides read of a class: the grid of a week, lessons that hold up, the week's review."""

from datetime import date, datetime

from pydantic import Field

from api.reports.schemas.learning import Flag
from api.reports.schemas.parts import Answer, ComparedDays, Part, Ratio, Seconds, Xp


class Week(Part):
    """Which week an answer is about: Monday to Sunday, up to today at most."""

    starts_on: date
    through_on: date
    is_over: bool


class GridDay(Part):
    """One student's day in the grid's heat map."""

    local_on: date
    goal_xp: float | None
    earned_xp: Xp
    status: str
    active_seconds: Seconds


class GridCell(Part):
    """One student's week in one subject, or in all of them."""

    subject: str
    goal_xp: float | None = Field(description="Goals of the week's school days so far, XP.")
    earned_xp: Xp
    status: str
    active_seconds: Seconds


class GridRow(Part):
    """One student's week."""

    student_id: str
    name: str
    grade: str | None
    cells: list[GridCell]
    total: GridCell | None = Field(description="All subjects together; null if nothing is known.")
    days: list[GridDay]


class ClassGrid(Answer):
    """Students by subjects against their goals, and students by days."""

    class_id: str | None
    week: Week
    grades: list[str] = Field(description="Grades of the students.")
    subjects: list[str]
    students: list[GridRow]


class StuckStudent(Part):
    """One student whom a lesson holds up."""

    student_id: str
    name: str
    stuck_reason: str
    mastery_state: str
    last_answers: list[bool]
    last_ten_ratio: Ratio
    attempt_count: int
    active_seconds: Seconds = Field(description="Seconds of activity in the lesson, ever.")
    last_activity_at: datetime


class HardItem(Part):
    """A question that few get right."""

    item_ref: str
    item_title: str | None
    response_count: int
    correct_ratio: float
    discrimination: float | None
    hint: str | None


class StuckLesson(Part):
    """A lesson that holds up at least one student."""

    lesson_id: str
    lesson_title: str
    unit_title: str | None
    course_title: str
    subject: str | None
    student_count: int
    struggling_count: int
    review_count: int
    no_progress_count: int
    last_ten_ratio: Ratio = Field(description="Mean of these students' last ten answers, 0 to 1.")
    active_seconds: Seconds = Field(description="Seconds of these students in the lesson, ever.")
    students: list[StuckStudent]
    items: list[HardItem]


class StuckLessons(Answer):
    """The lessons that hold up a guide's students, most students first."""

    class_id: str | None
    since_at: datetime
    subjects: list[str]
    student_count: int
    lessons: list[StuckLesson]


class ReviewDay(Part):
    """The whole class on one day."""

    local_on: date
    goal_count: int
    met_count: int
    xp: Xp
    active_seconds: Seconds


class ReviewTotals(Part):
    """What a student or the class did in a span of days."""

    xp: Xp
    active_seconds: Seconds
    goal_days: int
    met_days: int
    accuracy_ratio: Ratio


class StudentWeek(Part):
    """One student's week, beside as many school days of their week before."""

    student_id: str
    name: str
    grade: str | None
    this_week: ReviewTotals
    compared_days: ComparedDays | None
    compared_week: ReviewTotals
    week_before: ReviewTotals
    trend: str
    mastered_titles: list[str]
    flags: list[Flag]


class WeekReview(Answer):
    """A class's week in one digest."""

    class_id: str | None
    week: Week
    this_week: ReviewTotals
    compared_days: ComparedDays | None
    compared_week: ReviewTotals
    week_before: ReviewTotals
    days: list[ReviewDay]
    mastered_count: int
    students: list[StudentWeek]

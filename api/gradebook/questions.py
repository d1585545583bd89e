"""What a caller asks of the gradebook: which results or line items, in which order and form."""

from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Query

from api.gradebook import queries
from api.gradebook.filters import Field, compile_filter, compile_sort
from api.gradebook.queries import LINE_ITEM_FIELDS, RESULT_FIELDS, Choice
from api.parameters import CourseId, Email, EndDate, LessonId, StartDate, StudentId, Timezone
from api.periods import given_period
from api.reading import Reading, Student
from core.access import Condition, all_of

Policy = Literal["all", "first", "latest", "best"]

Filter = Annotated[
    str | None,
    Query(
        description="Conditions: = != > >= < <= ~ (contains), AND, OR, parentheses, '' for a quote;"
        " any field of the record, dotted within (OneRoster 1.2 section 3.3.3). `scoreDate` and its"
        " like are compared with a date-time as instants (without offset: UTC), with a date as days"
        " of the student's school.",
        examples=["scoreStatus='fully graded' AND score>='8'"],
    ),
]
Sort = Annotated[
    str | None,
    Query(
        description="A field to sort by, `sourcedId` by default; ties break by it.",
        examples=["scoreDate"],
    ),
]
OrderBy = Annotated[
    Literal["asc", "desc"], Query(alias="orderBy", description="Direction of the sort.")
]
Fields = Annotated[
    str | None,
    Query(
        description="Comma-separated fields to keep of each record; all by default.",
        examples=["sourcedId,score"],
    ),
]


def equal(column: str, name: str, text: str | None) -> Condition | None:
    """The condition that a column equals a parameter, None if it was not sent."""
    return Condition(f"{column} = ${name}", {name: text}) if text is not None else None


@dataclass(frozen=True)
class ResultQuestion:
    """The parameters of a list of results."""

    student_id: StudentId = None
    email: Email = None
    course_id: CourseId = None
    lesson_id: LessonId = None
    start_date: StartDate = None
    end_date: EndDate = None
    timezone: Timezone = None
    policy: Annotated[
        Policy | None,
        Query(
            description="Which attempts at a line item: `all`, or the `first`, `latest` or `best`"
            " alone. By default assessment results are `all`, and results what the course's"
            " `metadata.gradePolicy` says, `best` unless it says.",
        ),
    ] = None
    filter: Filter = None
    sort: Sort = None
    order_by: OrderBy = "asc"
    fields: Fields = None

    def choice(self, reading: Reading, default: str) -> Choice:
        """The rows asked for; 404 if they are of a student whom the viewer may not read."""
        is_of_student = bool(self.student_id or self.email)
        student = (
            reading.student_named(self.student_id, self.email, "gradebook.results")
            if is_of_student
            else None
        )
        where = all_of(
            equal("result.student_id", "student_id", student.student_id if student else None),
            equal("result.course_id", "course_id", self.course_id),
            equal("result.lesson_id", "lesson_id", self.lesson_id),
            queries.POLICIES[self.policy or default],
            self._in_days(reading, student),
            compile_filter(self.filter, RESULT_FIELDS),
        )
        order = compile_sort(self.sort, self.order_by, RESULT_FIELDS)
        return Choice(where, order, by_id=is_of_student)

    def _in_days(self, reading: Reading, student: Student | None) -> Condition | None:
        zone = reading.requested_zone(self.timezone)
        start, end = ("startDate", self.start_date), ("endDate", self.end_date)
        days = given_period(
            start, end, zone=lambda: zone or (student.zone if student else ZoneInfo("UTC"))
        )
        if days is None:
            return None
        if zone is None:
            between = "result.scored_on between $start_on and $end_on"
            return Condition(between, days.parameters)
        between = "(result.scored_at at time zone $timezone)::date between $start_on and $end_on"
        return Condition(between, {**days.parameters, "timezone": zone.key})


@dataclass(frozen=True)
class LineItemQuestion:
    """The parameters of a list of line items."""

    course_id: CourseId = None
    lesson_id: LessonId = None
    filter: Filter = None
    sort: Sort = None
    order_by: OrderBy = "asc"
    fields: Fields = None

    def choice(self) -> Choice:
        """The rows asked for."""
        where = all_of(
            equal("item.course_id", "course_id", self.course_id),
            equal("item.lesson_id", "lesson_id", self.lesson_id),
            compile_filter(self.filter, LINE_ITEM_FIELDS),
        )
        return Choice(where, compile_sort(self.sort, self.order_by, LINE_ITEM_FIELDS))


def by_id(field: Field, sourced_id: str) -> Choice:
    """The one record of that id."""
    return Choice(
        Condition(f"{field.sql} = $sourced_id", {"sourced_id": sourced_id}), field.sql, by_id=True
    )

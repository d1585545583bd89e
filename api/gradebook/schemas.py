"""The gradebook on the wire: OneRoster 1.2 Gradebook shapes; fields without a value are absent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from api.formats import WireModel
from core import glossary

ScoreStatus = Literal["exempt", "fully graded", "not submitted", "partially graded", "submitted"]
Flag = Literal["true", "false"]


class SparseModel(WireModel):
    """A record whose fields without a value are absent, as OneRoster has it."""

    model_config = ConfigDict(json_schema_extra=glossary.describe_sparse)


class Reference(WireModel):
    """A link to a record (OneRoster GUIDRef)."""

    href: str = Field(
        description="Where to read it.",
        examples=["https://timeback.example/rostering/1.0/users/student-ana"],
    )
    sourced_id: str = Field(description="The record's permanent id.", examples=["student-ana"])
    type: str = Field(description="Its type, in OneRoster's words.", examples=["user"])


def reference(origin: str, path: str, sourced_id: str, record_type: str) -> Reference:
    """The link to one record of a collection."""
    return Reference(href=f"{origin}/{path}/{sourced_id}", sourced_id=sourced_id, type=record_type)


class ResultMetadata(SparseModel):
    """What OneRoster has no field for."""

    course_id: str
    lesson_id: str | None
    application_id: str
    attempt: int | None = Field(description="1 for the student's first attempt.", examples=[1])
    score_type: str
    max_score: float | None
    score_percent: float | None = Field(
        description="0 to 100, above it where the score is; absent without a maximum score.",
        examples=[80.0],
    )
    is_xp: bool
    is_above_max: bool = Field(
        description="The score is above its maximum, which is allowed.", examples=[False]
    )
    item_count: int | None = Field(
        description="Questions answered in the attempt; absent where none were sent.",
        examples=[10],
    )
    correct_count: int | None
    is_first: bool = Field(description="What `policy=first` keeps.", examples=[True])
    is_latest: bool = Field(description="What `policy=latest` keeps.", examples=[True])
    is_best: bool = Field(description="What `policy=best` keeps.", examples=[True])
    source_event_id: str | None


class Scored(SparseModel):
    """What both kinds of result share."""

    sourced_id: str = Field(description="Permanent id of the result.", examples=["4f2a9c"])
    status: Literal["active"] = Field("active", description="Results are never deleted.")
    date_last_modified: datetime = Field(description="The attempt's last event (UTC).")
    student: Reference = Field(description="Whose result it is.")
    score: float | None = Field(
        description="Points given; absent while `scoreStatus` says that none are.", examples=[8.0]
    )
    score_status: ScoreStatus = Field(
        description="`not submitted`: begun only; `submitted`: no score yet; `partially graded`:"
        " some questions scored; `fully graded`."
    )
    score_date: date = Field(description="Local day of the attempt's last event.")
    comment: str | None = Field(
        description="As the app sent it; absent if it sent none.", examples=["Well argued."]
    )
    in_progress: Flag = Field(description="Whether the attempt goes on.", examples=["false"])
    metadata: ResultMetadata = Field(description="What OneRoster has no field for.")

    @classmethod
    def shared(cls, row: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """The shared fields of one row of `queries.results`."""
        metadata = {name: row[name] for name in ResultMetadata.model_fields if name in row}
        return {
            "sourced_id": row["result_id"],
            "date_last_modified": row["scored_at"],
            "student": reference(origin, "rostering/1.0/users", row["student_id"], "user"),
            "score": row["score_given"],
            "score_status": row["score_status"],
            "score_date": row["scored_on"],
            "comment": row["comment"],
            "in_progress": "true" if row["is_in_progress"] else "false",
            "metadata": ResultMetadata(
                application_id=row["app_id"], attempt=row["attempt_number"], **metadata
            ),
        }


class AssessmentResult(Scored):
    """One attempt at an assessment (OneRoster 1.2 AssessmentResult)."""

    assessment_line_item: Reference = Field(description="What was assessed.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any], origin: str) -> Self:
        """The result of one row of `queries.results`."""
        path, item = "gradebook/1.0/assessmentLineItems", row["line_item_id"]
        item = reference(origin, path, item, "assessmentLineItem")
        return cls(assessment_line_item=item, **cls.shared(row, origin))


class Result(Scored):
    """One student's result on a line item (OneRoster 1.2 Result)."""

    line_item: Reference = Field(description="What was scored.")
    class_: Reference | None = Field(
        alias="class", description="The class it counts in; absent if none is known."
    )

    @classmethod
    def from_row(cls, row: Mapping[str, Any], origin: str) -> Self:
        """The result of one row of `queries.results`."""
        item = reference(origin, "gradebook/1.0/lineItems", row["line_item_id"], "lineItem")
        held = row["class_id"]
        return cls(
            line_item=item,
            class_=reference(origin, "rostering/1.0/classes", held, "class") if held else None,
            **cls.shared(row, origin),
        )


class LineItemMetadata(SparseModel):
    """What OneRoster has no field for."""

    course_id: str
    lesson_id: str | None
    assessed_ref: str | None = Field(
        description="What is assessed, as the app names it.",
        examples=["https://app.example/quizzes/7"],
    )
    score_type: str
    is_xp: bool
    result_count: int = Field(description="Attempts that the caller may read.", examples=[24])


class LineItem(SparseModel):
    """Something that is scored: a course's lesson, assessed object and kind of score."""

    sourced_id: str = Field(description="Permanent id of the line item.", examples=["0b7d1e"])
    status: Literal["active"] = Field("active", description="Line items are never deleted.")
    date_last_modified: datetime = Field(description="The last attempt's time (UTC).")
    title: str = Field(description="What is scored.", examples=["Main idea: quiz"])
    assign_date: datetime | None = Field(description="The first attempt's time (UTC).")
    due_date: datetime | None = Field(
        description="The last attempt's time (UTC): apps send no due dates."
    )
    class_: Reference | None = Field(
        alias="class", description="A class whose students have results; absent if none has."
    )
    school: Reference | None = Field(description="That class's school; absent if none is known.")
    course: Reference = Field(description="The course it belongs to.")
    result_value_min: float = Field(0.0, description="The least score.", examples=[0.0])
    result_value_max: float | None = Field(
        description="The highest score; absent if the app sent none.", examples=[10.0]
    )
    metadata: LineItemMetadata = Field(description="What OneRoster has no field for.")

    @classmethod
    def from_row(cls, row: Mapping[str, Any], origin: str, as_of: datetime) -> Self:
        """The line item of one row of `queries.line_items`."""
        held, school = row["class_id"], row["school_id"]
        return cls(
            sourced_id=row["line_item_id"],
            title=row["title"],
            date_last_modified=row["last_scored_at"] or as_of,
            assign_date=row["first_scored_at"],
            due_date=row["last_scored_at"],
            class_=reference(origin, "rostering/1.0/classes", held, "class") if held else None,
            school=reference(origin, "rostering/1.0/schools", school, "org") if school else None,
            course=reference(origin, "rostering/1.0/courses", row["course_id"], "course"),
            result_value_max=row["max_score"],
            metadata=LineItemMetadata(
                **{name: row[name] for name in LineItemMetadata.model_fields}
            ),
        )

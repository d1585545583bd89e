"""Catalog records, which partners own: courses, units, lessons and resources."""

from typing import Literal

from pydantic import Field

from core.registry.values import (
    EXTENSIONS,
    GoalMetadata,
    GradePolicy,
    Record,
    Ref,
    Text,
    Texts,
)

Position = int | float


class CourseMetadata(GoalMetadata):
    """Extensions of a course that figures depend on."""

    grade_policy: GradePolicy | None = Field(
        None, description="Which attempt stands in the gradebook; `best` unless said."
    )


class Course(Record):
    """A top-level body of content (OneRoster 1.2 Course)."""

    title: Text = Field(description="Shown to people.", examples=["Middle-School Reading"])
    course_code: Text | None = Field(None, description="The partner's own code.")
    grades: Texts = Field(default_factory=list, description="Grades as text or numbers.")
    subjects: Texts = Field(
        default_factory=list, description="The first names the subject.", examples=[["Reading"]]
    )
    subject_codes: Texts = Field(default_factory=list, description="Codes of the subjects.")
    school_year: Ref | None = Field(None, description="An academic session; need not exist.")
    org: Ref | None = Field(None, description="The org that offers the course.")
    metadata: CourseMetadata = Field(default_factory=CourseMetadata, description=EXTENSIONS)


class Unit(Record):
    """A part of a course (our extension of OneRoster)."""

    title: Text = Field(description="Shown to people.", examples=["Main idea"])
    sort_order: Position | None = Field(None, description="Place within the course.")
    course: Ref = Field(description="The course; fixed at creation.")


class Lesson(Record):
    """The grain of reporting: one topic of a unit (our extension of OneRoster)."""

    title: Text = Field(description="Shown to people.", examples=["Find the main idea"])
    sort_order: Position | None = Field(None, description="Place within the unit.")
    unit: Ref = Field(description="The unit; a lesson may move within its course.")
    course: Ref | None = Field(None, description="Follows from the unit; may be left out.")


class Component(Unit):
    """A unit or a lesson of a course; a lesson names its unit."""

    unit: Ref | None = Field(None, description="The unit, if it is a lesson.")


class Resource(Record):
    """A content item of its own (OneRoster 1.2 Resource)."""

    title: Text | None = Field(None, description="Shown to people.")
    vendor_resource_id: Text = Field(description="The vendor's id; the sourcedId unless sent.")
    vendor_id: Text | None = Field(None, description="Who made it.")
    application_id: Text | None = Field(None, description="The app that opens it.")
    importance: Literal["primary", "secondary"] | None = Field(None, description="How central.")
    roles: Texts = Field(default_factory=list, description="For whom it is.")

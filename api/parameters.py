"""Parameters that many read routes share, each described once."""

from typing import Annotated

from fastapi import Path, Query

UserId = Annotated[
    str,
    Path(description="The student's `sourcedId`.", examples=["student-ana"]),
]
StudentId = Annotated[
    str | None,
    Query(alias="studentId", description="The student's `sourcedId`.", examples=["student-ana"]),
]
Email = Annotated[
    str | None,
    Query(
        description="The student's e-mail address, instead of `studentId`; found only where the"
        " caller may read it.",
        examples=["ana@school.example"],
    ),
]
ApplicationId = Annotated[
    str | None,
    Query(
        alias="applicationId",
        description="Only what was done in this app (`edApp.id`, its last part).",
        examples=["alphatok"],
    ),
]
CourseId = Annotated[
    str | None,
    Query(alias="courseId", description="Only this course (its `sourcedId`).",
          examples=["course-reading-5"]),
]  # fmt: skip
LessonId = Annotated[
    str | None,
    Query(alias="lessonId", description="Only this lesson (its `sourcedId`).",
          examples=["lesson-main-idea"]),
]  # fmt: skip
StartDate = Annotated[
    str | None,
    Query(
        alias="startDate",
        description="First day, included. An ISO 8601 date, or a date-time, which is converted to"
        " the date in the zone of the answer.",
        examples=["2026-01-15"],
    ),
]
EndDate = Annotated[
    str | None,
    Query(
        alias="endDate",
        description="Last day, included. As `startDate`; before it is 400.",
        examples=["2026-01-21"],
    ),
]
After = Annotated[
    str | None, Query(description="The same as `startDate`.", examples=["2026-01-15"])
]
Before = Annotated[str | None, Query(description="The same as `endDate`.", examples=["2026-01-21"])]
Timezone = Annotated[
    str | None,
    Query(
        description="Whose days: an IANA zone. Regroups seconds, events and XP; goals, streaks and"
        " mastery keep the day of the student's school, which is the default.",
        examples=["America/Chicago"],
    ),
]

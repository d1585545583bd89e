"""Roster records, which Alpha owns: users, orgs, classes, enrollments, sessions, agent links."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.registry.values import (
    EXTENSIONS,
    Day,
    Flag,
    GoalMetadata,
    Metadata,
    Record,
    Ref,
    Refs,
    Text,
    Texts,
    WireModel,
    Zone,
    in_any_case,
)

UserRole = Literal[
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
]
ClassRole = Literal["administrator", "proctor", "student", "teacher"]
LinkRole = Literal["parent", "guardian", "relative", "aide", "counselor"]
RoleType = Literal["primary", "secondary"]
OrgType = Literal["department", "school", "district", "local", "state", "national"]
ClassType = Literal["homeroom", "scheduled"]
SessionType = Literal["gradingPeriod", "semester", "schoolYear", "term"]
OLDER_USER_ROLES = {"administrator": "siteAdministrator"}  # OneRoster 1.1
OLDER_CLASS_ROLES = {"aide": "proctor"}  # OneRoster 1.1: in the class, without a teacher's sight


class RoleAtOrg(WireModel):
    """What someone is, and where (OneRoster 1.2 Role)."""

    role: Annotated[UserRole, in_any_case(UserRole, OLDER_USER_ROLES)] = Field(
        description="OneRoster's role.", examples=["student"]
    )
    role_type: Annotated[RoleType, in_any_case(RoleType)] = Field(
        "primary", description="Main or further."
    )
    org: Ref | None = Field(None, description="Where; the user's primaryOrg unless said.")
    begin_date: Day | None = Field(None, description="First day.")
    end_date: Day | None = Field(None, description="Last day.")


class UserId(WireModel):
    """An id of a user in another system (OneRoster 1.2 UserId)."""

    type: Text = Field(description="The other system.")
    identifier: Text = Field(description="The id there.")


class UserMetadata(GoalMetadata):
    """Extensions of a user that figures depend on."""

    guide_of: Texts | None = Field(
        None, description="Orgs whose every student this teacher guides."
    )


class User(Record):
    """A person (OneRoster 1.2 User). A password is never kept."""

    enabled_user: Flag = Field(True, description="May use the system.")
    username: Text | None = Field(None, description="Login name; e-mail or sourcedId unless sent.")
    user_master_identifier: Text | None = Field(None, description="Id across systems.")
    user_ids: list[UserId] = Field(default_factory=list, description="Ids in other systems.")
    given_name: Text = Field(description="First name.", examples=["Ada"])
    family_name: Text = Field(description="Last name.", examples=["Young"])
    middle_name: Text | None = Field(None, description="Middle names.")
    preferred_first_name: Text | None = Field(None, description="First name to call them by.")
    preferred_middle_name: Text | None = Field(None, description="Middle name they prefer.")
    preferred_last_name: Text | None = Field(None, description="Last name they prefer.")
    pronouns: Text | None = Field(None, description="Such as she/her.")
    identifier: Text | None = Field(None, description="Student or staff number.")
    email: Text | None = Field(None, description="E-mail address.")
    sms: Text | None = Field(None, description="Number for text messages.")
    phone: Text | None = Field(None, description="Phone number.")
    grades: Texts = Field(default_factory=list, description="Grades as text or numbers.")
    roles: list[RoleAtOrg] = Field(description="A student unless said; none if empty.")
    primary_org: Ref | None = Field(None, description="The home school.")
    metadata: UserMetadata = Field(default_factory=UserMetadata, description=EXTENSIONS)


class Calendar(Metadata):
    """School days."""

    school_days: list[Annotated[int, Field(ge=1, le=7)]] | None = Field(
        None, description="ISO weekdays: 1 is Monday.", examples=[[1, 2, 3, 4, 5]]
    )
    holidays: list[Day] | None = Field(None, description="Days without school.")


class OrgMetadata(GoalMetadata):
    """Extensions of an org that figures depend on."""

    timezone: Zone | None = Field(None, description="IANA zone in which its days run.")
    calendar: Calendar | None = Field(None, description="Its school days.")


class Org(Record):
    """A school, district or department (OneRoster 1.2 Org)."""

    name: Text = Field(description="Shown to people.", examples=["Northside School"])
    type: Annotated[OrgType, in_any_case(OrgType)] = Field(
        "school", description="OneRoster's type."
    )
    identifier: Text | None = Field(None, description="For example an NCES id.")
    parent: Ref | None = Field(None, description="The org above.")
    metadata: OrgMetadata = Field(default_factory=OrgMetadata, description=EXTENSIONS)


class Class(Record):
    """A cohort that takes a course (OneRoster 1.2 Class)."""

    title: Text = Field(description="Shown to people.", examples=["Reading, period 2"])
    class_code: Text | None = Field(None, description="The school's own code.")
    class_type: Annotated[ClassType, in_any_case(ClassType)] = Field(
        "scheduled", description="Kind."
    )
    location: Text | None = Field(None, description="Room or place.")
    grades: Texts = Field(default_factory=list, description="Grades as text or numbers.")
    subjects: Texts = Field(default_factory=list, description="Names of subjects.")
    subject_codes: Texts = Field(default_factory=list, description="Codes of the subjects.")
    periods: Texts = Field(default_factory=list, description="Periods of the day.")
    course: Ref = Field(description="The course that is taught.")
    school: Ref | None = Field(None, description="Where; each student's own school if not said.")
    terms: Refs = Field(default_factory=list, description="Sessions; need not exist.")


class Enrollment(Record):
    """Someone in a class (OneRoster 1.2 Enrollment)."""

    user: Ref = Field(description="Who.")
    class_: Ref = Field(alias="class", description="In which class.")
    school: Ref | None = Field(None, description="The class's school unless said.")
    role: Annotated[ClassRole, in_any_case(ClassRole, OLDER_CLASS_ROLES)] = Field(
        "student", description="OneRoster's role in the class."
    )
    primary: Flag = Field(False, description="The main class or teacher of its kind.")
    begin_date: Day | None = Field(None, description="First day; none is no bound.")
    end_date: Day | None = Field(None, description="Last day; none is no bound.")
    metadata: GoalMetadata = Field(default_factory=GoalMetadata, description=EXTENSIONS)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.begin_date and self.end_date and self.end_date < self.begin_date:
            raise ValueError("endDate is before beginDate")
        return self


class AcademicSession(Record):
    """A term or another stretch of school time (OneRoster 1.2 AcademicSession)."""

    title: Text = Field(description="Shown to people.", examples=["Spring 2026"])
    type: Annotated[SessionType, in_any_case(SessionType)] = Field(
        "term", description="OneRoster's type."
    )
    start_date: Day = Field(description="First day.")
    end_date: Day = Field(description="Last day.")
    school_year: Text | None = Field(None, description="The year it ends in.", examples=["2026"])
    parent: Ref | None = Field(None, description="The session around it.")


class Agent(Record):
    """A link from a student to someone who acts for them; the body may be empty."""

    role: Annotated[LinkRole, in_any_case(LinkRole)] = Field(
        "parent", description="Parents and guardians see the student."
    )
    student: Ref = Field(description="Whom the link is about; from the path.")
    agent: Ref = Field(description="Who acts for them; from the path.")

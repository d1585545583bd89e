"""Values of records: lenient in what is read, strict in what is kept (OneRoster 1.2 section 5)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
)
from pydantic.alias_generators import to_camel

from core import glossary

SOURCED_ID = re.compile(r"[^\s/?#\\\x00-\x20\x7f]{1,255}")
EXTENSIONS = "Extensions; unknown keys of the body land here."
READ_ONLY: dict[str, JsonValue] = {"readOnly": True}
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")

FLAGS = {"true": True, "1": True, "y": True, "yes": True}
FLAGS |= {"false": False, "0": False, "n": False, "no": False}

StatusName = Literal["active", "tobedeleted"]
GradePolicy = Literal["first", "latest", "best"]


def check_sourced_id(text: str) -> str:
    """An id that fits in one path segment; ValueError otherwise."""
    if not SOURCED_ID.fullmatch(text) or text in {".", ".."}:
        raise ValueError(
            "a sourcedId has 1 to 255 characters and no spaces, slashes, '?', '#' or '\\'"
        )
    return text


def _as_list(value: Any) -> Any:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _as_text(value: Any) -> Any:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_whole else value


def _as_flag(value: Any) -> Any:
    if isinstance(value, str):
        return FLAGS.get(value.strip().lower(), value)
    return value


def in_any_case(names: Any, also: Mapping[str, str] | None = None) -> BeforeValidator:
    """Reads the names of a Literal in any case, and those that `also` means by others."""
    spellings = {name.lower(): name for name in get_args(names)} | dict(also or {})

    def read(value: Any) -> Any:
        return spellings.get(value.strip().lower(), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _as_reference(value: Any) -> Any:
    """A GUIDRef without what follows from the id; a bare id becomes one."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key == "sourcedId"}
    return {"sourcedId": value} if isinstance(value, str) else value


def as_day(value: Any) -> str:
    """The date of a date or an ISO datetime, as it was written; ValueError if it is neither."""
    if not isinstance(value, str):
        raise ValueError("a date is a string, YYYY-MM-DD")
    matched = DAY.fullmatch(value.strip())
    if matched is None:
        raise ValueError("a date is YYYY-MM-DD")
    return date.fromisoformat(matched.group(1)).isoformat()


def _as_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is not an IANA time zone, such as America/Chicago")
    return name


Status = Annotated[StatusName, in_any_case(StatusName)]
SourcedId = Annotated[str, AfterValidator(check_sourced_id)]
Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=10_000)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_as_flag)]
Day = Annotated[str, BeforeValidator(as_day), Field(json_schema_extra={"format": "date"})]
Zone = Annotated[str, AfterValidator(_as_zone)]
Xp = Annotated[int | float, Field(ge=0, le=100_000)]


class WireModel(BaseModel):
    """Camel case on the wire, snake case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        serialize_by_alias=True,
        extra="ignore",
        str_strip_whitespace=True,
        json_schema_extra=glossary.describe,
    )


class GuidRef(WireModel):
    """Another record (OneRoster 1.2 GUIDRef); a bare sourcedId is read as one too."""

    sourced_id: SourcedId = Field(description="The record that is meant.", examples=["course-1"])
    href: str | None = Field(
        None, description="Where to read it; set by us.", json_schema_extra=READ_ONLY
    )
    type: str | None = Field(None, description="Its type; set by us.", json_schema_extra=READ_ONLY)


Ref = Annotated[GuidRef, BeforeValidator(_as_reference)]
Refs = Annotated[list[Ref], BeforeValidator(_as_list)]


class Metadata(WireModel):
    """Extensions; every key is kept."""

    model_config = ConfigDict(extra="allow")


class Goals(Metadata):
    """What is aimed at."""

    daily_xp: Xp | None = Field(None, description="XP a school day.", examples=[120])


class GoalMetadata(Metadata):
    """Metadata of a record that can carry a daily goal."""

    goals: Goals | None = Field(None, description="Daily goal; the nearest record's holds.")


class Record(WireModel):
    """What every record has (OneRoster 1.2 Base)."""

    sourced_id: SourcedId | None = Field(
        None, description="Permanent id, chosen by the writer. If sent, equal to the path's."
    )
    status: Status = Field("active", description="`tobedeleted` after a DELETE.")
    date_last_modified: str | None = Field(
        None,
        description="When it last changed, UTC; set by us.",
        json_schema_extra={"readOnly": True, "format": "date-time"},
    )
    metadata: Metadata = Field(default_factory=Metadata, description=EXTENSIONS)

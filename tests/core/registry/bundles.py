"""A small school as a OneRoster CSV bundle, whole or in part."""

from pathlib import Path

import psycopg

from core.registry import records
from core.registry.records import Record

Connection = psycopg.Connection[tuple[object, ...]]

BUNDLE = {
    "orgs": """
        sourcedId,status,name,type,parentSourcedId,metadata.timezone
        north,active,Northside,school,district,America/Chicago
        district,active,District,district,,
    """,
    "academicSessions": """
        sourcedId,title,type,startDate,endDate,schoolYear
        spring,Spring,term,2026-01-05,2026-06-01,2026
    """,
    "courses": """
        sourcedId,title,orgSourcedId,subjects,grades
        reading,Reading,north,"Reading,Language",5
    """,
    "users": """
        sourcedId,enabledUser,username,givenName,familyName,email,grades,agentSourcedIds,password
        ada,true,ada,Ada,Young,ada@example.org,"4,5",mum,secret
        mum,true,mum,Mary,Young,mum@example.org,,,
    """,
    "roles": """
        sourcedId,userSourcedId,roleType,role,orgSourcedId
        r1,ada,primary,student,north
        r2,mum,primary,guardian,north
    """,
    "classes": """
        sourcedId,title,courseSourcedId,schoolSourcedId,classType,termSourcedIds
        c1,Period 1,reading,north,scheduled,"spring,never-created"
    """,
    "enrollments": """
        sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
        e1,c1,north,ada,student,true,2026-01-05,2026-06-01
    """,
}


def write(folder: Path, **changed: str) -> Path:
    """The bundle with some of its files changed."""
    return write_only(folder, **(BUNDLE | changed))


def write_only(folder: Path, **files: str) -> Path:
    """These files, in a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder


def manifest(**modes: str) -> str:
    """A manifest that says which files are bulk, delta or absent."""
    lines = [f"file.{name},{mode}" for name, mode in modes.items()]
    return "\n".join(["propertyName,value", "oneroster.version,1.2", *lines])


def read(connection: Connection, record_type: str, sourced_id: str) -> Record:
    """A record that is there."""
    found = records.get(connection, record_type, sourced_id)
    assert found is not None
    return found


def roles(connection: Connection, user_id: str) -> list[str]:
    """What a user is, in order."""
    return [given["role"] for given in read(connection, "user", user_id).payload["roles"]]

"""Values of roster files: read alike wherever they stand, in older spellings too."""

from pathlib import Path

import pytest

from core.registry.oneroster_csv import import_folder
from tests.core.registry.bundles import Connection, read, roles, write, write_only


def test_names_are_read_in_any_case(database: Connection, tmp_path: Path) -> None:
    bundle = write(
        tmp_path,
        orgs="""
            sourcedId,status,name,type
            north,Active,Northside,School
        """,
        academicSessions="""
            sourcedId,title,type,startDate,endDate
            spring,Spring,Term,2026-01-05,2026-06-01
        """,
        roles="""
            sourcedId,userSourcedId,roleType,role,orgSourcedId
            r1,ada,Primary,Student,north
            r2,mum,PRIMARY,GUARDIAN,north
        """,
        classes="""
            sourcedId,title,courseSourcedId,schoolSourcedId,classType
            c1,Period 1,reading,north,Scheduled
        """,
        enrollments="""
            sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary
            e1,c1,north,ada,Student,Y
        """,
    )
    assert import_folder(database, bundle).errors == []
    assert roles(database, "mum") == ["guardian"]
    assert read(database, "class", "c1").payload["classType"] == "scheduled"
    assert read(database, "enrollment", "e1").payload["role"] == "student"
    assert read(database, "enrollment", "e1").payload["primary"] is True


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("1", True), ("0", False), ("Y", True), ("n", False), ("TRUE", True), ("False", False)],
)
def test_flags_are_read_as_they_come(
    database: Connection, tmp_path: Path, cell: str, flag: bool
) -> None:
    users = f"""
        sourcedId,enabledUser,givenName,familyName
        ada,{cell},Ada,Young
    """
    assert import_folder(database, write_only(tmp_path, users=users)).errors == []
    assert read(database, "user", "ada").payload["enabledUser"] is flag


def test_an_aide_in_a_class_is_there_without_a_teachers_sight(
    database: Connection, tmp_path: Path
) -> None:
    enrollments = """
        sourcedId,classSourcedId,userSourcedId,role
        e1,c1,mum,aide
    """
    assert import_folder(database, write(tmp_path, enrollments=enrollments)).errors == []
    assert read(database, "enrollment", "e1").payload["role"] == "proctor"


@pytest.mark.parametrize("status", ["tobedeleted", "inactive", "ToBeDeleted"])
def test_a_line_that_ends_a_record_needs_only_its_id(
    database: Connection, tmp_path: Path, status: str
) -> None:
    import_folder(database, write(tmp_path))
    ended = write_only(
        tmp_path / "ended",
        enrollments=f"""
            sourcedId,status,classSourcedId,userSourcedId,role
            e1,{status},,,
            e9,{status},,,
        """,
    )
    report = import_folder(database, ended)
    assert (report.errors, report.written, report.ended) == ([], 1, 1)
    enrollment = read(database, "enrollment", "e1")
    assert enrollment.status == "tobedeleted"
    assert enrollment.payload["user"] == {"sourcedId": "ada"}


def test_a_user_of_two_jobs_on_two_lines_has_both_roles(
    database: Connection, tmp_path: Path
) -> None:
    bundle = write(
        tmp_path,
        users="""
            sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName
            wanda,true,north,teacher,wanda,Wanda,Thorn
            wanda,true,"north,district",guardian,wanda,Wanda,Thorn
            wanda,true,north,teacher,wanda,Wendy,Thorn
        """,
    )
    (tmp_path / "roles.csv").unlink()
    (tmp_path / "enrollments.csv").unlink()
    report = import_folder(database, bundle)
    held = [
        (one["role"], one["org"]["sourcedId"], one["roleType"])
        for one in read(database, "user", "wanda").payload["roles"]
    ]
    assert held == [
        ("teacher", "north", "primary"),
        ("guardian", "north", "secondary"),
        ("guardian", "district", "secondary"),
    ]
    assert report.errors == [
        "users.csv:4: line 2 has the sourcedId 'wanda' too, with another givenName"
    ]
    assert import_folder(database, bundle).written == 0


def test_of_two_lines_that_differ_the_second_is_refused(
    database: Connection, tmp_path: Path
) -> None:
    classes = """
        sourcedId,title,courseSourcedId,schoolSourcedId
        c1,Period 1,reading,north
        c1,Period 1,reading,north
        c1,Period 2,reading,north
    """
    report = import_folder(database, write(tmp_path, classes=classes))
    assert report.errors == ["classes.csv:4: line 2 has the sourcedId 'c1' too, with another title"]
    assert import_folder(database, tmp_path).written == 0

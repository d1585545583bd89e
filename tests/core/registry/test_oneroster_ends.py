"""What a file does not say stays as it is; what an import brought, an import can end."""

from pathlib import Path

import pytest

from core.registry import records
from core.registry.oneroster_csv import import_folder
from core.registry.types import agent_id
from tests.core.registry.bundles import Connection, manifest, read, roles, write, write_only

LINK = agent_id("ada", "mum")
CLASSES = """
    sourcedId,title,courseSourcedId,schoolSourcedId,classType
    c1,Period 1,reading,north,scheduled
    c2,Period 2,reading,north,scheduled
"""
ENROLLMENTS = """
    sourcedId,classSourcedId,userSourcedId,role
    e1,c1,ada,student
    e2,c2,ada,student
"""


@pytest.fixture
def school(database: Connection, tmp_path: Path) -> Path:
    """A folder for what comes after the small school was imported, with a second class."""
    bundle = write(tmp_path / "first", classes=CLASSES, enrollments=ENROLLMENTS)
    assert import_folder(database, bundle).errors == []
    return tmp_path / "next"


def test_users_without_roles_keep_theirs(database: Connection, school: Path) -> None:
    users = """
        sourcedId,status,givenName,familyName,role
        mum,active,Mary,Young-Fell,
    """
    assert import_folder(database, write_only(school, users=users)).errors == []
    mum = read(database, "user", "mum").payload
    assert mum["familyName"] == "Young-Fell"
    assert roles(database, "mum") == ["guardian"]


def test_a_new_user_of_whom_no_role_is_said_has_none(database: Connection, school: Path) -> None:
    users = """
        sourcedId,givenName,familyName
        new,Nell,New
    """
    assert import_folder(database, write_only(school, users=users)).errors == []
    assert roles(database, "new") == []
    role = """
        sourcedId,userSourcedId,role,orgSourcedId
        r9,new,teacher,north
    """
    assert import_folder(database, write_only(school / "roles", roles=role)).errors == []
    assert roles(database, "new") == ["teacher"]


def test_a_column_that_is_not_there_changes_nothing(database: Connection, school: Path) -> None:
    disabled = """
        sourcedId,enabledUser,givenName,familyName
        ada,false,Ada,Young
    """
    import_folder(database, write_only(school, users=disabled))
    renamed = """
        sourcedId,givenName,familyName
        ada,Ada,Yonge
    """
    import_folder(database, write_only(school, users=renamed))
    ada = read(database, "user", "ada").payload
    assert (ada["familyName"], ada["enabledUser"]) == ("Yonge", False)
    assert (ada["email"], ada["grades"]) == ("ada@example.org", ["4", "5"])
    assert read(database, "agent", LINK).status == "active"


def test_an_empty_cell_empties_a_value_but_chooses_none(database: Connection, school: Path) -> None:
    users = """
        sourcedId,enabledUser,givenName,familyName,email,metadata.guideOf
        mum,false,Mary,Young,mum@example.org,north
    """
    import_folder(database, write_only(school, users=users))
    assert read(database, "user", "mum").payload["metadata"] == {"guideOf": ["north"]}
    emptied = """
        sourcedId,enabledUser,givenName,familyName,email,metadata.guideOf
        mum,,Mary,Young,,
    """
    import_folder(database, write_only(school, users=emptied))
    mum = read(database, "user", "mum").payload
    assert mum["enabledUser"] is False
    assert "email" not in mum
    assert "metadata" not in mum


def test_a_sole_role_that_ends_leaves_none(database: Connection, school: Path) -> None:
    ended = """
        sourcedId,status,userSourcedId,role,orgSourcedId
        r2,tobedeleted,,,
    """
    bundle = write_only(school, roles=ended)
    assert import_folder(database, bundle).errors == []
    assert roles(database, "mum") == []
    again = import_folder(database, bundle)
    assert (again.written, again.errors) == (0, [])


def test_a_role_from_before_imports_were_written_down_ends_by_what_it_says(
    database: Connection, school: Path
) -> None:
    database.execute("delete from registry.imported where file = 'roles'")
    unnamed = "sourcedId,status\nr2,tobedeleted"
    (refusal,) = import_folder(database, write_only(school, roles=unnamed)).errors
    assert refusal.startswith("roles.csv:2: no import brought this role")
    named = """
        sourcedId,status,userSourcedId,role,orgSourcedId
        r2,tobedeleted,mum,guardian,north
    """
    assert import_folder(database, write_only(school, roles=named)).errors == []
    assert roles(database, "mum") == []


def test_a_delta_adds_a_role_to_those_that_are_there(database: Connection, school: Path) -> None:
    delta = """
        sourcedId,status,userSourcedId,roleType,role,orgSourcedId
        r3,active,mum,secondary,teacher,north
    """
    modes = manifest(roles="delta", users="absent")
    assert import_folder(database, write_only(school, roles=delta, manifest=modes)).errors == []
    assert roles(database, "mum") == ["guardian", "teacher"]


def test_a_line_of_a_role_that_cannot_be_taken_costs_no_user(
    database: Connection, school: Path
) -> None:
    lines = """
        sourcedId,userSourcedId,role,orgSourcedId
        r1,ada,student,nowhere
        r2,mum,queen,north
        r3,nobody,student,north
        r4,,student,north
    """
    places = [
        line.split(": ")[0]
        for line in import_folder(database, write_only(school, roles=lines)).errors
    ]
    assert places == [f"roles.csv:{number}" for number in (2, 3, 4, 5)]
    assert (roles(database, "ada"), roles(database, "mum")) == (["student"], ["guardian"])


def test_who_is_named_no_longer_as_an_agent_sees_no_more(
    database: Connection, school: Path
) -> None:
    users = """
        sourcedId,givenName,familyName,agentSourcedIds
        ada,Ada,Young,
    """
    report = import_folder(database, write_only(school, users=users))
    assert (report.errors, report.ended) == ([], 1)
    assert read(database, "agent", LINK).status == "tobedeleted"
    assert import_folder(database, school).written == 0


def test_a_link_that_no_import_brought_stays(database: Connection, school: Path) -> None:
    link = agent_id("ada", "dad")
    import_folder(
        database,
        write_only(school / "dad", users="sourcedId,givenName,familyName\ndad,Dan,Young"),
    )
    body = {"role": "parent", "student": {"sourcedId": "ada"}, "agent": {"sourcedId": "dad"}}
    records.put(database, "agent", link, body)
    users = "sourcedId,givenName,familyName,agentSourcedIds\nada,Ada,Young,"
    import_folder(database, write_only(school, users=users))
    assert read(database, "agent", link).status == "active"


def test_a_link_follows_its_agents_role(database: Connection, school: Path) -> None:
    role = """
        sourcedId,userSourcedId,role,orgSourcedId
        r2,mum,relative,north
    """
    import_folder(database, write_only(school, roles=role))
    assert read(database, "agent", LINK).payload["role"] == "relative"


def test_in_a_whole_file_what_is_not_there_ends(database: Connection, school: Path) -> None:
    bundle = write(
        school,
        roles="""
            sourcedId,userSourcedId,roleType,role,orgSourcedId
            r1,ada,primary,student,north
        """,
        enrollments="""
            sourcedId,classSourcedId,userSourcedId,role
            e1,c1,ada,student
        """,
        manifest=manifest(roles="bulk", classes="bulk", enrollments="bulk", users="bulk"),
    )
    report = import_folder(database, bundle)
    assert report.errors == []
    assert read(database, "enrollment", "e1").status == "active"
    assert read(database, "enrollment", "e2").status == "tobedeleted"
    assert read(database, "class", "c2").status == "tobedeleted"
    assert roles(database, "mum") == []
    assert import_folder(database, bundle).written == 0


def test_in_a_whole_file_of_users_who_is_not_there_ends(database: Connection, school: Path) -> None:
    users = """
        sourcedId,givenName,familyName
        ada,Ada,Young
    """
    modes = manifest(users="bulk")
    import_folder(database, write_only(school, users=users, manifest=modes))
    assert read(database, "user", "mum").status == "tobedeleted"
    assert read(database, "user", "ada").status == "active"


@pytest.mark.parametrize("mode", [None, "delta"])
def test_in_other_files_what_is_not_there_stays(
    database: Connection, school: Path, mode: str | None
) -> None:
    enrollments = """
        sourcedId,classSourcedId,userSourcedId,role
        e1,c1,ada,student
    """
    more = {"manifest": manifest(enrollments=mode)} if mode else {}
    report = import_folder(database, write_only(school, enrollments=enrollments, **more))
    assert (report.errors, report.written) == ([], 0)
    assert read(database, "enrollment", "e2").status == "active"


def test_a_whole_file_ends_only_what_imports_brought(database: Connection, school: Path) -> None:
    by_hand = read(database, "enrollment", "e2").payload | {"sourcedId": "e3"}
    records.put(database, "enrollment", "e3", by_hand)
    records.put(database, "enrollment", "e4", by_hand, owner_client_id="tb-p", is_sandbox=True)
    enrollments = "sourcedId,classSourcedId,userSourcedId\ne1,c1,ada"
    modes = manifest(enrollments="bulk")
    import_folder(database, write_only(school, enrollments=enrollments, manifest=modes))
    states = [read(database, "enrollment", name).status for name in ("e2", "e3", "e4")]
    assert states == ["tobedeleted", "active", "active"]


def test_a_whole_file_of_one_school_ends_nothing_at_another(
    database: Connection, school: Path
) -> None:
    south = {
        "orgs": "sourcedId,name,type\nsouth,Southside,school",
        "users": "sourcedId,givenName,familyName,primaryOrgSourcedId\nsid,Sid,South,south",
        "roles": "sourcedId,userSourcedId,role,orgSourcedId\ns1,sid,student,south",
        "classes": "sourcedId,title,courseSourcedId,schoolSourcedId\ns-c,South,reading,south",
        "enrollments": "sourcedId,classSourcedId,userSourcedId\ns-e,s-c,sid",
        "manifest": manifest(users="bulk", roles="bulk", classes="bulk", enrollments="bulk"),
    }
    report = import_folder(database, write_only(school, **south))
    assert (report.errors, report.ended) == ([], 0)
    assert roles(database, "mum") == ["guardian"]


def test_a_whole_file_with_a_line_that_cannot_be_read_ends_nothing(
    database: Connection, school: Path
) -> None:
    enrollments = """
        sourcedId,classSourcedId,userSourcedId
        e1,c1,ada
        e2
    """
    modes = manifest(enrollments="bulk")
    report = import_folder(database, write_only(school, enrollments=enrollments, manifest=modes))
    assert [line.split(": ")[0] for line in report.errors] == [
        "enrollments.csv",
        "enrollments.csv:3",
    ]
    assert read(database, "enrollment", "e2").status == "active"

"""Importing a OneRoster 1.2 CSV bundle."""

from pathlib import Path

import pytest

from core.errors import UnacceptableError
from core.registry import records
from core.registry.oneroster_csv import import_folder
from tests.core.registry.bundles import Connection, write, write_only


def test_a_bundle_becomes_records_of_alphas(database: Connection, tmp_path: Path) -> None:
    report = import_folder(database, write(tmp_path))
    assert report.errors == []
    assert report.written == 9
    user = records.get(database, "user", "ada")
    assert user is not None
    assert user.owner_client_id is None
    assert user.payload["grades"] == ["4", "5"]
    assert user.payload["primaryOrg"] == {"sourcedId": "north"}
    assert user.payload["roles"][0]["role"] == "student"
    assert "password" not in user.payload
    school = records.get(database, "org", "north")
    assert school is not None
    assert school.payload["metadata"] == {"timezone": "America/Chicago"}
    link = records.get(database, "agent", "ada:mum")
    assert link is not None
    assert link.payload["role"] == "guardian"


def test_importing_again_changes_nothing(database: Connection, tmp_path: Path) -> None:
    import_folder(database, write(tmp_path))
    assert import_folder(database, tmp_path).written == 0


def test_each_refused_line_is_named_and_the_others_are_taken(
    database: Connection, tmp_path: Path
) -> None:
    report = import_folder(
        database,
        write(
            tmp_path,
            enrollments="""
                sourcedId,classSourcedId,userSourcedId,role,beginDate
                e1,c1,ada,student,2026-01-05
                e2,c9,ada,student,2026-01-05
                e3,c1,ada,janitor,2026-01-05
                e4,c1,ada,student,05/01/2026
                e5,c1,ada
                ,c1,ada,student,2026-01-05
            """,
        ),
    )
    assert [line.split(": ")[0] for line in report.errors] == [
        f"enrollments.csv:{number}" for number in (3, 4, 5, 6, 7)
    ]
    assert "there is no class 'c9'" in report.errors[0]
    assert "enrollment.role" in report.errors[1]
    assert "YYYY-MM-DD" in report.errors[2]
    assert records.get(database, "enrollment", "e1") is not None


def test_a_partners_course_stays_its_own(database: Connection, tmp_path: Path) -> None:
    partner = "tb-partner"
    records.put(database, "course", "reading", {"title": "The partner's"}, owner_client_id=partner)
    report = import_folder(database, write(tmp_path))
    course = records.get(database, "course", "reading")
    assert report.errors == []
    assert course is not None
    assert (course.payload["title"], course.owner_client_id) == ("The partner's", partner)


def test_metadata_set_elsewhere_stays(database: Connection, tmp_path: Path) -> None:
    import_folder(database, write(tmp_path))
    school = records.get(database, "org", "north")
    assert school is not None
    goal = {**school.payload["metadata"], "goals": {"dailyXp": 90}}
    records.put(database, "org", "north", school.payload | {"metadata": goal})
    import_folder(database, tmp_path)
    kept = records.get(database, "org", "north")
    assert kept is not None
    assert kept.payload["metadata"] == goal


def test_a_folder_without_a_roster_is_refused(database: Connection, tmp_path: Path) -> None:
    with pytest.raises(UnacceptableError, match=r"orgs\.csv"):
        import_folder(database, tmp_path)


def test_orgs_in_a_cycle_are_named_and_cost_no_other_line(
    database: Connection, tmp_path: Path
) -> None:
    orgs = """
        sourcedId,name,type,parentSourcedId
        below,Below,school,outer
        outer,Outer,district,top
        top,Top,state,
        one,One,district,two
        two,Two,district,one
        self,Self,school,self
    """
    report = import_folder(database, write_only(tmp_path, orgs=orgs))
    assert [line.partition(" > ")[0] for line in report.errors] == [
        "orgs.csv:5: parentSourcedId makes a cycle: one",
        "orgs.csv:6: parentSourcedId makes a cycle: one",
        "orgs.csv:7: parentSourcedId makes a cycle: self",
    ]
    assert report.written == 3


def test_an_org_does_not_move_below_itself(database: Connection, tmp_path: Path) -> None:
    import_folder(database, write(tmp_path))
    moved = """
        sourcedId,name,type,parentSourcedId
        district,District,district,north
    """
    report = import_folder(database, write_only(tmp_path / "moved", orgs=moved))
    assert report.errors == [
        "orgs.csv:2: org.parent.sourcedId makes a cycle: district > north > district"
    ]

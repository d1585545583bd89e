"""Explanations for every kind of reader: what is theirs, and what reads as absent."""

from typing import Any

import pytest

from tests.api.conftest import School, Visit
from tests.api.explain.conftest import figure, payloads, summed
from tests.api.test_who_reads_what import READERS, STRANGERS

DAY = "studentId=ana&date=2026-01-15"
ANAS = [
    f"xp?{DAY}",
    "xp-entry/x1",
    f"minutes?{DAY}",
    "session/session-reading",
    "session/ref-reading",
    "result/res-1",
    "mastery?studentId=ana&lessonId=r1",
    f"goal?{DAY}",
    "event/event-x1",
]
MATHS = [
    "xp-entry/x2",
    "session/session-maths",
    "result/res-3",
    "mastery?studentId=ana&lessonId=m1",
    "event/event-x2",
]


def get(visit: Visit, who: str, path: str) -> Any:
    return visit(who).get(f"/explain/1.0/{path}")


@pytest.mark.parametrize("reader", READERS)
def test_whoever_knows_ana_reads_how_her_figures_came(visit: Visit, reader: str) -> None:
    for path in ANAS:
        answer = get(visit, reader, path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json()["build_id"] == "build-1"
        assert all(step["rules"] for step in answer.json()["steps"]), path


@pytest.mark.parametrize("reader", STRANGERS)
def test_whoever_does_not_know_ana_reads_that_nothing_is_there(visit: Visit, reader: str) -> None:
    for path in ANAS:
        assert get(visit, reader, path).status_code == 404, path


@pytest.mark.parametrize("reader", ["reading", "sandbox", "parent", "guide", "ana"])
def test_a_hidden_student_and_an_absent_one_read_the_same(visit: Visit, reader: str) -> None:
    for path in ANAS:
        if "ana" not in path:
            continue
        hidden, absent = (
            get(visit, reader, path.replace("ana", name)) for name in ("zoe", "nobody")
        )
        bodies = [one.json() | {"requestId": "", "instance": ""} for one in (hidden, absent)]
        assert hidden.status_code == absent.status_code == 404
        assert str(bodies[0]).replace("zoe", "nobody") == str(bodies[1])


def test_a_partner_explains_its_own_part_of_a_shared_student(visit: Visit) -> None:
    for path in MATHS:
        foreign, absent = get(visit, "reading", path), get(visit, "reading", f"{path}-absent")
        assert foreign.status_code == absent.status_code == 404, path
        assert foreign.json()["type"] == absent.json()["type"]
        assert get(visit, "maths", path).status_code == 200, path


@pytest.mark.parametrize(
    ("who", "xp", "seconds", "events"),
    [
        ("reading", 15, 1800, {"event-x1"}),
        ("maths", 12.5, 1200, {"event-x2"}),
        ("parent", 27.5, 2700, {"event-x1", "event-x2"}),
        ("alpha", 27.5, 2700, {"event-x1", "event-x2"}),
    ],
)
def test_a_partner_gets_its_own_figure_and_its_own_payloads(
    visit: Visit, small_school: School, who: str, xp: float, seconds: float, events: set[str]
) -> None:
    told = get(visit, who, f"xp?{DAY}").json()
    assert figure(told, "xpEarned") == summed(told, "xpEarned") == xp
    assert set(payloads(told)) == events
    time = get(visit, who, f"minutes?{DAY}").json()
    assert figure(time, "activeSeconds") == summed(time, "activeSeconds") == seconds
    if who == "reading":
        for path in ANAS:
            assert small_school.partners.maths not in get(visit, who, path).text, path
            assert "adder" not in get(visit, who, path).text, path


def test_a_review_flag_is_for_staff_alone(visit: Visit) -> None:
    def flag(who: str) -> Any:
        told = get(visit, who, "xp-entry/x2").json()
        return told["steps"][0]["rows"][0]["details"]["reviewReason"]

    assert flag("alpha") == "over_active_time"
    assert flag("maths") is None


@pytest.mark.parametrize(
    ("reader", "status"), [("nobody", 401), ("no_scope", 403), ("analyst", 403)]
)
def test_without_token_scope_or_role_every_explanation_is_refused(
    visit: Visit, reader: str, status: int
) -> None:
    for path in ANAS:
        assert get(visit, reader, path).status_code == status, path


def test_a_persons_read_is_audited_and_a_backends_is_not(
    visit: Visit, small_school: School
) -> None:
    def noted() -> int:
        with small_school.context.database.connection() as connection:
            row = connection.execute(
                "select count(*) from identity.audit_log where student_id = 'ana'"
                " and (action like 'explain.%' or action = 'events.event')"
            ).fetchone()
        assert row is not None
        return int(row[0])

    for path in ANAS:
        before = noted()
        get(visit, "reading", path)
        assert noted() == before, path
        get(visit, "guide", path)
        assert noted() == before + 1, path


@pytest.mark.parametrize(
    "path",
    [
        "xp?studentId=ana",
        "xp?studentId=ana&date=yesterday",
        f"xp?{DAY}&limit=0",
        f"xp?{DAY}&limit=1001",
        "mastery?studentId=ana",
    ],
)
def test_what_cannot_be_read_is_malformed(visit: Visit, path: str) -> None:
    assert get(visit, "alpha", path).status_code == 400


@pytest.mark.parametrize("path", ["xp-entry/no", "session/no", "result/no", "event/no%00such"])
def test_what_is_not_there_is_not_found(visit: Visit, path: str) -> None:
    assert get(visit, "alpha", path).status_code == 404

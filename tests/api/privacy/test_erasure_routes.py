"""Who may ask for an erasure, and what they are told; the work itself is tests/privacy's."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import School, Visit

PATH = "/privacy/1.0/students/zoe/erasure"


@pytest.fixture(autouse=True)
def _nobody_is_erased(small_school: School) -> Iterator[None]:
    yield
    with small_school.context.database.connection() as connection:
        connection.execute("delete from privacy.erasures")


@pytest.mark.parametrize("who", ["root", "alpha"])
def test_an_admin_asks_and_reads_how_far_it_is(
    visit: Visit, small_school: School, who: str
) -> None:
    assert visit(who).get(PATH).status_code == 404
    asked = visit(who).post(PATH)
    assert asked.status_code == 202
    assert asked.json() == visit(who).get(PATH).json() == visit(who).post(PATH).json()
    assert asked.json()["status"] == "requested"
    assert (asked.json()["stagesDone"], asked.json()["stageCount"]) == (0, 6)
    with small_school.context.database.connection() as connection:
        rows = connection.execute(
            "select student_id, details from identity.audit_log"
            " where action = 'student.ask_erasure' order by audit_id desc limit 1"
        ).fetchall()
    assert rows[0][0].startswith("erased:")
    assert "zoe" not in str(rows)


@pytest.mark.parametrize("who", ["admin", "guide", "parent", "ana", "reading", "dev", "analyst"])
def test_nobody_else_may(visit: Visit, who: str) -> None:
    for answer in (visit(who).post(PATH), visit(who).get(PATH)):
        assert answer.status_code == 403


@pytest.mark.parametrize(("user", "status"), [("nobody", 404), ("gil", 422), ("n%00o", 404)])
def test_only_a_known_student_is_erased(visit: Visit, user: str, status: int) -> None:
    assert visit("root").post(f"/privacy/1.0/students/{user}/erasure").status_code == status

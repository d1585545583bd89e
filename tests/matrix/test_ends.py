"""A relation that ends takes effect at the next request, on every path, also with an ETag."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.registry import records
from tests.matrix.conftest import Matrix
from tests.matrix.registry import YESTERDAY

ANA = (
    "/xp/1.0/users/stu-ana/entries",
    "/rostering/1.0/users/stu-ana",
    "/explain/1.0/xp-entry/xp-stu-ana~reading",
)
GONE = {"status": "tobedeleted"}


@contextmanager
def changed(matrix: Matrix, kind: str, sourced_id: str, **fields: Any) -> Iterator[None]:
    """A record with other fields, and afterwards as it was."""
    with matrix.context.database.connection() as connection:
        record = records.get(connection, kind, sourced_id)
        assert record is not None
        records.put(connection, kind, sourced_id, record.payload | fields)
    try:
        yield
    finally:
        with matrix.context.database.connection() as connection:
            records.put(connection, kind, sourced_id, record.payload)


@pytest.mark.parametrize(
    ("role", "kind", "sourced_id", "end"),
    [
        ("parent", "agent", "stu-ana:pat", GONE),
        ("parent", "agent", "stu-ana:pat", {"role": "relative"}),
        ("parent", "user", "stu-ana", GONE),
        ("guide", "enrollment", "enr-gil-r", {"endDate": YESTERDAY}),
        ("guide", "enrollment", "enr-gil-r", GONE),
        ("guide", "enrollment", "enr-gil-r", {"role": "aide"}),
        ("guide", "enrollment", "enr-ana-r", {"endDate": YESTERDAY}),
        ("guide", "enrollment", "enr-ana-r", {"beginDate": "2199-01-01"}),
        ("guide", "class", "class-r", GONE),
        ("guide_of_school", "user", "gus", {"metadata": {}}),
        ("school_admin", "user", "stu-ana", {"primaryOrg": {"sourcedId": "cedar"}}),
        ("district_admin", "org", "maple", {"parent": {"sourcedId": "elsewhere"}}),
        ("student", "user", "stu-ana", GONE),
    ],
)
def test_sight_ends_with_its_reason(
    matrix: Matrix, role: str, kind: str, sourced_id: str, end: dict[str, Any]
) -> None:
    tags = {}
    for path in ANA:
        answer = matrix.get(role, path)
        assert answer.status_code == 200, path
        tags[path] = answer.headers["ETag"]
    with changed(matrix, kind, sourced_id, **end):
        for path in ANA:
            again = matrix.get(role, path, **{"If-None-Match": tags[path]})
            # 403 once the token is looked at anew: who left has no role
            assert again.status_code in ((403, 404) if sourced_id == "stu-ana" else (404,)), path
    assert [matrix.get(role, path).status_code for path in ANA] == [200] * len(ANA)


@pytest.mark.parametrize(
    ("kind", "sourced_id", "end"),
    [
        ("enrollment", "enr-ana-r", {"endDate": YESTERDAY}),
        ("enrollment", "enr-ana-r", GONE),
        ("class", "class-r", GONE),
        ("user", "stu-ana", GONE),
    ],
)
def test_a_partner_keeps_the_figures_and_loses_the_name(
    matrix: Matrix, kind: str, sourced_id: str, end: dict[str, Any]
) -> None:
    overview, user = "/insights/1.0/users/stu-ana/overview", "/rostering/1.0/users/stu-ana"
    before = matrix.get("reading", overview)
    assert before.json()["student"]["email"] == "stu-ana@school.example"
    with changed(matrix, kind, sourced_id, **end):
        after = matrix.get("reading", overview, **{"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert after.json() == {**before.json(), "student": None}
        assert matrix.get("reading", user).status_code == 404
        by_address = "/analytics/1.0/activity?email=stu-ana@school.example"
        assert matrix.get("reading", by_address).status_code == 404


def test_a_login_or_client_that_is_disabled_reads_nothing_within_a_second(matrix: Matrix) -> None:
    path = "/xp/1.0/users/stu-ana/entries"
    assert matrix.get("parent", path).status_code == matrix.get("maths", path).status_code == 200
    set_status = (
        "update identity.people set status = %s where email = 'parent@login.example'",
        "update identity.clients set status = %s where client_id = %s",
    )
    with matrix.context.database.connection() as connection:
        connection.execute(set_status[0], ["disabled"])
        connection.execute(set_status[1], ["revoked", matrix.clients.maths])
    try:
        time.sleep(1.1)
        assert matrix.get("parent", path).status_code == 401
        assert matrix.get("maths", path).status_code == 401
    finally:
        with matrix.context.database.connection() as connection:
            connection.execute(set_status[0], ["active"])
            connection.execute(set_status[1], ["active", matrix.clients.maths])
        time.sleep(1.1)

"""Another partner's events change nothing that a partner is told of its own figures."""

from tests.api.conftest import School
from tests.api.explain.test_who_reads_what import ANAS
from tests.api.test_partner_isolation import BUSY, QUIET, answer, two_builds

__all__ = ["two_builds"]


def test_every_explanation_to_a_partner_stays_the_same(two_builds: School) -> None:
    for path in ANAS:
        quiet, busy = (
            answer(two_builds, "reading", f"/explain/1.0/{path}", build) for build in (QUIET, BUSY)
        )
        assert quiet == busy, path
        assert quiet[0] == 200, path


def test_the_change_is_one_that_staff_are_told(two_builds: School) -> None:
    path = f"/explain/1.0/{ANAS[2]}"
    quiet, busy = (answer(two_builds, "guide", path, build) for build in (QUIET, BUSY))
    assert quiet != busy

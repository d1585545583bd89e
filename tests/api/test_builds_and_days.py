"""Which build a read is of (`build=`, `as_of=`), and where a period begins and ends."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from core.context import open_context
from tests.api import learning, people, school
from tests.api.conftest import School, Visit, receive
from tests.api.test_who_reads_what import ANAS, LISTS
from tests.conftest import make_settings

ENTRIES = "/xp/1.0/users/ana/entries"
DAY = "2026-01-15"
BUILT = [path for path in ANAS + LISTS if "receipts" not in path]


@pytest.fixture(scope="module")
def three_builds(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A build dropped, one kept and the newest, a day between each; figures come with the last."""
    settings = make_settings(server_url, tmp_path_factory.mktemp("builds") / "data")
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        partners = people.enroll_everyone(connection)
    day = timedelta(days=1)
    school.publish(settings, {}, "dropped", school.AS_OF - 2 * day)
    school.publish(settings, school.dimensions(partners), "early", school.AS_OF - day)
    rest = learning.whole_school(partners)
    for table in school.dimensions(partners):
        del rest[table]
    school.publish(settings, rest, "late", school.AS_OF)
    with psycopg.connect(settings.database_url) as connection:
        connection.execute(
            "update publishing.builds set status = 'dropped' where build_id = 'dropped'"
        )
    with open_context(settings) as context:
        yield School(settings, context, partners)


@pytest.mark.parametrize(
    ("asked", "build", "entries"),
    [
        ({}, "late", 3),
        ({"build": "early"}, "early", 0),
        ({"build": "late"}, "late", 3),
        ({"as_of": "2026-01-15T23:00:00Z"}, "late", 3),
        ({"as_of": "2026-01-15T22:59:59Z"}, "early", 0),
        ({"as_of": "2026-01-15T17:00:00-06:00"}, "late", 3),
        ({"as_of": "2026-01-15"}, "late", 3),
        ({"as_of": "2026-01-14"}, "early", 0),
        ({"as_of": "2030-01-01"}, "late", 3),
    ],
)
def test_a_read_is_of_the_build_asked_for(
    three_builds: School, asked: dict[str, str], build: str, entries: int
) -> None:
    answer = receive(three_builds)("guide").get(ENTRIES, params=asked)
    body = answer.json()
    assert (body["build_id"], answer.headers["x-build-id"], body["total"]) == (
        build,
        build,
        entries,
    )


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"as_of": "2026-01-13"}, 410, "build_dropped"),
        ({"build": "dropped"}, 410, "build_dropped"),
        ({"as_of": "2026-01-12"}, 404, "unknown_build"),
        ({"build": "never"}, 404, "unknown_build"),
        ({"as_of": "yesterday"}, 400, "invalid_date"),
        ({"build": "late", "as_of": "2026-01-15"}, 400, "parameters_disagree"),
    ],
)
def test_a_build_that_is_not_there_is_told_from_one_that_is_kept_no_longer(
    three_builds: School, asked: dict[str, str], status: int, code: str
) -> None:
    answer = receive(three_builds)("guide").get(ENTRIES, params=asked)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:timeback:error:{code}")


@pytest.mark.parametrize("path", BUILT)
def test_every_read_route_reads_as_of(three_builds: School, path: str) -> None:
    client = receive(three_builds)("alpha")
    for asked in (f"as_of={DAY}", "build=late"):
        answer = client.get(with_query(path, asked))
        assert answer.json()["build_id"] == "late", (path, answer.text)
    assert client.get(with_query(path, "as_of=2026-01-13")).status_code == 410


def with_query(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


def test_the_next_page_is_of_the_same_build_whatever_was_asked(three_builds: School) -> None:
    client = receive(three_builds)("guide")
    first = client.get(ENTRIES, params={"limit": 1, "as_of": "2026-01-15T23:30:00Z"})
    following = first.links["next"]["url"]
    assert "build=late" in following
    assert "as_of" not in following
    assert client.get(following).json()["offset"] == 1


PERIODS = [
    "/xp/1.0/users/ana/entries",
    "/xp/1.0/users/ana/summary",
    "/insights/1.0/users/ana",
    "/insights/1.0/users/ana/sessions",
    "/analytics/1.0/activity?studentId=ana",
    "/analytics/1.0/facts",
    "/gradebook/1.0/results",
    "/gradebook/1.0/assessment-results",
]


@pytest.mark.parametrize("path", PERIODS)
def test_a_period_that_ends_before_it_starts_is_refused(visit: Visit, path: str) -> None:
    reversed_days = f"startDate=2026-01-16&endDate={DAY}"
    answer = visit("guide").get(with_query(path, reversed_days))
    assert (answer.status_code, answer.json()["type"]) == (
        400,
        "urn:timeback:error:period_reversed",
    )
    assert answer.json()["imsx_error_details"][0]["path"] == "query.startDate"


@pytest.mark.parametrize("path", PERIODS)
def test_a_word_that_is_no_day_or_zone_is_named(visit: Visit, path: str) -> None:
    for name in ("startDate", "endDate", "timezone"):
        answer = visit("guide").get(with_query(path, f"{name}=soon"))
        assert answer.status_code == 400
        assert answer.json()["imsx_error_details"][0]["path"] == f"query.{name}"


def test_a_moment_means_its_day_in_the_zone_asked_for(visit: Visit) -> None:
    """Ana lost 5 XP at 05:30 UTC on the 16th: the 15th at school, the 16th in London."""
    moment = {"startDate": "2026-01-16T05:30:00Z", "endDate": "2026-01-16T05:30:00Z"}
    at_school = visit("guide").get(ENTRIES, params=moment).json()["entries"]
    in_london = visit("guide").get(ENTRIES, params={**moment, "timezone": "Europe/London"})
    assert [entry["id"] for entry in at_school] == ["x3", "x2", "x1"]
    assert [entry["id"] for entry in in_london.json()["entries"]] == ["x3"]


def test_every_path_reads_with_a_last_slash(visit: Visit) -> None:
    for path in ANAS + LISTS:
        bare, _, query = path.partition("?")
        answers = [visit("guide").get(f"{bare}{slash}?{query}").json() for slash in ("", "/")]
        assert answers[0] == answers[1], path

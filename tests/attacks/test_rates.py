"""Rate limits: a bucket for each caller, which refuses what is too much and fills up again."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from core.cli.server import create_app
from core.errors import TooManyRequestsError
from core.identity.clients import NewClient, create_client
from core.rates import MOST_KEYS, Buckets
from core.settings import Settings
from tests.conftest import make_settings
from tests.ingest.samples import grade_event

COURSES = "/rostering/1.0/courses"


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(buckets: Buckets, key: str, times: int) -> int:
    """How many of so many requests pass."""
    passed = 0
    for _ in range(times):
        try:
            buckets.take(key)
        except TooManyRequestsError:
            continue
        passed += 1
    return passed


def test_a_burst_passes_then_the_rate_then_it_is_full_again() -> None:
    clock = Clock()
    buckets = Buckets(10, 5, clock=clock)
    assert taken(buckets, "a", 20) == 5
    assert taken(buckets, "b", 20) == 5  # another's bucket is its own
    clock.now += 0.3
    assert taken(buckets, "a", 20) == 3
    clock.now += 60
    assert taken(buckets, "a", 20) == 5


def test_over_a_long_time_no_more_than_the_rate_passes() -> None:
    clock = Clock()
    buckets = Buckets(10, 5, clock=clock)
    passed = 0
    for _ in range(10_000):
        clock.now += 0.01
        passed += taken(buckets, "a", 1)
    assert passed == pytest.approx(1_000 + 5, abs=2)


def test_a_refusal_says_when_to_come_back_and_then_it_is_true() -> None:
    clock = Clock()
    buckets = Buckets(0.25, 1, clock=clock)
    buckets.take("a")
    with pytest.raises(TooManyRequestsError) as refused:
        buckets.take("a")
    assert refused.value.headers["Retry-After"] == "4"
    clock.now += 3.9
    assert taken(buckets, "a", 1) == 0
    clock.now += 0.2
    assert taken(buckets, "a", 1) == 1


def test_no_rate_is_no_limit_and_many_callers_take_bounded_memory() -> None:
    assert taken(Buckets(0, 1), "a", 1_000) == 1_000
    clock = Clock()
    buckets = Buckets(1_000, 1, clock=clock)
    for number in range(3 * MOST_KEYS):
        clock.now += 0.001
        buckets.take(str(number))
    assert len(buckets._full_at) <= MOST_KEYS + 1


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = make_settings(server_url, tmp_path_factory.mktemp("rates") / "data")
    few = {
        "requests_per_second": 0.01,
        "requests_burst": 3,
        "event_posts_per_second": 0.01,
        "event_posts_burst": 2,
        "token_requests_per_second": 0.01,
        "token_requests_burst": 4,
        "failures_per_second": 0.01,
        "failures_burst": 5,
    }
    return settings.model_copy(update=few)


@pytest.fixture
def http(install: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(install)) as client:
        yield client


@pytest.fixture
def two(install: Settings) -> list[NewClient]:
    with psycopg.connect(str(install.database_url)) as connection:
        return [create_client(connection, name) for name in ("One", "Two")]


def ask(http: TestClient, new: NewClient, secret: str | None = None) -> Any:
    auth = (new.client.client_id, secret or new.client_secret)
    return http.post("/auth/1.0/token", data={"grant_type": "client_credentials"}, auth=auth)


def bearer(http: TestClient, new: NewClient) -> dict[str, str]:
    return {"Authorization": f"Bearer {ask(http, new).json()['access_token']}"}


def test_each_client_has_its_own_share_of_reads_and_of_events(
    http: TestClient, two: list[NewClient]
) -> None:
    one, other = (bearer(http, new) for new in two)
    assert [http.get(COURSES, headers=one).status_code for _ in range(5)] == [200] * 3 + [429] * 2
    refused = http.get(COURSES, headers=one)
    assert int(refused.headers["retry-after"]) > 1
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:timeback:error:too_many_requests"
    assert http.get(COURSES, headers=other).status_code == 200
    posts = [http.post("/events/1.0/", json=grade_event(1), headers=one) for _ in range(3)]
    assert [post.status_code for post in posts] == [202, 202, 429]


def test_tokens_are_limited_by_client_and_wrong_secrets_by_address(
    http: TestClient, two: list[NewClient]
) -> None:
    one, other = two
    assert [ask(http, one).status_code for _ in range(5)] == [200] * 4 + [429]
    headers = bearer(http, other)
    guesses = [ask(http, other, "guess").status_code for _ in range(3)]
    assert guesses == [401] * 3
    forged = {"Authorization": "Bearer forged"}
    assert [http.get(COURSES, headers=forged).status_code for _ in range(3)] == [401, 401, 429]
    assert http.post("/events/1.0/", json={}, headers=forged).status_code == 429
    assert http.get(COURSES, headers=headers).status_code == 200  # a good token is never kept out

"""What a session keeps: for its viewer, its build and a while, and nothing beyond."""

import httpx
import pytest

from dashboards.answers import KEEP_SECONDS, MOST_KEPT, Answers, question
from dashboards.client import ReadApi

ASKED = question("token", "me", {"days": 7})


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_an_answer_is_good_until_its_time_is_over() -> None:
    clock = Clock()
    answers = Answers(clock)
    answers.keep(ASKED, {"build_id": "b1"})
    clock.seconds += KEEP_SECONDS - 0.1
    assert answers.find(ASKED) == {"build_id": "b1"}
    clock.seconds += 0.1
    assert answers.find(ASKED) is None


def test_a_newer_build_ends_what_was_read_from_an_older_one() -> None:
    answers = Answers()
    answers.keep(ASKED, {"build_id": "b1"})
    answers.newest_build = "b1"
    assert answers.find(ASKED) is not None
    answers.newest_build = "b2"
    assert answers.find(ASKED) is None


@pytest.mark.parametrize(
    "other",
    [
        question("someone else", "me", {"days": 7}),
        question("token", "freshness", {"days": 7}),
        question("token", "me", {"days": 14}),
    ],
    ids=["viewer", "report", "filter"],
)
def test_another_viewer_report_or_filter_is_another_question(other: tuple[object, ...]) -> None:
    answers = Answers()
    answers.keep(ASKED, {"build_id": "b1"})
    assert other not in answers.kept


def test_the_oldest_answer_goes_first() -> None:
    answers = Answers()
    for number in range(MOST_KEPT + 1):
        answers.keep(question("token", "me", {"days": number}), {"build_id": "b1"})
    assert len(answers.kept) == MOST_KEPT
    assert question("token", "me", {"days": 0}) not in answers.kept


def test_a_report_is_asked_once_until_freshness_tells_of_a_newer_build() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        return httpx.Response(200, json={"build_id": f"b{asked.count('freshness')}"})

    http = httpx.Client(base_url="http://api.test", transport=httpx.MockTransport(answer))
    api = ReadApi(http).signed_in("token", Answers())
    assert api.report("me") == api.report("me") == {"build_id": "b0"}
    api.freshness()
    assert api.report("me") == {"build_id": "b1"}
    assert asked == ["me", "freshness", "me"]

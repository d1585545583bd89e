"""The rows below a figure sum up to it, and it is the one that the read-back shows."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.conftest import School, receive
from tests.api.explain.conftest import DAYS, SECOND_APP, Explain, figure, payloads, summed

READERS = ["alpha", "reading", "maths"]


def rows(explanation: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The rows of a kind, of all steps."""
    return [row for step in explanation["steps"] for row in step["rows"] if row["kind"] == kind]


def read(taught: School, who: str, path: str) -> Any:
    answer = receive(taught)(who).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown_day(taught: School, who: str, day: str) -> dict[str, float]:
    """XP and seconds of Ann's day in `analytics`, all subjects together."""
    path = f"/analytics/1.0/activity?studentId=ann&startDate={day}&endDate={day}"
    subjects = read(taught, who, path)["facts"].get(day, {}).values()
    return {
        "xpEarned": sum(one["activityMetrics"]["xpEarned"] for one in subjects),
        "activeSeconds": sum(one["timeSpentMetrics"]["activeSeconds"] for one in subjects),
        "inactiveSeconds": sum(one["timeSpentMetrics"]["inactiveSeconds"] for one in subjects),
    }


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("day", DAYS)
def test_a_days_xp_is_the_sum_of_its_entries(
    taught: School, explain: Explain, who: str, day: str
) -> None:
    told = explain(who, "xp", studentId="ann", date=day)
    assert figure(told, "xpEarned") == shown_day(taught, who, day)["xpEarned"]
    assert summed(told, "xpEarned") == pytest.approx(figure(told, "xpEarned"))
    for row in rows(told, "ledger_entry"):
        assert set(row["eventIds"]) <= set(payloads(told))


@pytest.mark.parametrize("who", ["alpha", "reading"])
def test_an_apps_seconds_are_the_sum_of_its_segments(
    taught: School, explain: Explain, who: str
) -> None:
    path = f"/analytics/1.0/activity?studentId=ann&startDate={DAYS[0]}&endDate={DAYS[0]}"
    apps = read(taught, who, path)["factsByApp"][DAYS[0]]
    assert SECOND_APP in apps
    for app, subjects in apps.items():
        told = explain(who, "minutes", studentId="ann", date=DAYS[0], applicationId=app)
        shown = sum(one["timeSpentMetrics"]["activeSeconds"] for one in subjects.values())
        assert figure(told, "activeSeconds") == shown
        assert summed(told, "activeSeconds") == pytest.approx(shown, abs=1e-5)


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("day", DAYS)
def test_a_days_seconds_are_the_sum_of_its_segments(
    taught: School, explain: Explain, who: str, day: str
) -> None:
    told = explain(who, "minutes", studentId="ann", date=day)
    shown = shown_day(taught, who, day)
    for name in ("activeSeconds", "inactiveSeconds"):
        assert figure(told, name) == shown[name]
        assert summed(told, name) == pytest.approx(shown[name], abs=1e-5)
    for row in rows(told, "segment"):
        assert row["eventIds"]
        assert set(row["eventIds"]) <= set(payloads(told))


def test_stated_time_is_told_by_the_event_that_states_it(explain: Explain) -> None:
    told = explain("alpha", "minutes", studentId="ann", date="2026-03-04")
    stated = [row for row in rows(told, "segment") if "hour" in row["eventIds"]]
    assert [(row["details"]["seconds"], row["details"]["isCounted"]) for row in stated] == [
        (1200, True),
        (60, False),  # reading's, whose event is the latest
        (2400, True),
    ]


def test_time_that_another_apps_clock_counts_adds_nothing_for_staff(explain: Explain) -> None:
    told = explain("alpha", "minutes", studentId="ann", date="2026-03-03")
    shared = [row for row in rows(told, "segment") if not row["details"]["isCounted"]]
    assert shared
    assert all(row["amounts"] == {} for row in shared)


def test_a_partner_is_not_told_where_another_apps_clock_cut_in(
    taught: School, explain: Explain
) -> None:
    def stretches(who: str, app: str = taught.partners.reading) -> list[dict[str, Any]]:
        told = explain(who, "minutes", studentId="ann", date="2026-03-03")
        found = rows(told, "segment")
        return [one for one in found if one["details"]["appId"] == app]

    (aside,) = (one["details"] for one in stretches("reading", SECOND_APP))
    assert aside["isCounted"]
    for state in ("active", "idle"):
        cut, whole = (
            [one for one in stretches(who) if one["details"]["state"] == state]
            for who in ("alpha", "reading")
        )
        assert whole[0]["details"]["startedAt"] == cut[0]["details"]["startedAt"]
        assert whole[-1]["details"]["endedAt"] == cut[-1]["details"]["endedAt"]
        assert whole[0]["id"] == cut[0]["id"]
        ends = {one["details"]["endedAt"] for one in whole}
        starts = {one["details"]["startedAt"] for one in whole}
        assert ends & starts <= {aside["startedAt"], aside["endedAt"]}  # its own second app
        uncounted = [one["details"] for one in whole if not one["details"]["isCounted"]]
        assert [one["startedAt"] for one in uncounted] == (
            [aside["startedAt"]] if state == "active" else []
        )
    assert len(stretches("reading")) < len(stretches("alpha"))


def test_a_part_of_a_day_is_explained_alone(taught: School, explain: Explain) -> None:
    lesson = f"{taught.partners.maths}-1"
    told = explain("alpha", "xp", studentId="ann", date="2026-03-03", lessonId=lesson)
    assert (figure(told, "xpEarned"), list(payloads(told))) == (4.25, ["m3"])
    other = explain("alpha", "minutes", studentId="ann", date="2026-03-03", subject="Nothing")
    assert (figure(other, "activeSeconds"), other["eventCount"]) == (0, 0)


def test_a_reverse_leads_to_both_events(taught: School, explain: Explain) -> None:
    entries = read(taught, "reading", "/xp/1.0/users/ann/entries?limit=100")["entries"]
    (reverse,) = (entry for entry in entries if entry["kind"] == "reverse")
    told = explain("reading", f"xp-entry/{reverse['id']}")
    assert figure(told, "value") == reverse["value"] == summed(told, "value") == -130
    assert list(payloads(told)) == ["award", "correction"]
    (row,) = rows(told, "ledger_entry")
    award = next(entry for entry in entries if entry["sourceEventId"] == "award")
    assert row["details"]["reversesEntryId"] == award["id"]


@pytest.mark.parametrize("who", READERS)
def test_a_sessions_seconds_are_the_sum_of_its_segments(
    taught: School, explain: Explain, who: str
) -> None:
    sessions = read(taught, who, "/insights/1.0/users/ann/sessions")["sessions"]
    assert sessions
    for session in sessions:
        told = explain(who, f"session/{session['sessionId']}")
        for name in ("totalSeconds", "activeSeconds", "inactiveSeconds"):
            assert figure(told, name) == session[name]
            assert summed(told, name) == pytest.approx(session[name], abs=1e-5)
        assert told["eventCount"] == session["eventCount"]


@pytest.mark.parametrize("who", READERS)
def test_a_results_score_and_counts_are_those_of_its_events(
    taught: School, explain: Explain, who: str
) -> None:
    path = "/gradebook/1.0/assessment-results?limit=100"
    results = read(taught, who, path)["assessmentResults"]
    assert results
    for result in results:
        told = explain(who, f"result/{result['sourcedId']}")
        shown = {
            "score": result.get("score"),  # OneRoster leaves out what there is not
            "itemCount": result["metadata"].get("itemCount"),
            "correctCount": result["metadata"].get("correctCount"),
        }
        for name, value in shown.items():
            assert figure(told, name) == value
            assert summed(told, name) == pytest.approx(value or 0), (result, name)
        assert told["eventCount"] >= 1


def test_the_last_grade_sets_the_score_and_the_first_is_shown_beside_it(
    taught: School, explain: Explain
) -> None:
    path = "/gradebook/1.0/assessment-results?limit=100"
    results = read(taught, "reading", path)["assessmentResults"]
    (quiz,) = (one for one in results if one.get("score") == 9)
    told = explain("reading", f"result/{quiz['sourcedId']}")
    assert [row["eventIds"] for row in rows(told, "grade")] == [["regrade"]]
    assert len(rows(told, "item_response")) == 5
    assert {"begin", "end", "grade", "regrade"} <= set(payloads(told))
    assert not {"award", "correction"} & set(payloads(told))


@pytest.mark.parametrize("who", READERS)
def test_a_mastery_state_is_the_sum_of_its_evidence(
    taught: School, explain: Explain, who: str
) -> None:
    lessons = read(taught, who, "/mastery/1.0/users/ann/lessons")["lessons"]
    assert lessons
    for lesson in lessons:
        told = explain(who, "mastery", studentId="ann", lessonId=lesson["lessonId"])
        assert figure(told, "state") == lesson["state"]
        for name in ("itemCount", "correctCount", "attemptCount"):
            assert figure(told, name) == summed(told, name) == lesson["evidence"][name]
        for name in ("bestScoreRatio", "latestScoreRatio", "lastTenRatio"):
            assert figure(told, name) == lesson["evidence"][name]


def test_the_goal_of_a_day_names_who_set_it_and_what_was_earned(
    taught: School, explain: Explain
) -> None:
    told = explain("alpha", "goal", studentId="ann", date="2026-03-03")
    assert figure(told, "earnedXp") == summed(told, "earnedXp") == 22.25
    said = {row["details"]["goalLevel"]: row["details"]["dailyXp"] for row in rows(told, "record")}
    assert set(said) == {"enrollment", "student", "course", "school"}
    path = "/insights/1.0/users/ann?startDate=2026-03-03&endDate=2026-03-03"
    insights = read(taught, "alpha", path)["insights"]
    (goals,) = (one["goals"] for one in insights if one["type"] == "DAILY_GOAL")
    (whole,) = (one for one in goals if one["subject"] == "All")
    assert [figure(told, name) for name in ("goalXp", "earnedXp", "status", "streakDays")] == [
        whole[name] for name in ("goalXp", "earnedXp", "status", "streakDays")
    ]


def test_a_partners_goal_is_its_own_enrollments(taught: School, explain: Explain) -> None:
    told = explain("reading", "goal", studentId="ann", date="2026-03-03")
    assert (figure(told, "goalXp"), figure(told, "earnedXp")) == (50, 18)
    assert summed(told, "earnedXp") == 18
    assert [row["details"]["dailyXp"] for row in rows(told, "record")] == [50]
    none = receive(taught)("maths").get("/explain/1.0/goal?studentId=ann&date=2026-03-03")
    assert none.status_code == 404


def test_events_are_shown_as_they_were_sent(explain: Explain) -> None:
    told = explain("alpha", "xp", studentId="ann", date="2026-03-04")
    (url,) = told["events"]
    assert (url["id"], url["status"]) == ("url", "accepted")
    assert url["receiptId"]
    assert json.loads(url["payload"])["student_ref"] == "https://id.example/users/ann"


def test_limit_bounds_the_payloads_and_never_the_rows(explain: Explain) -> None:
    told = explain("alpha", "minutes", studentId="ann", date="2026-03-03", limit="2")
    assert len(told["events"]) == 2
    assert told["eventCount"] == len(rows(told, "event")) > 2

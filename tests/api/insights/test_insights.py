"""`/insights/1.0`: findings, sessions, overview; what a partner's answer leaves out."""

from typing import Any

from tests.api.conftest import Visit

INSIGHTS = "/insights/1.0/users/ana"


def findings(visit: Visit, who: str, **params: str) -> dict[str, dict[str, Any]]:
    answer = visit(who).get(INSIGHTS, params=params)
    assert answer.status_code == 200, answer.text
    return {finding["type"]: finding for finding in answer.json()["insights"]}


def test_the_time_summary_adds_up_the_period(visit: Visit) -> None:
    assert findings(visit, "parent")["TIME_SUMMARY"] == {
        "type": "TIME_SUMMARY",
        "totalSeconds": 2700.0,
        "activeSeconds": 2700.0,
        "inactiveSeconds": 0.0,
        "wasteSeconds": 0.0,
        "wasteMeasured": False,
        "wastePercentage": 0.0,
        "timeStatus": "ok",
        "totalXpEarned": 27.5,
        "factCount": 6,
    }
    assert findings(visit, "reading")["TIME_SUMMARY"]["activeSeconds"] == 1800.0


def test_subjects_add_up_to_the_summary(visit: Visit) -> None:
    body = visit("guide").get(INSIGHTS).json()
    total = sum(part["totalXpEarned"] for part in body["bySubject"])
    assert total == body["insights"][0]["totalXpEarned"] == 27.5


def test_staff_and_family_read_the_goal_of_the_day_and_the_flags(visit: Visit) -> None:
    found = findings(visit, "guide")
    goal = found["DAILY_GOAL"]["goals"][0]
    assert (goal["subject"], goal["goalXp"], goal["status"]) == ("All", 120.0, "behind")
    flag = found["OFF_TRACK"]["flags"][0]
    assert flag["reason"] == "goal_missed"
    assert "3" in flag["text"]


def test_a_partner_reads_no_flag_and_no_goal_but_its_own_enrollments(visit: Visit) -> None:
    found = findings(visit, "reading")
    assert "OFF_TRACK" not in found
    goals = found["DAILY_GOAL"]["goals"]
    assert [(goal["enrollmentId"], goal["goalXp"], goal["earnedXp"]) for goal in goals] == [
        ("ana-r", 30.0, 15.0)
    ]
    assert goals[0]["status"] == "behind"
    assert findings(visit, "maths")["DAILY_GOAL"]["goals"] == []


def test_between_terms_there_is_no_goal_for_anyone(visit: Visit) -> None:
    christmas = {"startDate": "2025-12-24", "endDate": "2025-12-24"}
    (whole_day,) = findings(visit, "guide", **christmas)["DAILY_GOAL"]["goals"]
    assert (whole_day["goalXp"], whole_day["status"]) == (None, "no_school")
    assert whole_day["isInTerm"] is False
    assert findings(visit, "reading", **christmas)["DAILY_GOAL"]["goals"] == []


def test_mastery_accuracy_and_placement_are_part_of_it(visit: Visit) -> None:
    found = findings(visit, "guide")
    assert found["MASTERY"]["mastered"] == 2
    assert found["ACCURACY"]["accuracyRatio"] == 1.0
    assert [course["nextLessonId"] for course in found["PLACEMENT"]["courses"]] == ["m2", "r2"]
    assert findings(visit, "reading")["MASTERY"]["mastered"] == 1


def test_a_period_without_anything_is_all_zeros(visit: Visit) -> None:
    found = findings(visit, "guide", startDate="2025-01-01", endDate="2025-01-02")
    assert found["TIME_SUMMARY"]["totalSeconds"] == 0
    assert found["ACCURACY"]["accuracyRatio"] is None


def test_sessions_come_newest_first_each_apps_own(visit: Visit) -> None:
    body = visit("guide").get(f"{INSIGHTS}/sessions").json()
    assert [session["applicationId"] for session in body["sessions"]] == ["adder", "reader"]
    assert body["sessions"][1]["totalSeconds"] == 1200.0
    one = visit("guide").get(f"{INSIGHTS}/sessions?applicationId=adder").json()
    assert one["total"] == 1
    assert visit("guide").get(f"{INSIGHTS}/sessions?startDate=2026-01-16").json()["total"] == 0


def test_a_session_is_found_by_our_key_and_by_the_apps_own_id(visit: Visit) -> None:
    ours = visit("reading").get("/insights/1.0/sessions/session-reading").json()
    theirs = visit("reading").get("/insights/1.0/sessions/ref-reading").json()
    assert ours["session"] == theirs["session"]


def test_the_overview_names_the_student_only_to_whom_it_may(visit: Visit) -> None:
    named = visit("reading").get(f"{INSIGHTS}/overview").json()
    assert named["student"]["givenName"] == "Ana"
    ben = visit("reading").get("/insights/1.0/users/ben/overview").json()
    assert ben["student"] is None
    assert ben["totals"]["totalXpEarned"] == 7.0
    assert "ben@" not in str(ben)


def test_a_student_who_did_nothing_yet_is_not_absent(visit: Visit) -> None:
    body = visit("root").get("/insights/1.0/users/zoe/overview").json()
    assert (body["session"], body["today"]["totalSeconds"]) == (None, 0)

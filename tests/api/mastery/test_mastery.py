"""`/mastery/1.0`: states with their evidence."""

from tests.api.conftest import School, Visit

ANAS = "/mastery/1.0/users/ana/lessons"


def test_a_lesson_s_state_comes_with_its_evidence(visit: Visit) -> None:
    lesson = visit("reading").get(ANAS).json()["lessons"][0]
    assert (lesson["lessonId"], lesson["state"], lesson["pKnown"]) == ("r1", "mastered", 0.97)
    assert lesson["evidence"] == {
        "evidenceStatus": "ok",
        "itemCount": 20,
        "correctCount": 17,
        "attemptCount": 2,
        "bestScoreRatio": 0.9,
        "latestScoreRatio": 0.9,
        "lastTenRatio": 0.9,
        "lastTenCount": 10,
    }


def test_seconds_are_a_partners_own_or_those_on_the_clock(visit: Visit) -> None:
    own = visit("reading").get(ANAS).json()["lessons"][0]["activeSeconds"]
    counted = visit("guide").get("/mastery/1.0/lessons/r1/students").json()["students"]
    assert own == 30 * 60.0
    assert counted[0]["activeSeconds"] == 25 * 60.0


def test_courses_and_states_narrow_the_list(visit: Visit) -> None:
    assert visit("guide").get(ANAS).json()["total"] == 2
    assert visit("guide").get(f"{ANAS}?courseId=maths-5").json()["total"] == 1
    assert visit("guide").get(f"{ANAS}?state=started").json()["total"] == 0
    assert visit("guide").get(f"{ANAS}?state=bored").status_code == 400


def test_a_lesson_lists_only_the_students_whom_the_viewer_sees(visit: Visit) -> None:
    path = "/mastery/1.0/lessons/r1/students"
    assert [row["studentId"] for row in visit("parent").get(path).json()["students"]] == ["ana"]
    assert visit("stranger").get(path).status_code == 404
    assert visit("reading").get("/mastery/1.0/lessons/r2/students").json()["total"] == 0


def test_each_student_read_by_a_person_is_in_the_audit_log(
    visit: Visit, small_school: School
) -> None:
    count = "select count(*) from identity.audit_log where action = 'mastery.students'"
    with small_school.context.database.connection() as connection:
        before = connection.execute(count).fetchone()
    visit("guide").get("/mastery/1.0/lessons/r1/students")
    visit("reading").get("/mastery/1.0/lessons/r1/students")
    with small_school.context.database.connection() as connection:
        after = connection.execute(count).fetchone()
    assert before is not None
    assert after is not None
    assert after[0] == before[0] + 1

"""Who takes part in the simulation."""

from datetime import UTC, datetime, timedelta

from core.simulation import SimulationPlan
from core.simulation.catalog_records import catalog_puts
from core.simulation.roster_records import class_puts, membership_puts, people_puts

PLAN = SimulationPlan(students=60)
ROSTER = PLAN.roster


def test_at_any_hour_one_of_the_two_schools_is_between_eight_and_eleven_at_night() -> None:
    for month in (1, 7):
        for hour in range(24):
            now = datetime(2026, month, 15, hour, tzinfo=UTC) + timedelta(minutes=30)
            clocks = [now.astimezone(school.zone).hour for school in ROSTER.schools]
            assert any(8 <= clock < 23 for clock in clocks), now


def test_students_are_of_grades_three_to_eight_in_both_schools() -> None:
    for school in ROSTER.schools:
        own = [student for student in ROSTER.students if student.school == school]
        assert len(own) == 30
        assert {student.grade for student in own} == {3, 4, 5, 6, 7, 8}


def test_every_student_has_a_parent_and_some_parents_have_two_children() -> None:
    parents = [student.parent.user_id for student in ROSTER.students]
    assert 30 < len(set(parents)) < 60


def test_names_in_e_mails_and_ids_are_unique() -> None:
    people = [student.person for student in ROSTER.students]
    people += [
        *ROSTER.guides,
        ROSTER.admin,
        *{s.parent.user_id: s.parent for s in ROSTER.students}.values(),
    ]
    assert len({person.user_id for person in people}) == len(people)
    assert len({person.email for person in people}) == len(people)


def test_two_seeds_share_no_record() -> None:
    def paths(plan: SimulationPlan) -> set[str]:
        puts = [*people_puts(plan.roster, plan.first_on), *class_puts(plan.roster, plan.apps)]
        puts += membership_puts(plan.roster, plan.apps, plan.first_on)
        for app in plan.apps:
            puts += catalog_puts(app, held_back=False)
        return {put.path for put in puts}

    assert paths(SimulationPlan(seed=1)).isdisjoint(paths(SimulationPlan(seed=2)))


def test_a_lesson_of_each_course_is_held_back_and_the_rest_is_not() -> None:
    for app in PLAN.apps:
        early = {put.path for put in catalog_puts(app, held_back=False)}
        late = {put.path for put in catalog_puts(app, held_back=True)}
        assert len(late) == len(app.courses)
        assert early.isdisjoint(late)


def test_the_demo_shows_an_admin_guides_parents_and_students() -> None:
    roles = [role for _, _, _, role in PLAN.people()]
    assert roles.count("admin") == 1
    assert roles.count("guide") == 6
    assert roles.count("parent") == roles.count("student") == 2

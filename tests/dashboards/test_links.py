"""A link to what is not there, or not the viewer's, says so; nothing else is shown or noted."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.session import KEY, SignedIn
from tests.dashboards.conftest import APP, Running

Open = Callable[..., AppTest]
SignIn = Callable[[str], SignedIn]
NOT_THERE = "what this link asks for is not there, or not yours to see"


def told(app: AppTest) -> str:
    """What a page says that shows nothing else."""
    assert not app.exception
    assert not [*app.dataframe, *app.table, *app.metric, *app.error]
    (said,) = app.info
    return str(said.value)


def noted(running: Running) -> list[str]:
    """What the access log has about reports, beside who one is."""
    with running.context.database.connection() as connection:
        rows = connection.execute(
            "select action from identity.audit_log"
            " where action like 'reports.%' and action <> 'reports.me' order by 1"
        )
        return [action for (action,) in rows]


@pytest.fixture
def follow(sign_in: SignIn, running: Running) -> Callable[..., str]:
    """Follow a link as someone who is on their first page; what it says, if nothing was noted."""

    def followed(page: str, who: str, parameter: str, asked: str) -> str:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.session_state[KEY] = sign_in(who)
        app.run()
        before = noted(running)
        app.switch_page(f"views/{page}")
        app.query_params[parameter] = asked
        app.run()
        assert noted(running) == before
        return told(app)

    return followed


@pytest.mark.parametrize("student", ["nobody", "eli"])  # eli is at another school
@pytest.mark.parametrize("who", ["gwen", "pat", "ada"])
def test_a_link_to_a_student_who_is_not_the_viewers_reads_nobody(
    who: str, student: str, follow: Callable[..., str]
) -> None:
    said = follow("guide/student.py", who, "student", student)
    assert said.startswith(f"**Student:** {NOT_THERE}")


def test_from_there_another_class_can_be_chosen(open_page: Open) -> None:
    app = open_page("guide/class_grid.py", "gwen", **{"class": "nowhere"})
    app.selectbox[0].select("class-math-5").run()
    assert NOT_THERE not in str([said.value for said in app.info])
    assert app.query_params["class"] == "class-math-5"
    assert len(app.dataframe[0].value) == 4


@pytest.mark.parametrize(
    ("page", "who", "label", "parameter", "asked"),
    [
        ("guide/today.py", "gwen", "Class", "class", "class-reading-5"),
        ("guide/today.py", "gwen", "Day", "day", "2030-01-01"),
        ("guide/today.py", "gwen", "Day", "day", "yesterday"),
        ("guide/class_grid.py", "gwen", "Class", "class", "class-reading-5"),
        ("guide/class_grid.py", "gwen", "Week of Monday", "week", "2030-01-01"),
        ("guide/class_grid.py", "gwen", "Week of Monday", "week", "next"),
        ("guide/stuck_lessons.py", "gwen", "Class", "class", "nowhere"),
        ("guide/stuck_lessons.py", "gwen", "Look back", "days", "5000"),
        ("guide/week_review.py", "gwen", "Class", "class", "nowhere"),
        ("guide/week_review.py", "gwen", "Week of Monday", "week", "2026-11-23"),
        ("parent/today.py", "pat", "Day", "day", "2026-11-21"),
        ("parent/week.py", "pat", "A day of the week", "day", "2026-11-21"),
        ("parent/what_xp_means.py", "pat", "Child", "student", "cleo"),
        ("admin/schools.py", "amy", "Look back", "days", "1"),
        ("partner/integration.py", "mia", "Look back", "days", "all"),
    ],
)
def test_whatever_a_link_asks_for_must_be_there(
    page: str, who: str, label: str, parameter: str, asked: str, follow: Callable[..., str]
) -> None:
    assert follow(page, who, parameter, asked).startswith(f"**{label}:** {NOT_THERE}")


@pytest.mark.parametrize(
    ("page", "who", "label", "parameter"),
    [
        ("guide/student.py", "gwen", "Subject", "subject"),
        ("guide/class_grid.py", "gwen", "Grade", "grade"),
        ("guide/class_grid.py", "gwen", "Subject", "subject"),
        ("guide/stuck_lessons.py", "gwen", "Subject", "subject"),
        ("admin/apps.py", "amy", "School", "school"),
        ("admin/apps.py", "amy", "Grade", "grade"),
        ("admin/access_log.py", "amy", "Student", "student"),
        ("admin/access_log.py", "amy", "Who", "actor"),
    ],
)
def test_a_choice_that_the_page_must_read_for_shows_nothing_in_its_place(
    page: str, who: str, label: str, parameter: str, open_page: Open
) -> None:
    app = open_page(page, who, **{parameter: "nothing-of-that-name"})
    assert told(app).startswith(f"**{label}:** {NOT_THERE}")


@pytest.mark.parametrize("page", ["usage", "content"])
def test_a_course_that_is_not_the_partners_is_not_there(page: str, open_page: Open) -> None:
    app = open_page(f"partner/{page}.py", "mia", course="reading-5")
    assert not [*app.dataframe, *app.metric]
    assert "There is no course 'reading-5'." in app.error[0].value


def test_what_another_filter_takes_away_gives_way_to_all(open_page: Open) -> None:
    app = open_page("guide/class_grid.py", "gwen", subject="Math")
    app.selectbox[1].select("2026-10-05").run()  # nothing was known of that week
    assert NOT_THERE not in str([said.value for said in app.info])
    assert "subject" not in app.query_params

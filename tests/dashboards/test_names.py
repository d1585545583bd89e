"""On a shared screen no page names a student, and a student keeps their number."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.names import numbered, without_names
from tests.dashboards.roster import PUPILS

Open = Callable[..., AppTest]
PAGES = ("guide/today.py", "guide/class_grid.py", "guide/stuck_lessons.py", "guide/week_review.py")


def everything(app: AppTest) -> str:
    """All that a page sends to the browser: words, tables, charts and links."""
    assert not app.exception
    tables = [str(table.value.to_csv()) for table in [*app.dataframe, *app.table]]
    return "\n".join([str(element.proto) for element in app.main] + tables)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_student(page: str, open_page: Open) -> None:
    app = open_page(page, "gwen", names="hidden")
    sent = everything(app)
    for pupil in PUPILS:
        assert pupil.given_name not in sent
        assert pupil.family_name not in sent
    assert "Student 2" in sent  # Ben, the second of four by id


def test_a_choice_holds_on_the_next_page_until_it_is_undone(open_page: Open) -> None:
    app = open_page("guide/class_grid.py", "gwen", names="hidden")
    app.query_params.clear()
    app.switch_page("views/guide/week_review.py").run()
    assert app.query_params["names"] == "hidden"
    assert list(app.table[0].value["Student"]) == [f"Student {number}" for number in range(1, 5)]
    app.toggle[0].set_value(False).run()
    assert "names" not in app.query_params
    assert "Ben Brooks" in list(app.table[0].value["Student"])


def test_a_parents_page_has_no_such_choice(open_page: Open) -> None:
    app = open_page("parent/today.py", "pat", names="hidden")
    assert len(app.toggle) == 0
    assert [header.value for header in app.header] == ["Ada Alvarez", "Ben Brooks"]


def test_numbers_have_as_many_digits_as_the_largest_and_follow_the_ids() -> None:
    numbers = numbered([f"s{number:02}" for number in range(12, 0, -1)])
    assert (numbers["s01"], numbers["s12"]) == ("Student 01", "Student 12")


def test_every_name_of_a_student_goes_and_nothing_else() -> None:
    answer = {
        "name": "Gwen Guide",
        "classes": [{"id": "class-1", "title": "Math"}],
        "children": [{"id": "ada", "title": "Ada"}],
        "rows": [{"studentId": "ada", "name": "Ada", "email": None, "xp": 3}],
        "other": {"studentId": "eli", "name": "Eli"},
    }
    assert without_names(answer, {"ada": "Student 1"}) == {
        "name": "Gwen Guide",
        "classes": [{"id": "class-1", "title": "Math"}],
        "children": [{"id": "ada", "title": "Student 1"}],
        "rows": [{"studentId": "ada", "name": "Student 1", "email": None, "xp": 3}],
        "other": {"studentId": "eli", "name": "A student"},
    }

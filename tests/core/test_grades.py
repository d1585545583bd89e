"""Grades have names, whatever a roster writes; zero is Kindergarten and never nothing."""

import pytest

from core.grades import grade_words, in_order


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        ("IT", "Infant or toddler"),
        ("PR", "Preschool"),
        ("PK", "Prekindergarten"),
        ("TK", "Transitional kindergarten"),
        ("KG", "Kindergarten"),
        ("00", "Kindergarten"),
        ("0", "Kindergarten"),
        ("01", "Grade 1"),
        ("1", "Grade 1"),
        ("10", "Grade 10"),
        ("13", "Grade 13"),
        ("PS", "Postsecondary"),
        ("UG", "Ungraded"),
        ("Other", "Other grade"),
        ("Year 7", "Year 7"),
        (None, "No grade"),
    ],
)
def test_a_grade_is_called_as_people_call_it(grade: str | None, words: str) -> None:
    assert grade_words(grade) == words


def test_grades_stand_as_a_student_goes_through_them() -> None:
    assert in_order({"10", "PS", "Year 7", "KG", "02", "PK"}) == [
        "PK",
        "KG",
        "02",
        "10",
        "PS",
        "Year 7",
    ]

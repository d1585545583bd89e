"""Grade levels in words. The marts hold OneRoster's codes, and what a roster wrote beside them."""

from collections.abc import Iterable

UNKNOWN = "No grade"
KINDERGARTEN = "KG"
WORDS = {
    "IT": "Infant or toddler",
    "PR": "Preschool",
    "PK": "Prekindergarten",
    "TK": "Transitional kindergarten",
    KINDERGARTEN: "Kindergarten",
    **{f"{number:02}": f"Grade {number}" for number in range(1, 14)},
    "PS": "Postsecondary",
    "UG": "Ungraded",
    "Other": "Other grade",
}
ORDER = tuple(WORDS)  # as a student goes through them


def grade_words(grade: str | None) -> str:
    """What people call a grade: `Kindergarten`, `Grade 5`. What is no code is called as it is."""
    return UNKNOWN if grade is None else WORDS.get(_code(grade), grade)


def in_order(grades: Iterable[str]) -> list[str]:
    """Grades as a student goes through them, then what is no code."""
    return sorted(grades, key=place)


def place(grade: str | None) -> tuple[int, str]:
    """Sort key of a grade; none comes last."""
    if grade is None:
        return len(ORDER) + 1, ""
    code = _code(grade)
    return (ORDER.index(code), "") if code in ORDER else (len(ORDER), grade)


def _code(grade: str) -> str:
    if not grade.isdecimal():
        return grade
    return f"{int(grade):02}" if int(grade) else KINDERGARTEN

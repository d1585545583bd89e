"""Names hidden for a shared screen: with `names=hidden` in the address students have numbers.

Numbers follow the order of the students' ids, so that a student keeps theirs on every page. The
names are replaced where answers arrive: charts, tables, CSV and sentences never hold one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import streamlit as st

from dashboards.client import Answer, ReadApi
from dashboards.session import SignedIn

PARAMETER, HIDDEN = "names", "hidden"
KEPT = "names_hidden"  # outlives a change of page, which the toggle and the address do not
TOGGLE = "names_toggle"
MAY_HIDE = frozenset({"guide", "admin", "platform_admin"})
NAMING = ("name", "title", "studentName", "givenName", "familyName", "email")
UNKNOWN = "A student"

Numbers = Mapping[str, str]


@dataclass(frozen=True)
class Nameless(SignedIn):
    """A person whose answers name no student."""

    numbers: Numbers

    @property
    def api(self) -> ReadApi:
        """The read API, its answers without names."""
        return super().api.shaped(lambda answer: without_names(answer, self.numbers))


def shown(person: SignedIn, me: Answer) -> tuple[SignedIn, Answer]:
    """The person and their choices as the page may show them, with the toggle in the sidebar."""
    if not person.roles & MAY_HIDE or not _is_chosen():
        return person, me
    numbers = _numbers(person, me["build_id"])
    held = {field.name: getattr(person, field.name) for field in fields(person)}
    return Nameless(**held, numbers=numbers), without_names(me, numbers)


def are_hidden(person: SignedIn) -> bool:
    """Whether this person's answers come without names; texts as written still hold them."""
    return isinstance(person, Nameless)


def numbered(student_ids: list[str]) -> Numbers:
    """`Student 07` and so on by id; as many digits each, so that they sort."""
    width = len(str(len(student_ids)))
    return {
        student: f"Student {number:0{width}d}"
        for number, student in enumerate(sorted(student_ids), start=1)
    }


def without_names(answer: Any, numbers: Numbers) -> Any:
    """An answer in which every student that it names has their number instead."""
    if isinstance(answer, list):
        return [without_names(one, numbers) for one in answer]
    if not isinstance(answer, dict):
        return answer
    shaped = {key: without_names(value, numbers) for key, value in answer.items()}
    if "studentId" in answer:
        named = numbers.get(answer["studentId"], UNKNOWN)
    elif answer.get("id") in numbers:
        named = numbers[answer["id"]]
    else:
        return shaped
    return shaped | {key: named for key in NAMING if shaped.get(key) is not None}


def _is_chosen() -> bool:
    if st.query_params.get(PARAMETER) == HIDDEN:
        st.session_state[KEPT] = True
    is_hidden = bool(st.session_state.get(KEPT))
    st.session_state[TOGGLE] = is_hidden
    with st.sidebar:
        st.toggle(
            "Hide names",
            key=TOGGLE,
            on_change=_follow_toggle,
            help="Students have numbers instead of names, for a screen that others see.",
        )
    if is_hidden:
        st.query_params[PARAMETER] = HIDDEN
    return is_hidden


def _follow_toggle() -> None:
    st.session_state[KEPT] = st.session_state[TOGGLE]
    st.query_params.pop(PARAMETER, None)


def _numbers(person: SignedIn, build_id: str) -> Numbers:
    """The numbers of all students of this person, asked for once a build and session."""
    key = f"names_{person.token[-12:]}_{build_id}"
    if key not in st.session_state:
        st.session_state[key] = numbered(person.api.report("me", students=True)["studentIds"])
    held: Numbers = st.session_state[key]
    return held

"""Student: one student's day by app, XP against pace, lessons, and the ledger to the event."""

import streamlit as st

from core.grades import grade_words
from dashboards import day as days
from dashboards import filters, layout, ledger, lessons, names
from dashboards.client import Answer
from dashboards.session import SignedIn

LISTED = "listed_students"


def students_of(person: SignedIn, me: Answer) -> dict[str, str]:
    """Whom the viewer can look at, id to name; asked once for each build."""
    asked = (me["build_id"], me["userId"], me["name"], names.are_hidden(person))
    listed = st.session_state.get(LISTED)
    if listed is None or listed[0] != asked:
        found = {one["id"]: one["title"] for one in person.api.report("me/students")["students"]}
        listed = st.session_state[LISTED] = (asked, found)
    return dict(listed[1])


def check_link(person: SignedIn) -> None:
    """End the page, before it reads any name, if its address names one who is not the viewer's."""
    student = st.query_params.get("student")
    if student and student not in person.api.report("me", students=True)["studentIds"]:
        st.page_link("views/guide/student.py", label="Choose a student", icon=":material/person:")
        filters.not_there("Student")


def whose(report: Answer) -> str:
    """School, grade and classes."""
    standing = report["standing"]
    school, grade = standing["schoolName"] or "No school", grade_words(standing["grade"])
    return " · ".join([school, grade, *report["classes"]])


def show() -> None:
    person, me = layout.opened("Student")
    with layout.guarded():
        check_link(person)
        students = students_of(person, me)
    if not students:
        layout.nothing("No student is yours to see yet.")
        return
    with st.container(horizontal=True):
        student_id = filters.choose("Student", "student", students)
        day = filters.day("day", layout.today(me))
        subject_place = st.container(width=260)
    subject = st.query_params.get("subject")
    with layout.guarded(), st.spinner("Reading the day …"):
        report = person.api.report(f"students/{student_id}", on=day, subject=subject)
    with subject_place:
        subjects = {"": "All subjects"} | {one: one for one in report["subjectsTaken"]}
        chosen = filters.choose("Subject", "subject", subjects) or None
    if chosen != subject:
        st.rerun()
    zone = report["standing"]["timezone"] or "UTC"
    layout.freshness(person, report["build_id"], zone)
    st.caption(layout.plain(whose(report)))
    days.overview(person, report, zone)
    days.the_day(report, zone)
    ledger.show(person, report, zone)
    lessons.show(person, report, zone)
    days.the_weeks(person, report, zone)


show()

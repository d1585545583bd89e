"""Admin, Roster health: what is missing in the roster, each with the records and what to do."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import admin as charts
from dashboards.client import Answer

# What a check's columns are called; those that it does not fill are left out.
STUDENT = {"name": "Student", "school_name": "School", "about": "Grade", "id": "Id"}
TITLES: dict[str, dict[str, str]] = {
    "students_without_enrollment": STUDENT,
    "students_without_guardian": STUDENT,
    "events_pending_enrollment": {
        "name": "Student",
        "school_name": "School",
        "about": "Course",
        "amount": "XP waiting",
        "last_at": "Last",
        "id": "Student id",
    },
    "enrollments_without_events": {
        "name": "Student",
        "school_name": "School",
        "about": "Class",
        "id": "Student id",
        "reference": "Enrollment",
    },
    "classes_without_teacher": {
        "name": "Class",
        "school_name": "School",
        "about": "Course",
        "amount": "Students",
        "id": "Id",
    },
    "unknown_students": {
        "name": "App",
        "about": "Partner",
        "amount": "Events",
        "last_at": "Last",
        "id": "Client",
    },
    "zones_missing": {
        "name": "School",
        "about": "Until then",
        "amount": "Students",
        "id": "Id",
    },
    "duplicate_emails": {
        "email": "E-mail",
        "name": "Student",
        "school_name": "School",
        "id": "Id",
    },
}


def finding(answer: Answer) -> str:
    """How many checks found something, and the three largest."""
    checks = [check for check in answer["checks"] if check["isApplicable"]]
    found = [check for check in checks if check["count"]]
    students = layout.counted(answer["studentCount"], "student")
    if not found:
        return f"All {len(checks)} checks are clear for {students}."
    largest = sorted(found, key=lambda check: -check["count"])[:3]
    named = ", ".join(f"{check['title']} ({check['count']:,})" for check in largest)
    verb = "finds" if len(found) == 1 else "find"
    return f"{len(found)} of {len(checks)} checks {verb} something for {students}: {named}."


def as_table(check: dict[str, Any], zone: str) -> pl.DataFrame:
    """A check's records as the page and its CSV show them."""
    rows = frames.read(check["rows"], frames.ROSTER_ROWS).with_columns(
        tables.stamped("last_at", zone, "last_at")
    )
    return rows.select(list(TITLES[check["check"]]))


def columns_of(check: dict[str, Any]) -> dict[str, Any]:
    """How the check's columns are headed."""
    return {
        name: tables.number(title, 1 if title.startswith("XP") else 0)
        if name == "amount"
        else tables.text(title)
        for name, title in TITLES[check["check"]].items()
    }


def show_check(check: dict[str, Any], zone: str, on: str) -> None:
    """One check: what it means, what to do, and the records."""
    st.subheader(f"{check['title']}: {check['count']:,}")
    st.markdown(f"{layout.plain(check['meaning'])} **{layout.plain(check['todo'])}**")
    name = export.file_name("roster", check["check"], on)
    export.table(as_table(check, zone), name=name, columns=columns_of(check))
    if len(check["rows"]) < check["count"]:
        st.caption(f"The first {len(check['rows']):,} of {check['count']:,}.")


def show() -> None:
    person, me = layout.opened("Roster health")
    days = filters.days_back()
    with layout.guarded(), st.spinner("Checking the roster …"):
        answer = person.api.report("admin/roster-health", days=days)
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    layout.sentence(layout.plain(finding(answer)))
    checks = [check for check in answer["checks"] if check["isApplicable"]]
    counts = pl.DataFrame(
        [(check["title"], check["count"]) for check in checks],
        schema={"title": pl.String, "count": pl.Int64},
        orient="row",
    )
    st.altair_chart(charts.checks_by_count(counts), alt="Records that each check found")
    st.caption(
        f"Events and activity are those of the last {days} days; times are {layout.city(zone)}."
    )
    for check in checks:
        if check["count"]:
            show_check(check, zone, answer["as_of"][:10])
    clear = [check["title"].lower() for check in checks if not check["count"]]
    if clear:
        st.success(f"Nothing found: {'; '.join(clear)}.", icon=":material/check_circle:")


show()

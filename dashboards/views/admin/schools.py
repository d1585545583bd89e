"""Admin, Schools: how many students are at work, and how many reach their goal."""

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import operations as charts

MEASURES = {
    "met_percent": "Goal met, %",
    "active_count": "Active students",
    "xp": "XP",
    "active_minutes": "Active minutes",
}
COLUMNS = {
    "school_name": tables.text("School", pinned=True),
    "timezone": tables.text("Time zone"),
    "local_on": st.column_config.DateColumn("Day there"),
    "student_count": tables.count("Students"),
    "active_count": tables.count("Active today"),
    "met_count": tables.number("Goal met"),
    "goal_count": tables.number("With a goal"),
    "met_percent": tables.percentage("Goal met, %"),
    "xp": tables.number("XP", 1),
    "active_minutes": tables.count("Active min"),
    "flagged_count": tables.number("Off track"),
}
DAY_COLUMNS = {
    "local_on": st.column_config.DateColumn("Day"),
    "school_name": tables.text("School"),
    "active_count": tables.count("Active students"),
    "met_percent": tables.percentage("Goal met, %"),
    "xp": tables.number("XP", 1),
    "active_minutes": tables.count("Active min"),
}


def finding(schools: pl.DataFrame) -> str:
    """The page's finding in a sentence."""
    students, active = tables.total(schools, "student_count"), tables.total(schools, "active_count")
    met, goals = tables.total(schools, "met_count"), tables.total(schools, "goal_count")
    text = (
        f"{active:,} of {layout.counted(students, 'student')} in"
        f" {layout.counted(len(schools), 'school')} are active today,"
        f" with {tables.total(schools, 'xp'):,} XP."
    )
    text += f" {met:,} of {goals:,} have met their goal." if goals else " No goal counts today."
    flagged = tables.total(schools, "flagged_count")
    return f"{text} {layout.counted(flagged, 'student is', 'students are')} off track."


def measured(frame: pl.DataFrame) -> pl.DataFrame:
    """With the shares and minutes that charts and tables show."""
    return frame.with_columns(
        tables.share("met_count", "goal_count", "met_percent"), tables.minutes("active_seconds")
    )


def show() -> None:
    person, me = layout.opened("Schools")
    days_back = filters.days_back()
    with layout.guarded(), st.spinner("Reading the schools …"):
        answer = person.api.report("admin/schools", days=days_back)
    layout.freshness(person, answer["build_id"], layout.zone_of(me))
    on = answer["as_of"][:10]
    schools = measured(frames.read(answer["schools"], frames.SCHOOLS))
    if schools.is_empty():
        layout.nothing("No school with students is yours to see yet.")
        return
    layout.sentence(finding(schools))
    layout.figures(
        {
            "Students": f"{tables.total(schools, 'student_count'):,}",
            "Active today": f"{tables.total(schools, 'active_count'):,}",
            "Goal met": f"{tables.total(schools, 'met_count'):,}",
            "XP": f"{tables.total(schools, 'xp'):,}",
            "Active hours": f"{tables.total(schools, 'active_minutes') / 60:,.1f}",
            "Off track": f"{tables.total(schools, 'flagged_count'):,}",
        }
    )
    st.subheader("Goals today")
    if tables.total(schools, "goal_count"):
        st.altair_chart(charts.goals_by_school(schools), alt="Students by school and goal met")
    else:
        layout.nothing("No goal counts today: there is no school.")
    export.table(
        schools.select(list(COLUMNS)), name=export.file_name("schools", on), columns=COLUMNS
    )
    st.subheader("Day by day")
    measure = filters.choose("Measure", "measure", MEASURES) or "met_percent"
    days = measured(frames.read(answer["days"], frames.SCHOOL_DAYS))
    title = MEASURES[measure]
    st.altair_chart(charts.school_trend(days, measure, title), alt=f"{title} by school and day")
    st.caption("Each school's days are its own local days; a gap is a day without a goal.")
    rows = days.sort("local_on", "school_name", descending=[True, False]).select(list(DAY_COLUMNS))
    export.table(
        rows, name=export.file_name("school-days", f"{days_back}-days", on), columns=DAY_COLUMNS
    )


show()

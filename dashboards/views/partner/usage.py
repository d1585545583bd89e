"""Partner, Usage: how many of the partner's students are at work, when, and in which course."""

from datetime import date

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import partner as charts
from dashboards.client import Answer

MEASURES = {
    "active_count": "Active students",
    "active_minutes": "Active minutes",
    "xp": "XP",
    "session_count": "Sessions",
}
COURSE_COLUMNS = {
    "course_title": tables.text("Course", pinned=True),
    "subject": tables.text("Subject"),
    "student_count": tables.count("Enrolled"),
    "active_count": tables.count("Active"),
    "active_minutes": tables.count("Active min"),
    "xp": tables.number("XP", 1),
    "total_questions": tables.count("Questions"),
    "accuracy_percent": tables.percentage("Correct, %"),
}
DAY_COLUMNS = {
    "local_on": st.column_config.DateColumn("Day"),
    "active_count": tables.count("Active students"),
    "session_count": tables.count("Sessions"),
    "active_minutes": tables.count("Active min"),
    "xp": tables.number("XP", 1),
    "total_questions": tables.count("Questions"),
}
WEEK_COLUMNS = {
    "week_on": st.column_config.DateColumn("Week from"),
    "day_count": tables.count("Days of it"),
    "active_count": tables.count("Active students"),
    "active_minutes": tables.count("Active min"),
    "xp": tables.number("XP", 1),
    "total_questions": tables.count("Questions"),
}


def finding(answer: Answer, days_back: int) -> str:
    """The page's finding in a sentence."""
    totals = answer["totals"]
    active, enrolled = totals["activeCount"], totals["studentCount"]
    if not active:
        students = layout.counted(enrolled, "enrolled student")
        return f"None of {students} was active in the last {days_back} days."
    minutes = totals["activeSeconds"] / 60
    each = f"{minutes / active / days_back * 7:,.0f} minutes a week each"
    return (
        f"{layout.counted(active, 'student')} active in the last {days_back} days"
        f" ({enrolled:,} enrolled now): {minutes:,.0f} active minutes, {each},"
        f" and {totals['xp']:,.0f} XP."
    )


def the_days(answer: Answer) -> None:
    """Day by day: the picture of one measure, the table of all."""
    st.subheader("Day by day")
    days = frames.read(answer["days"], frames.USAGE_DAYS).with_columns(
        tables.minutes("active_seconds")
    )
    measure = filters.choose("Measure", "measure", MEASURES) or "active_count"
    title = MEASURES[measure]
    st.altair_chart(charts.use_by_day(days, "local_on", measure, title), alt=f"{title} of each day")
    rows = days.sort("local_on", descending=True).select(list(DAY_COLUMNS))
    export.table(rows, name="days", columns=DAY_COLUMNS, alt="Usage of each day")


def the_weeks(answer: Answer) -> None:
    """Week by week: a student counts once a week."""
    st.subheader("Week by week")
    first, last = (date.fromisoformat(answer[end]) for end in ("firstOn", "lastOn"))
    weeks = frames.read(answer["weeks"], frames.USAGE_WEEKS).with_columns(
        tables.minutes("active_seconds"), days_of_week(first, last)
    )
    if weeks.is_empty():
        layout.nothing("No activity in this time.")
        return
    st.altair_chart(
        charts.use_by_day(weeks, "week_on", "active_count", "Active students"),
        alt="Active students of each week",
    )
    st.caption(
        "A student counts once a week. The dates may cut the first and the last week: days that"
        " count are in the table."
    )
    rows = weeks.sort("week_on", descending=True).select(list(WEEK_COLUMNS))
    export.table(rows, name="weeks", columns=WEEK_COLUMNS, alt="Usage of each week")


def days_of_week(first: date, last: date) -> pl.Expr:
    """How many days of a week are between two days, both included."""
    begins = pl.max_horizontal(pl.col("week_on"), pl.lit(first))
    ends = pl.min_horizontal(pl.col("week_on").dt.offset_by("6d"), pl.lit(last))
    return ((ends - begins).dt.total_days() + 1).alias("day_count")


def the_courses(answer: Answer) -> None:
    """Course by course."""
    st.subheader("Courses")
    courses = frames.read(answer["courses"], frames.USAGE_COURSES).with_columns(
        tables.minutes("active_seconds"), tables.percent("accuracy_ratio", "accuracy_percent")
    )
    export.table(
        courses.select(list(COURSE_COLUMNS)),
        name="courses",
        columns=COURSE_COLUMNS,
        alt="Usage of each course",
    )


def show() -> None:
    person, _ = layout.opened("Usage")
    with st.container(horizontal=True):
        place = st.container(width="content")
        days_back = filters.days_back()
    course = filters.wanted("course")
    with layout.guarded(), st.spinner("Reading the figures"):
        answer = person.api.report("partner/usage", days=days_back, courseId=course)
    layout.freshness(person, answer["build_id"], "UTC")
    st.caption(f"{answer['clientName']}, its own events alone. Days are each student's local days.")
    if not answer["choices"]:
        layout.nothing("No course of yours is published yet.")
        return
    with place:
        titles = {one["id"]: one["title"] or one["id"] for one in answer["choices"]}
        filters.choose("Course", "course", {"": "All courses"} | titles)
    layout.sentence(layout.plain(finding(answer, days_back)))
    totals = answer["totals"]
    accuracy = totals["accuracyRatio"]
    layout.figures(
        {
            "Active students": f"{totals['activeCount']:,}",
            "Enrolled": f"{totals['studentCount']:,}",
            "Active hours": f"{totals['activeSeconds'] / 3600:,.1f}",
            "XP": f"{totals['xp']:,.0f}",
            "Sessions": f"{totals['sessionCount']:,}",
            "Correct": "–" if accuracy is None else f"{accuracy:.0%}",
        }
    )
    the_days(answer)
    the_weeks(answer)
    the_courses(answer)


show()

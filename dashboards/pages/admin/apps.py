"""Admin, Apps: apps compared within one grade and subject, small groups hidden."""

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import admin as charts
from dashboards.client import Answer

# Each measure's column, its words and its number format.
MEASURES = {
    "xp_per_active_minute": ("XP per active minute", ".2f"),
    "mastered_per_active_hour": ("Lessons mastered per active hour", ".2f"),
    "accuracy_ratio": ("Answers right", ".0%"),
    "idle_ratio": ("Idle share of time", ".0%"),
    "review_ratio": ("Awards to review", ".1%"),
}
TITLES = {name: title for name, (title, _) in MEASURES.items()}
COLUMNS = {
    "comparison": tables.text("Grade and subject", pinned=True),
    "app_name": tables.text("App"),
    "students": tables.text("Students"),
    "xp_per_active_minute": tables.number("XP / active min", 2),
    "mastered_per_active_hour": tables.number("Mastered / active h", 2),
    "accuracy_percent": tables.percentage("Right"),
    "idle_percent": tables.percentage("Idle"),
    "award_count": tables.count("Awards"),
    "review_count": tables.count("To review"),
    "xp": tables.number("XP", 1),
    "active_hours": tables.number("Active h", 1),
    "mastered_lessons": tables.count("Lessons mastered"),
}


def compared(groups: pl.DataFrame) -> pl.DataFrame:
    """With the words of what may be compared: one grade and one subject."""
    grade = pl.col("grade").str.strip_chars_start("0").fill_null("?")
    return groups.with_columns(pl.format("Grade {}, {}", grade, "subject").alias("comparison"))


def finding(groups: pl.DataFrame, measure: str, days: int) -> str:
    """Where two apps can be compared, the widest gap between them; else why there is none."""
    title, number = MEASURES[measure]
    shown = groups.filter(pl.col("is_hidden").not_() & pl.col(measure).is_not_null())
    by_row = shown.group_by("comparison", maintain_order=True).agg(
        pl.len().alias("apps"), (pl.col(measure).max() - pl.col(measure).min()).alias("gap")
    )
    several = by_row.filter(pl.col("apps") > 1).sort("gap", descending=True, maintain_order=True)
    places = layout.counted(len(by_row), "grade and subject", "grades and subjects")
    if several.is_empty():
        verb = "has" if len(by_row) == 1 else "have"
        return f"{places} {verb} figures in the last {days} days, none with two apps to compare."
    where = several["comparison"][0]
    pair = shown.filter(pl.col("comparison") == where).sort(measure, descending=True)
    first, last = pair.row(0, named=True), pair.row(-1, named=True)
    return (
        f"{len(several)} of {places} have two apps or more. The widest gap is in {where},"
        f" {title.lower()}: {first['app_name']} {format(first[measure], number)}"
        f" ({first['student_count']} students), {last['app_name']} {format(last[measure], number)}"
        f" ({last['student_count']} students)."
    )


def as_table(groups: pl.DataFrame, least: int) -> pl.DataFrame:
    """The groups as the page and its CSV show them."""
    hidden = pl.lit(f"fewer than {least} students")
    students = pl.when("is_hidden").then(hidden).otherwise(pl.col("student_count").cast(pl.String))
    return groups.with_columns(
        students.alias("students"),
        tables.percent("accuracy_ratio", "accuracy_percent"),
        tables.percent("idle_ratio", "idle_percent"),
        (pl.col("active_seconds") / 3600).round(1).alias("active_hours"),
    ).select(list(COLUMNS))


def chosen_filters(me: Answer, whole: Answer) -> dict[str, str | None]:
    """School, grade and subject, by the address."""
    schools = {"": "All schools"} | {one["id"]: one["title"] for one in me["schools"]}
    grades = {"": "All grades"} | {one: f"Grade {one.lstrip('0')}" for one in whole["grades"]}
    subjects = {"": "All subjects"} | {one: one for one in whole["subjects"]}
    with st.container(horizontal=True):
        return {
            "schoolId": filters.choose("School", "school", schools) or None,
            "grade": filters.choose("Grade", "grade", grades, width=160) or None,
            "subject": filters.choose("Subject", "subject", subjects, width=180) or None,
        }


def show() -> None:
    person, me = layout.opened("Apps")
    days = filters.days_back()
    with layout.guarded(), st.spinner("Comparing …"):
        answer = person.api.report("admin/apps", days=days)
    chosen = chosen_filters(me, answer)
    if any(chosen.values()):
        with layout.guarded():
            answer = person.api.report("admin/apps", days=days, **chosen)
    layout.freshness(person, answer["build_id"], layout.zone_of(me))
    groups = compared(frames.read(answer["groups"], frames.APP_GROUPS))
    if groups.is_empty():
        layout.nothing("No activity of these students in this time.")
        return
    measure = filters.choose("Measure", "measure", TITLES) or "xp_per_active_minute"
    layout.sentence(layout.plain(finding(groups, measure, days)))
    shown, least = groups.filter(pl.col("is_hidden").not_()), answer["leastStudents"]
    hidden = len(groups) - len(shown)
    if shown[measure].null_count() == len(shown):
        layout.nothing("Nothing to measure this by in the groups shown.")
    else:
        title, number = MEASURES[measure]
        st.altair_chart(
            charts.apps_compared(shown, measure, title, number),
            alt=f"{title} of each app, by grade and subject",
        )
    st.caption(
        "Compare within a row only: apps of different grades or subjects do different work. The"
        " number at a dot is its students. A gap can come from what an app is used for, not from"
        " the app. The grade is today's; active time is what counts once across apps."
    )
    if hidden:
        st.info(
            f"{layout.counted(hidden, 'group')} with fewer than {least} students"
            f" {'is' if hidden == 1 else 'are'} hidden: so few say more about the students than"
            " about the app, and could be recognised.",
            icon=":material/visibility_off:",
        )
    name = export.file_name("apps", *chosen.values(), f"{days}-days", answer["as_of"][:10])
    export.table(as_table(groups, least), name=name, columns=COLUMNS)


show()

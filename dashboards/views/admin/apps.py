"""Admin, Apps: apps compared within one grade and subject, small groups hidden."""

import polars as pl
import streamlit as st

from core.grades import grade_words
from dashboards import apps, export, filters, frames, layout
from dashboards.charts import admin as charts
from dashboards.client import Answer


def chosen_filters(me: Answer, whole: Answer) -> dict[str, str | None]:
    """School, grade and subject, by the address."""
    schools = {"": "All schools"} | {one["id"]: one["title"] for one in me["schools"]}
    grades = {"": "All grades"} | {one: grade_words(one) for one in whole["grades"]}
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
    measure = filters.choose("Measure", "measure", apps.TITLES) or "xp_per_active_minute"
    layout.freshness(person, answer["build_id"], layout.zone_of(me))
    groups = apps.compared(frames.read(answer["groups"], frames.APP_GROUPS))
    if groups.is_empty():
        layout.nothing("No activity of these students in this time.")
        return
    layout.sentence(layout.plain(apps.finding(groups, measure, days)))
    shown, least = groups.filter(pl.col("is_hidden").not_()), answer["leastStudents"]
    hidden = len(groups) - len(shown)
    if shown[measure].null_count() == len(shown):
        layout.nothing("Nothing to measure this by in the groups shown.")
    else:
        title, number = apps.MEASURES[measure]
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
    export.table(apps.as_table(groups, least), name=name, columns=apps.COLUMNS)


show()

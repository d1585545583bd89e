"""Parent, Week: each child's week by day and subject, beside the child's own week before."""

from typing import Any

import streamlit as st

from dashboards import export, family, frames, layout, week
from dashboards.charts import week as charts


def show_child(child: dict[str, Any]) -> None:
    """One child's section."""
    standing = child["standing"]
    st.header(layout.plain(standing["name"]), divider="gray")
    layout.sentence(layout.plain(week.finding(child)))
    st.markdown(layout.plain(week.beside(child)))
    layout.figures(week.figures(child))
    subjects = frames.read(child["subjectDays"], frames.SUBJECT_DAYS)
    days = frames.read(child["days"], frames.DAYS)
    st.subheader("Day by day")
    if subjects.is_empty():
        layout.nothing("No day with activity in this week.")
    else:
        st.altair_chart(
            charts.xp_by_day_and_subject(subjects, days), alt="XP of each day by subject"
        )
        st.caption("The tick is the day's goal.")
        with st.expander("As a table", icon=":material/table_rows:"):
            st.dataframe(
                week.subject_days(child), hide_index=True, column_config=week.SUBJECT_DAY_COLUMNS
            )
    waiting = child["week"]["waitingXp"]
    if waiting:
        st.info(
            f"{layout.xp(waiting)} more XP are kept and count as soon as the school has enrolled"
            f" {layout.plain(week.first_name(child))} in that course.",
            icon=":material/hourglass_top:",
        )
    week.downloads(child)
    st.subheader("Lessons mastered")
    mastered = week.mastered(child)
    if mastered.is_empty():
        layout.nothing("No lesson mastered in this week yet.")
    else:
        named = (standing["studentId"], child["week"]["firstOn"])
        name = export.file_name("mastered", *named)
        export.table(mastered, name=name, columns=week.MASTERED_COLUMNS)
    st.subheader("Beside the week before")
    if child["comparedDays"] is None:
        layout.nothing("No school day of both weeks is over yet.")
    else:
        st.dataframe(week.beside_table(child), hide_index=True, column_config=week.BESIDE_COLUMNS)
        compared = layout.compared(child["comparedDays"])
        st.caption(
            f"{compared}. A day counts once it is over, {layout.city(standing['timezone'])}."
        )


def show() -> None:
    children, _ = family.children("The week", "parent/week", label="A day of the week")
    for child in children:
        show_child(child)
    if children:
        st.page_link("views/parent/what_xp_means.py", label="What XP means", icon=":material/help:")


show()

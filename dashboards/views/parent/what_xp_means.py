"""Parent, What XP means: the rules in plain words, with the child's own figures."""

import streamlit as st

from dashboards import export, filters, layout, week, xp_words
from dashboards.charts import week as charts
from dashboards.client import Answer


def the_example(answer: Answer) -> None:
    """The newest day with XP, award by award."""
    day = answer["example"]
    if day is None:
        layout.nothing("Once there is a day with XP, it is taken apart here.")
        return
    st.altair_chart(
        charts.awards_by_subject(xp_words.by_subject(answer)), alt="The day's XP by subject"
    )
    rows = xp_words.entries(answer)
    total = layout.xp(float(rows["xp"].sum()))
    st.markdown(f"Each row is one award by an app; together they are {total} XP.")
    name = export.file_name("xp", answer["studentId"], day["localOn"])
    export.table(rows, name=name, columns=xp_words.ENTRY_COLUMNS)


def the_words(answer: Answer) -> None:
    """How time, the goal, mastery and changes work."""
    for title, sentences in {
        "The day's goal": [xp_words.goal(answer)],
        "How time is counted": xp_words.time(answer),
        "What mastered means": xp_words.mastery(answer),
        "Why a past day can change": xp_words.change(answer),
    }.items():
        st.subheader(title)
        for sentence in sentences:
            st.markdown(layout.plain(sentence))


def show() -> None:
    person, me = layout.opened("What XP means")
    children = {child["id"]: child["title"] for child in me["children"]}
    if not children:
        layout.nothing("No child is linked to you. Ask the school to link you as a parent.")
        return
    child_id = filters.choose("Child", "student", children)
    with layout.guarded(), st.spinner("Reading the figures …"):
        answer = person.api.report("parent/xp-meaning", studentId=child_id)
        weeks = person.api.report("parent/week")["children"]
    zone = answer["timezone"] or "UTC"
    layout.freshness(person, answer["build_id"], zone)
    layout.sentence(layout.plain(xp_words.finding(answer)))
    the_example(answer)
    the_words(answer)
    st.subheader("Take the week with you")
    for child in weeks:
        if child["standing"]["studentId"] == child_id:
            st.markdown(layout.plain(week.finding(child)))
            week.downloads(child)
    st.caption(f"Times are {layout.city(zone)}.")


show()

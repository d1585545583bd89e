"""Guide, Week review: a class's week on a page or two, to read or to print."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, printing
from dashboards.charts import classes as charts
from dashboards.client import Answer
from dashboards.theme import TRENDS, look

NAMED = 5  # who rose or fell most


def finding(answer: Answer) -> str:
    """The week in a few sentences, beside as many school days of the week before."""
    this = answer["thisWeek"]
    if not this["goalDays"] and not this["xp"]:
        return "No school day of this week is over yet."
    mastered = layout.counted(answer["masteredCount"], "lesson")
    return (
        f"The class met {this['metDays']} of {layout.counted(this['goalDays'], 'daily goal')} and"
        f" earned {layout.xp(round(this['xp']))} XP.{beside(answer)}"
        f" {mastered} {'was' if answer['masteredCount'] == 1 else 'were'} mastered."
    )


def beside(answer: Answer) -> str:
    """How the class's XP compares, in a sentence with a space before it; empty if it does not."""
    days, this, before = (answer[part] for part in ("comparedDays", "comparedWeek", "weekBefore"))
    if days is None:
        return ""
    over = f" Over {layout.counted(days['schoolDayCount'], 'school day')} of each week"
    if not before["xp"]:
        return f"{over} it went from 0 to {layout.xp(round(this['xp']))} XP."
    change = (this["xp"] - before["xp"]) / before["xp"]
    if abs(change) < 0.005:
        return f"{over} it earned as much as in the week before."
    than = "more" if change > 0 else "less"
    return f"{over} it earned {abs(change):.0%} {than} than in the week before."


def change(part: dict[str, Any], measure: str = "xp") -> float:
    """What a student or the class has more than on as many school days of the week before."""
    this: float = part["comparedWeek"][measure]
    before: float = part["weekBefore"][measure]
    return this - before


def movers(answer: Answer, trend: str) -> list[dict[str, Any]]:
    """Who rose or fell, the largest change first."""
    found = [one for one in answer["students"] if one["trend"] == trend]
    return sorted(found, key=lambda one: (-abs(change(one)), one["name"]))


def show_movers(answer: Answer, trend: str) -> None:
    """The names of those who rose or fell, with by how much."""
    seen = look(TRENDS, trend)
    found = movers(answer, trend)
    st.markdown(f"##### {seen.icon} {seen.word}")
    if not found:
        st.markdown("Nobody.")
    for one in found[:NAMED]:
        before, this = one["weekBefore"]["xp"], one["comparedWeek"]["xp"]
        st.markdown(
            f"**{layout.plain(one['name'])}** {change(one):+,.0f} XP"
            f" ({layout.xp(round(before))} to {layout.xp(round(this))})"
        )
    if len(found) > NAMED:
        st.markdown(f"and {len(found) - NAMED} more")


def show_reasons(answer: Answer) -> None:
    """Who is off track now, and why."""
    flagged = [one for one in answer["students"] if one["flags"]]
    flagged.sort(key=lambda one: (-len(one["flags"]), one["name"]))
    st.subheader("Off track now")
    if not flagged:
        st.success("Nobody is off track.", icon=":material/check_circle:")
        return
    lines = [
        f"- **{layout.plain(one['name'])}**: "
        + layout.plain(" ".join(flag["text"] for flag in one["flags"]))
        for one in flagged
    ]
    st.markdown("\n".join(lines))


def as_table(answer: Answer) -> pl.DataFrame:
    """One line a student, as shown, printed and downloaded."""
    rows = [
        {
            "Student": one["name"],
            "Goals met": f"{one['thisWeek']['metDays']} of {one['thisWeek']['goalDays']}",
            "XP": round(one["thisWeek"]["xp"]),
            "Active min": round(one["thisWeek"]["activeSeconds"] / 60),
            "Correct": percent(one["thisWeek"]["accuracyRatio"]),
            "Mastered": len(one["masteredTitles"]),
            "Days compared": (one["comparedDays"] or {"schoolDayCount": 0})["schoolDayCount"],
            "XP before": round(one["weekBefore"]["xp"]),
            "XP same days": round(one["comparedWeek"]["xp"]),
            "Trend": look(TRENDS, one["trend"]).label,
            "Off track": "⚑" * len(one["flags"]) or "–",
        }
        for one in sorted(answer["students"], key=lambda one: str(one["name"]))
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def percent(ratio: float | None) -> str:
    """A ratio in percent; a dash where nothing was measured."""
    return "–" if ratio is None else f"{ratio:.0%}"


def show_figures(answer: Answer) -> None:
    """The class's totals, each with its change over as many school days."""
    this, is_compared = answer["thisWeek"], answer["comparedDays"] is not None
    figures = [
        ("XP", f"{this['xp']:,.0f}", f"{change(answer):+,.0f}"),
        (
            "Active hours",
            f"{this['activeSeconds'] / 3600:,.1f}",
            f"{change(answer, 'activeSeconds') / 3600:+,.1f}",
        ),
        (
            "Goals met",
            f"{this['metDays']} of {this['goalDays']}",
            f"{change(answer, 'metDays'):+,.0f}",
        ),
        ("Correct", percent(this["accuracyRatio"]), None),
    ]
    with st.container(horizontal=True):
        for label, figure, delta in figures:
            st.metric(label, figure, delta if is_compared else None, border=True, width=150)


def show() -> None:
    person, me = layout.opened("Week review")
    printing.style()
    with st.container(horizontal=True, key="no_print_filters"):
        classes = {"": "All classes"} | {one["id"]: one["title"] for one in me["classes"]}
        class_id = filters.choose("Class", "class", classes) or None
        week = filters.week("week", layout.today(me))
    with layout.guarded():
        answer = person.api.report("guide/week-review", classId=class_id, week=week)
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    if not answer["students"]:
        layout.nothing("No student is enrolled in your classes yet.")
        return
    starts_on, through_on = answer["week"]["startsOn"], answer["week"]["throughOn"]
    layout.sentence(layout.plain(finding(answer)))
    state = "" if answer["week"]["isOver"] else " so far; a day counts once it is over"
    days = answer["comparedDays"]
    over = f"Changes are over {layout.compared(days)}" if days else "No days to compare yet"
    st.caption(
        f"{layout.plain(classes[class_id or ''])}, {starts_on} to {through_on}{state}. {over};"
        f" {layout.city(zone)}."
    )
    show_figures(answer)
    by_day = frames.read(answer["days"], frames.REVIEW_DAYS)
    st.subheader("Goals met by day")
    st.altair_chart(charts.goals_by_day(by_day), alt="Students who met their goal on each day")
    left, right = st.columns(2)
    with left:
        show_movers(answer, "rose")
    with right:
        show_movers(answer, "fell")
    show_reasons(answer)
    st.subheader("Each student")
    table = as_table(answer)
    st.table(table, border="horizontal", hide_index=True)
    with st.container(horizontal=True, key="no_print_buttons"):
        export.csv_button(table, name=export.file_name("week-review", class_id, starts_on))
        printing.button()


show()

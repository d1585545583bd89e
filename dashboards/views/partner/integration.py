"""Partner, Integration: what produces no figure, what was accepted or not, and what mends it."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import operations as charts
from dashboards.client import Answer
from dashboards.theme import SEVERITIES, VERDICTS, labels, look

UNPROCESSED_COLUMNS = ("event_type", "event_count", "last", "instead")
REASON_COLUMNS = ("verdict", "reason", "event_count", "last", "mend")
TYPE_COLUMNS = {
    "seen": tables.text("Seen"),
    "event_type": tables.text("Event type"),
    "needed": tables.text("Needed"),
    "purpose": tables.text("For"),
    "accepted_count": tables.count("Accepted"),
    "other_count": tables.count("Not counted"),
    "last": tables.text("Last (UTC)"),
}
LINT_COLUMNS = {
    "severity": tables.text("Finding"),
    "finding": tables.text("What was found", width="large"),
    "part_count": tables.count("Amiss"),
    "whole_count": tables.count("Of"),
    "percent": tables.number("%", 1),
    "limit_percent": tables.number("Too much above, %", 1),
    "mend": tables.text("How to mend it", width="large"),
}
SAMPLE_COLUMNS = {
    "received": tables.text("Received (UTC)"),
    "event_type": tables.text("Event type"),
    "verdict": tables.text("Verdict"),
    "reason": tables.text("Reason"),
    "path": tables.text("Where"),
    "message": tables.text("What is wrong", width="large"),
    "event_id": tables.text("Event"),
    "receipt_id": tables.text("Receipt"),
    "event_index": tables.number("Place in it"),
}


def finding(days: pl.DataFrame, days_back: int) -> str:
    """The page's finding in a sentence."""
    total = tables.total(days, "event_count")
    if not total:
        return f"No event arrived in the last {days_back} days."

    def count(verdict: str) -> int:
        return tables.total(days.filter(pl.col("verdict") == verdict), "event_count")

    text = (
        f"{count('accepted') / total:.1%} of {total:,} events of the last {days_back} days"
        f" were accepted; {count('rejected'):,} were rejected and {count('quarantined'):,}"
        f" wait for a mend."
    )
    unprocessed = count("unprocessed")
    if not unprocessed:
        return text
    verb = "is of a type that is" if unprocessed == 1 else "are of types that are"
    return f"{text} {unprocessed:,} {verb} not processed."


def stamped(column: str, name: str) -> pl.Expr:
    """An instant as day and time in UTC."""
    return pl.col(column).dt.strftime("%d %b %H:%M").alias(name)


def the_unprocessed(answer: Answer) -> None:
    """Event types that are kept and produce no figure, with what to send instead."""
    types = frames.read(answer["unprocessed"], frames.UNPROCESSED)
    if types.is_empty():
        return
    for one in answer["unprocessed"]:
        events = layout.counted(one["eventCount"], "event")
        st.error(
            f"**{layout.plain(one['eventType'])} is not processed:** no figure comes of {events}."
            f" {layout.plain(one['instead'])}",
            icon=":material/block:",
        )
    rows = types.with_columns(stamped("last_received_at", "last"))
    export.csv_button(rows.select(UNPROCESSED_COLUMNS), name="not-processed")


def the_reasons(answer: Answer) -> None:
    """Why events do not count, most frequent first, with the mend."""
    st.subheader("What to mend")
    reasons = frames.read(answer["reasons"], frames.REASONS)
    if reasons.is_empty() and answer["unprocessed"]:
        layout.nothing("Every event of a type that is processed counts.")
        return
    if reasons.is_empty():
        st.success("Every event counts: nothing to mend.", icon=":material/check_circle:")
        return
    for reason in answer["reasons"]:
        seen = look(VERDICTS, reason["verdict"])
        with st.container(border=True):
            with st.container(horizontal=True):
                st.badge(seen.word, icon=seen.icon, color=seen.badge)
                st.markdown(f"`{reason['reason']}`", width="content")
                st.markdown(f"**{layout.counted(reason['eventCount'], 'event')}**", width="content")
            st.markdown(layout.plain(reason["mend"]))
    rows = reasons.with_columns(stamped("last_received_at", "last")).select(list(REASON_COLUMNS))
    export.csv_button(rows, name="reasons")


def the_lints(answer: Answer) -> None:
    """How well the integration is made: what is amiss with its number, why, and the mend."""
    st.subheader("How well it is made")
    amiss = [one for one in answer["lints"] if one["severity"] in ("serious", "warning")]
    if not amiss:
        st.success("Nothing is amiss in how events are sent.", icon=":material/check_circle:")
    for lint in amiss:
        seen = look(SEVERITIES, lint["severity"])
        with st.container(border=True):
            with st.container(horizontal=True):
                st.badge(seen.word, icon=seen.icon, color=seen.badge)
                st.markdown(f"**{layout.plain(lint['finding'])}**", width="content")
            st.markdown(lint["why"])
            st.markdown(f":material/build: {lint['mend']}")
    rows = frames.read(answer["lints"], frames.LINTS).with_columns(
        labels("severity", SEVERITIES),
        (pl.col("ratio") * 100).round(1).alias("percent"),
        (pl.col("warning_above") * 100).alias("limit_percent"),
    )
    export.folded(rows.select(list(LINT_COLUMNS)), name="lints", columns=LINT_COLUMNS)


def the_samples(answer: Answer) -> None:
    """Refused and waiting events, with the place to look at."""
    samples = frames.read(answer["samples"], frames.SAMPLES)
    if samples.is_empty():
        return
    st.subheader("Sample events")
    rows = samples.with_columns(stamped("received_at", "received"), labels("verdict", VERDICTS))
    export.table(rows.select(list(SAMPLE_COLUMNS)), name="samples", columns=SAMPLE_COLUMNS)


def the_checklist(answer: Answer) -> None:
    """Which event types arrive."""
    st.subheader("Event types")
    types = frames.read(answer["eventTypes"], frames.EVENT_TYPES)
    seen = (
        pl.when(pl.col("accepted_count") > 0).then(pl.lit("✓ yes")).otherwise(pl.lit("○ not yet"))
    )
    needed = pl.when("is_needed").then(pl.lit("needed")).otherwise(pl.lit("adds detail"))
    rows = types.with_columns(
        seen.alias("seen"), needed.alias("needed"), stamped("last_received_at", "last")
    )
    export.table(rows.select(list(TYPE_COLUMNS)), name="event-types", columns=TYPE_COLUMNS)


def logout_text(sessions: dict[str, Any]) -> str:
    """How sessions end, as a figure."""
    ratio = sessions["withoutLogoutRatio"]
    return "–" if ratio is None else f"{ratio:.0%}"


def show() -> None:
    person, _ = layout.opened("Integration")
    days_back = filters.days_back()
    with layout.guarded(), st.spinner("Reading the figures"):
        answer = person.api.report("partner/integration", days=days_back)
    layout.freshness(person, answer["build_id"], "UTC")
    st.caption(f"{answer['clientName']}, its own events alone. Days and times are UTC.")
    days = frames.read(answer["days"], frames.VERDICT_DAYS)
    layout.sentence(finding(days, days_back))
    the_unprocessed(answer)
    sessions = answer["sessions"]
    seen = sum(1 for one in answer["eventTypes"] if one["acceptedCount"])
    layout.figures(
        {
            "Events": f"{tables.total(days, 'event_count'):,}",
            "Event types seen": f"{seen} of {len(answer['eventTypes'])}",
            "Sessions": f"{sessions['sessionCount']:,}",
            "Without logout": logout_text(sessions),
        }
    )
    if not days.is_empty():
        st.altair_chart(charts.verdicts_by_day(days), alt="Events of each day by verdict")
        export.folded(
            tables.verdict_days(days), name="verdicts-by-day", columns=tables.VERDICT_DAY_COLUMNS
        )
    the_reasons(answer)
    the_lints(answer)
    the_samples(answer)
    the_checklist(answer)


show()

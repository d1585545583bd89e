"""Partner, Reconcile: the partner's own list of what it sent beside what the warehouse has."""

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import partner as charts
from dashboards.client import Answer
from dashboards.theme import DIFFERENCES, labels, look

HOW = """
Upload a CSV with a header, at most 5 MB. Nothing of it is kept.

- **Event ids**: a column `event_id`.
- **Daily counts**: columns `date,count` or `date,event_type,count`, with the UTC day on which the
  events were sent.
"""
EXAMPLE = "date,event_type,count\n2026-01-15,GradeEvent,412\n2026-01-15,SessionEvent,118\n"
EVENT_COLUMNS = {
    "difference": tables.text("Difference"),
    "event_id": tables.text("Event"),
    "event_type": tables.text("Event type"),
    "received": tables.text("Received (UTC)"),
    "verdict": tables.text("Verdict"),
    "reason": tables.text("Reason"),
    "mend": tables.text("What to do", width="large"),
}
DAY_COLUMNS = {
    "received_on": st.column_config.DateColumn("Day (UTC)"),
    "event_type": tables.text("Event type"),
    "sent_count": tables.count("In your list"),
    "here_count": tables.count("Here"),
    "missing_count": tables.count("Difference"),
    "accepted_count": tables.count("Accepted"),
    "waiting_count": tables.count("Not judged yet"),
    "duplicate_count": tables.count("Repetitions"),
}


def finding(answer: Answer) -> str:
    """The page's finding in a sentence."""
    sent, missing = answer["sentCount"], answer["missingCount"]
    unknown, refused = answer["unknownCount"], answer["notAcceptedCount"]
    if not (missing or unknown or refused):
        return f"All {layout.counted(sent, 'event')} of your list are here, and none is refused."
    return (
        f"Missing here: {missing:,} of {layout.counted(sent, 'event')}."
        f" Arrived and not counted: {refused:,}. Here and not in your list: {unknown:,}."
    )


def the_events(answer: Answer) -> None:
    """Event by event, what differs."""
    rows = frames.read(answer["events"], frames.EVENT_DIFFERENCES)
    if rows.is_empty():
        return
    st.subheader("Events that differ")
    if answer["isTruncated"]:
        st.warning("Only 10,000 of each difference are listed.", icon=":material/content_cut:")
    found = [name for name in DIFFERENCES if name in set(rows["difference"])]
    words = {name: look(DIFFERENCES, name).label for name in found}
    chosen = filters.choose("Difference", "difference", {"": "All differences"} | words)
    if chosen:
        rows = rows.filter(pl.col("difference") == chosen)
    table = rows.with_columns(
        labels("difference", DIFFERENCES),
        pl.col("received_at").dt.strftime("%Y-%m-%d %H:%M:%S").alias("received"),
    )
    export.table(
        table.select(list(EVENT_COLUMNS)),
        name="differences",
        columns=EVENT_COLUMNS,
        alt="Events that differ",
    )


def the_days(answer: Answer) -> None:
    """Day by day, what was sent and what is here."""
    rows = frames.read(answer["days"], frames.DAY_DIFFERENCES)
    if rows.is_empty():
        return
    st.subheader("Day by day")
    days = rows.with_columns(
        (pl.col("arrived_count") + pl.col("waiting_count")).alias("here_count")
    )
    st.altair_chart(charts.sent_and_arrived(days), alt="Events in your list and here, by day")
    st.caption("Bars are your list, marks what is here; repetitions are left out.")
    table = days.with_columns(pl.col("event_type").fill_null("all")).select(list(DAY_COLUMNS))
    export.table(table, name="daily-differences", columns=DAY_COLUMNS, alt="Differences by day")


def show() -> None:
    person, me = layout.opened("Reconcile")
    layout.freshness(person, me["build_id"], "UTC")
    st.markdown(HOW)
    st.download_button(
        "An example",
        EXAMPLE.encode("utf-8-sig"),
        file_name="daily-counts-example.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
    sheet = st.file_uploader("Your list (CSV)", type=["csv", "txt"], max_upload_size=5)
    if sheet is None:
        layout.nothing("Nothing compared yet: choose a file.")
        return
    with layout.guarded(), st.spinner("Comparing"):
        answer = person.api.reconcile(sheet.getvalue())
    layout.sentence(finding(answer))
    layout.figures(
        {
            "In your list": f"{answer['sentCount']:,}",
            "Accepted": f"{answer['acceptedCount']:,}",
            "Missing here": f"{answer['missingCount']:,}",
            "Not accepted": f"{answer['notAcceptedCount']:,}",
            "Not in your list": f"{answer['unknownCount']:,}",
            "Not judged yet": f"{answer['waitingCount']:,}",
        }
    )
    the_events(answer)
    the_days(answer)


show()

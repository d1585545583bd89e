"""The XP ledger of a day: entry by entry, with what came late or waits, down to the event."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards import explained, export, filters, frames, layout, tables
from dashboards.client import Answer
from dashboards.session import SignedIn

COLUMNS = {
    "earned": tables.text("At"),
    "xp": tables.number("XP", 1),
    "kind": tables.text("Kind"),
    "status": tables.text("Counts"),
    "subject": tables.text("Subject"),
    "lesson_title": tables.text("Lesson"),
    "app_name": tables.text("App"),
    "restated": tables.text("Came late"),
    "review_text": tables.text("To review"),
    "source_event_id": tables.text("Source event"),
    "entry_id": tables.text("Entry"),
}
KINDS = {"earn": "Award", "correct": "Correction", "reverse": "Taken back"}
STATUSES = {"credited": "✓ Credited", "pending_enrollment": "◐ Waits for an enrollment"}


def as_table(ledger: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The entries as the page and its CSV show them."""
    return ledger.with_columns(
        frames.local("earned_at", zone).alias("earned"),
        tables.stamped("restated_at", zone, "restated"),
        pl.col("kind").replace(KINDS),
        pl.col("status").replace(STATUSES),
    ).select(list(COLUMNS))


def show(person: SignedIn, report: Answer, zone: str) -> None:
    """The ledger; choosing an entry shows why it is there."""
    st.subheader("XP ledger")
    if report["restatement"]:
        st.info(layout.plain(report["restatement"]), icon=":material/history:")
    if report["waiting"]:
        st.info(layout.plain(report["waiting"]), icon=":material/hourglass_top:")
    ledger = frames.read(report["ledger"], frames.LEDGER)
    if ledger.is_empty():
        layout.nothing("No entries on this day.")
        return
    rows = as_table(ledger, zone)
    st.caption("Choose an entry, in the table or below it, to see why it counts.")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=COLUMNS,
        key="ledger",
        placeholder="–",
        on_select=lambda: _choose(rows),
        selection_mode="single-row",
    )
    standing = report["standing"]
    chosen_part = (standing["studentId"], report["subject"], standing["localOn"])
    export.csv_button(rows, name=export.file_name("xp-ledger", *chosen_part))
    choices = {"": "No entry chosen"} | {row["entry_id"]: _title(row) for row in rows.to_dicts()}
    entry_id = filters.choose("Explain an entry", "entry", choices, width=420)
    if entry_id:
        with layout.guarded(), st.spinner("Looking for its event …"):
            explained.show(person.api.explain_entry(entry_id), zone)


def _choose(rows: pl.DataFrame) -> None:
    """Put the entry of the chosen row into the address, from where the page reads it."""
    chosen = st.session_state["ledger"]["selection"]["rows"]
    if chosen:
        st.query_params["entry"] = rows["entry_id"][chosen[0]]
    else:
        st.query_params.pop("entry", None)


def _title(row: dict[str, Any]) -> str:
    lesson = row["lesson_title"] or row["subject"] or "no lesson"
    return f"{row['earned']} · {layout.xp(row['xp'])} XP · {lesson}"

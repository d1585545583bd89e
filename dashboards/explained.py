"""An XP entry explained: what it adds, by which rule, and the event exactly as it was sent."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from dashboards import export, layout, tables
from dashboards.client import Answer
from dashboards.theme import VERDICTS, look

KINDS = {"earn": "earned", "correct": "corrected to", "reverse": "taken back"}
ROW_COLUMNS = {
    "what": tables.text("Row"),
    "xp": tables.number("XP", 1),
    "kind": tables.text("Kind"),
    "status": tables.text("Status"),
    "lesson": tables.text("Lesson"),
    "enrollment": tables.text("Enrollment"),
    "row_id": tables.text("Id"),
}
LIMIT_COLUMNS = {
    "name": tables.text("Limit"),
    "value": tables.text("Value"),
    "unit": tables.text("Counts"),
    "reason": tables.text("Why", width="large"),
}


def show(answer: Answer, zone: str) -> None:
    """The entry, its amounts, its rules and its events."""
    with st.container(border=True):
        st.markdown(f"**{layout.plain(finding(answer, zone))}**")
        rows = amounts(answer)
        total, figure = float(rows["xp"].sum()), answer["figures"][0]["value"]
        st.markdown(f"Its rows add up: {layout.xp(total)} XP of {layout.xp(figure)} XP.")
        name = export.file_name("xp-entry", answer["about"]["entryId"])
        export.table(rows, name=name, columns=ROW_COLUMNS)
        for event in answer["events"]:
            the_event(event, zone)
        with st.expander("The rule and its limits", icon=":material/gavel:"):
            the_rules(answer)


def finding(answer: Answer, zone: str) -> str:
    """What the entry is, from when, and from which event."""
    entry = entry_rows(answer)[0]
    details = entry["details"]
    verb = KINDS.get(details["kind"], details["kind"])
    at = _clock(details["earnedAt"], zone)
    text = f"{layout.xp(answer['figures'][0]['value'])} XP {verb} on {at}"
    text += f" in {details['subject']}" if details["subject"] else ""
    if details["status"] == "pending_enrollment":
        text += "; waits for an enrollment, so it counts toward no goal yet"
    if details["reviewReason"]:
        text += f"; to review ({details['reviewReason'].replace('_', ' ')})"
    return f"{text}."


def entry_rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows that add something to the figure."""
    return [row for step in answer["steps"] for row in step["rows"] if row["amounts"]]


def amounts(answer: Answer) -> pl.DataFrame:
    """What the figure is made of, row by row."""
    rows = [
        {
            "what": row["kind"].replace("_", " "),
            "xp": float(sum(row["amounts"].values())),
            "kind": row["details"].get("kind"),
            "status": row["details"].get("status"),
            "lesson": row["details"].get("lessonId"),
            "enrollment": row["details"].get("enrollmentId"),
            "row_id": row["id"],
        }
        for row in entry_rows(answer)
    ]
    schema = {name: pl.Float64() if name == "xp" else pl.String() for name in ROW_COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def the_event(event: dict[str, Any], zone: str) -> None:
    """One event: its verdict, when it happened and arrived, and its JSON."""
    seen = look(VERDICTS, event["status"])
    with st.container(horizontal=True):
        st.badge(seen.word, icon=seen.icon, color=seen.badge)
        st.markdown(
            f"{event['type']}, happened {_clock(event['eventTime'], zone)},"
            f" arrived {_clock(event['receivedAt'], zone)} · `{event['id']}`"
        )
    with st.expander("The event as sent (JSON)", icon=":material/data_object:"):
        if event["payload"] is None:
            layout.nothing("The event itself is not kept any more.")
        else:
            st.json(json.loads(event["payload"]))


def the_rules(answer: Answer) -> None:
    """The definitions behind the entry, with their numbers."""
    for step in answer["steps"]:
        for rule in step["rules"]:
            st.markdown(f"**`{rule['model']}`** {layout.plain(rule['description'])}")
            if rule["vars"]:
                limits = [{**one, "value": str(one["value"])} for one in rule["vars"]]
                st.dataframe(
                    pl.DataFrame(limits).select(list(LIMIT_COLUMNS)),
                    hide_index=True,
                    column_config=LIMIT_COLUMNS,
                )


def _clock(instant: str, zone: str) -> str:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).strftime("%-d %b at %H:%M:%S")

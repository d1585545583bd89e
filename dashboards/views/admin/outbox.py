"""Platform admin, Outbox: the digests that guides and parents were written, and how they left."""

from collections import Counter
from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, names, tables
from dashboards.client import Answer
from dashboards.session import SignedIn
from dashboards.theme import ALERT_KINDS, ALERTS, labels, look

COLUMNS = {
    "local_on": st.column_config.DateColumn("Day there"),
    "kind": tables.text("Kind"),
    "recipient": tables.text("To"),
    "subject": tables.text("Subject"),
    "alert_status": tables.text("Status"),
    "student_count": tables.number("Students"),
    "attempts": tables.number("Tries"),
    "error": tables.text("Error"),
    "created": tables.text("Written (UTC)"),
}
SAID = {
    "sent": "sent",
    "held": "waiting here",
    "failed": "not sent",
    "uncertain": "perhaps sent",
    "sending": "on the way",
}


def finding(answer: Answer, days_back: int) -> str:
    """The page's finding: how many were written, and how they left."""
    told = [one for one in answer["alerts"] if one["alertStatus"] != "nothing"]
    if not told:
        return f"No digest was written in the last {days_back} days."
    counts = Counter(one["alertStatus"] for one in told)
    parts = [f"{counts[status]} {words}" for status, words in SAID.items() if counts[status]]
    written = layout.counted(len(told), "digest")
    return f"{written} written in the last {days_back} days: {', '.join(parts)}."


def as_table(alerts: pl.DataFrame) -> pl.DataFrame:
    """The rows of the table and of its CSV."""
    return alerts.with_columns(
        pl.col("kind").replace(ALERT_KINDS),
        labels("alert_status", ALERTS),
        pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M").alias("created"),
    ).select(list(COLUMNS))


def show_alert(person: SignedIn, alert_id: int) -> None:
    """One digest as it was written."""
    with layout.guarded():
        alert: dict[str, Any] = person.api.report(f"admin/outbox/{alert_id}")
    seen = look(ALERTS, alert["alertStatus"])
    st.subheader(layout.plain(alert["subject"] or seen.word))
    st.badge(seen.word, icon=seen.icon, color=seen.badge)
    st.caption(layout.plain(f"To {alert['recipient']}, {alert['localOn']}."))
    if alert["error"]:
        st.error(layout.plain(alert["error"]), icon=":material/error:")
    if alert["htmlBody"]:
        with st.container(border=True):
            st.html(alert["htmlBody"])
        with st.expander("As plain text", icon=":material/notes:"):
            st.text(alert["textBody"])


def show() -> None:
    person, _ = layout.opened("Outbox")
    if names.are_hidden(person):
        layout.nothing("Digests name students. Show names to read them.")
        return
    days_back = filters.days_back()
    with layout.guarded():
        answer = person.api.report("admin/outbox", days=days_back)
    layout.freshness(person, answer["build_id"], "UTC")
    layout.sentence(finding(answer, days_back))
    if not answer["isMailConfigured"]:
        st.info(
            "No mail server is set, so digests wait here. Set TIMEBACK_SMTP_URL and"
            " TIMEBACK_SMTP_FROM to send them.",
            icon=":material/inbox:",
        )
    alerts = frames.read(answer["alerts"], frames.ALERTS)
    if alerts.is_empty():
        layout.nothing(
            "Guides are written in the evening of a school day, parents at the end of a week."
        )
        return
    rows = as_table(alerts)
    st.caption("Days are those of each person's school. Choose a row to read the digest.")
    chosen = st.dataframe(
        rows,
        hide_index=True,
        column_config=COLUMNS,
        on_select="rerun",
        selection_mode="single-row",
        key="outbox",
        placeholder="–",
    )
    export.csv_button(rows, name=export.file_name("outbox", f"{days_back}-days"))
    for number in chosen["selection"]["rows"]:
        show_alert(person, alerts["alert_id"][number])


show()

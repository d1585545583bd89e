"""Admin, Data health: whether everything that was sent is counted, and how fast."""

import polars as pl
import streamlit as st

from dashboards import builds, export, filters, frames, layout, tables
from dashboards.charts import operations as charts
from dashboards.client import Answer
from dashboards.theme import VERDICTS, labels

VERDICT_COLUMNS = {
    "received_on": st.column_config.DateColumn("Received (UTC)"),
    "client_name": tables.text("Partner"),
    "verdict": tables.text("Verdict"),
    "reason": tables.text("Reason"),
    "event_count": tables.count("Events"),
}


def finding(answer: Answer, verdicts: pl.DataFrame) -> str:
    """The page's finding in a sentence."""
    total = tables.total(verdicts, "event_count")
    accepted = tables.total(verdicts.filter(pl.col("verdict") == "accepted"), "event_count")
    waiting = answer["journal"]["waitingEvents"]
    mend = waiting_for_a_mend(verdicts)
    if not total:
        return f"No event arrived in this time; {layout.counted(waiting, 'event')} in the journal."
    return (
        f"{accepted / total:.1%} of {total:,} events were accepted, {mend:,} wait for a mend;"
        f" {layout.counted(waiting, 'event')} in the journal."
    )


def the_verdicts(verdicts: pl.DataFrame, on: str) -> None:
    """Events by day and verdict, of one partner or of all."""
    st.subheader("Verdicts")
    if verdicts.is_empty():
        layout.nothing("No events in this time.")
        return
    names = verdicts["client_name"].unique().sort().to_list()
    chosen = filters.choose("Partner", "partner", {"": "All partners"} | {n: n for n in names})
    rows = verdicts.filter(pl.col("client_name") == chosen) if chosen else verdicts
    by_day = rows.group_by("received_on", "verdict").agg(pl.col("event_count").sum())
    st.altair_chart(charts.verdicts_by_day(by_day), alt="Events of each day by verdict")
    table = rows.sort("received_on", "event_count", descending=True).with_columns(
        labels("verdict", VERDICTS)
    )
    name = export.file_name("verdicts", chosen, on)
    export.table(table.select(list(VERDICT_COLUMNS)), name=name, columns=VERDICT_COLUMNS)


def show() -> None:
    person, me = layout.opened("Data health")
    days_back = filters.days_back()
    with layout.guarded(), st.spinner("Reading the figures …"):
        answer = person.api.report("admin/data-health", days=days_back)
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    verdicts = frames.read(answer["verdicts"], frames.CLIENT_VERDICTS)
    layout.sentence(finding(answer, verdicts))
    journal, load = answer["journal"], answer["lastLoad"]
    seconds = [b["durationSeconds"] for b in answer["builds"] if b["durationSeconds"]]
    layout.figures(
        {
            "In the journal": f"{journal['waitingEvents']:,}",
            "Oldest there": frames.clock(journal["oldestAt"], zone),
            "Last load": frames.clock(load["loadedAt"] if load else None, zone),
            "Last build, s": f"{seconds[0]:.1f}" if seconds else "–",
            "To be mended": f"{waiting_for_a_mend(verdicts):,}",
        }
    )
    the_verdicts(verdicts, answer["as_of"][:10])
    st.subheader("Builds")
    st.markdown(builds.finding(answer["builds"]))
    builds.show(answer["builds"], zone, answer["as_of"][:10])
    st.caption(f"Times are {layout.city(zone)}.")


def waiting_for_a_mend(verdicts: pl.DataFrame) -> int:
    """Events in quarantine."""
    return tables.total(verdicts.filter(pl.col("verdict") == "quarantined"), "event_count")


show()

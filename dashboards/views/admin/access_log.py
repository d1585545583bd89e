"""Admin, Access log: who read whose records, exported or erased them, and changed who may."""

import polars as pl
import streamlit as st

from dashboards import export, filters, frames, layout, tables
from dashboards.charts import operations as charts
from dashboards.client import Answer

MOST_ROWS = 1000
COLUMNS = {
    "occurred": tables.text("When", pinned=True),
    "actor": tables.text("Who"),
    "action": tables.text("What"),
    "student": tables.text("Student"),
    "actor_kind": tables.text("Kind"),
    "actor_id": tables.text("Id of who"),
    "student_id": tables.text("Id of the student"),
}
DAY_COLUMNS = {
    "date": st.column_config.DateColumn("Day"),
    "entry_count": tables.count("Entries"),
    "actor_count": tables.count("People and backends"),
    "student_count": tables.count("Students"),
}


def finding(counts: Answer, days: int) -> str:
    """The page's finding in a sentence."""
    entries, students = counts["entryCount"], counts["studentCount"]
    actors = layout.counted(counts["actorCount"], "person or backend", "people and backends")
    return (
        f"{actors} made {layout.counted(entries, 'entry', 'entries')} about"
        f" {layout.counted(students, 'student')} in the last {days} days."
    )


def choices(entries: pl.DataFrame, column: str, name: str, everyone: str) -> dict[str, str]:
    """What a filter offers: ids that occur, with the names they have now."""
    found = entries.filter(pl.col(column).is_not_null()).unique(column).sort(name, column)
    rows = found.select(column, pl.coalesce(name, column).alias("title")).iter_rows()
    return {"": everyone} | dict(rows)


def the_filters(entries: pl.DataFrame) -> dict[str, str | None]:
    """The person, student and action that were chosen, by id."""
    with st.container(horizontal=True):
        actor = filters.choose(
            "Who", "actor", choices(entries, "actor_id", "actor_name", "Everyone")
        )
        student = filters.choose(
            "Student", "student", choices(entries, "student_id", "student_name", "Every student")
        )
        action = filters.choose(
            "What", "action", choices(entries, "action", "action", "Everything")
        )
    return {"actor": actor or None, "studentId": student or None, "action": action or None}


def show() -> None:
    person, me = layout.opened("Access log")
    zone = layout.zone_of(me)
    days_back = filters.days_back()
    since = filters.first_day(days_back, zone)
    with layout.guarded():
        everything = person.api.read("/audit/1.0/entries", since=since, limit=MOST_ROWS)
    chosen = the_filters(frames.read(everything["entries"], frames.AUDIT_ENTRIES))
    with layout.guarded():
        answer = everything
        if any(chosen.values()):
            answer = person.api.read("/audit/1.0/entries", since=since, limit=MOST_ROWS, **chosen)
        counts = person.api.read("/audit/1.0/days", since=since, timezone=zone, **chosen)
    layout.sentence(finding(counts, days_back))
    entries = frames.read(answer["entries"], frames.AUDIT_ENTRIES)
    if entries.is_empty():
        layout.nothing("Nobody read a student's records in this time.")
        return
    days = frames.read(counts["days"], frames.AUDIT_DAYS)
    st.altair_chart(charts.entries_by_day(days), alt="Entries of the access log on each day")
    export.folded(days, name="access-log-days", columns=DAY_COLUMNS)
    st.subheader("Entries")
    if answer["total"] > len(entries):
        st.caption(f"The newest {len(entries):,} of {answer['total']:,}; choose less to see all.")
    table = entries.with_columns(
        pl.col("occurred_at")
        .dt.convert_time_zone(zone)
        .dt.strftime("%Y-%m-%d %H:%M:%S")
        .alias("occurred"),
        pl.coalesce("actor_name", "actor_id").alias("actor"),
        pl.coalesce("student_name", "student_id").alias("student"),
    )
    export.table(table.select(list(COLUMNS)), name="access-log", columns=COLUMNS)
    st.caption(
        f"Times are {layout.city(zone)}. The log stands as it is now, not as of a build;"
        " opening this page is an entry too."
    )


show()

"""The build log: how long each build took, what it tested, and what failed."""

from statistics import median
from typing import Any

import polars as pl
import streamlit as st

from dashboards import export, frames, layout, tables
from dashboards.charts import operations as charts
from dashboards.theme import BUILDS, labels

COLUMNS = {
    "build_number": tables.number("Build"),
    "status": tables.text("Result"),
    "kind": tables.text("Kind"),
    "started": tables.text("Started"),
    "duration_seconds": tables.number("Seconds", 1),
    "tests": tables.number("Tests"),
    "warnings": tables.number("Warnings"),
}


def finding(builds: list[dict[str, Any]]) -> str:
    """How many failed, and how long the others took."""
    if not builds:
        return "No build has run yet."
    failed = sum(1 for build in builds if build["status"] == "failed")
    verb = f"{failed} of the last {layout.counted(len(builds), 'build')} failed"
    seconds = {
        kind: [
            build["durationSeconds"]
            for build in builds
            if build["durationSeconds"]
            and build["fullRefresh"] is is_full
            and build["status"] == "published"
        ]
        for kind, is_full in (("small", False), ("full", True))
    }
    medians = [
        f"a {kind} build takes {median(taken):.1f} s" for kind, taken in seconds.items() if taken
    ]
    return f"{verb}; {' and '.join(medians)} (median)." if medians else f"{verb}."


def as_table(builds: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The builds as the page and its CSV show them, newest first."""
    kind = pl.when("full_refresh").then(pl.lit("Full")).otherwise(pl.lit("Small"))
    return builds.with_columns(
        labels("status", BUILDS),
        kind.alias("kind"),
        pl.col("started_at")
        .dt.convert_time_zone(zone)
        .dt.strftime("%a %-d %b %H:%M:%S")
        .alias("started"),
    ).select(list(COLUMNS))


def show(builds: list[dict[str, Any]], zone: str, on: str) -> None:
    """The picture, the table, and what failed."""
    rows = frames.read(builds, frames.BUILDS)
    finished = rows.filter(pl.col("duration_seconds").is_not_null())
    if finished.is_empty():
        layout.nothing("No build has finished yet.")
        return
    st.altair_chart(charts.build_durations(finished), alt="Seconds of each build")
    for build in builds:
        for failure in build["failures"]:
            st.error(
                f"Build {build['buildNumber']}: {layout.plain(failure)}", icon=":material/error:"
            )
    export.table(as_table(rows, zone), name=export.file_name("builds", on), columns=COLUMNS)

"""Charts of schools, events and builds. Pure functions of frames."""

import altair as alt
import polars as pl

from dashboards.charts.axes import (
    FRAME_HEIGHT,
    PLOT_HEIGHT,
    Chart,
    colours,
    day_axis,
    finish,
    from_zero,
    states,
)
from dashboards.theme import BUILDS, GREY, GRID, STATUSES, VERDICTS, labels


def school_trend(days: pl.DataFrame, measure: str, title: str) -> Chart:
    """A line for each school. Needs `school_name`, `local_on` and the measure's column."""
    labelled, x = day_axis(days, "local_on")
    schools = days["school_name"].unique(maintain_order=True).to_list()
    axis = alt.Axis(gridColor=GRID, format="~s")
    lines = (
        alt.Chart(labelled)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=60, filled=True))
        .encode(
            x=x,
            y=alt.Y(f"{measure}:Q", title=title, axis=axis, scale=from_zero(days[measure])),
            color=alt.Color(
                "school_name:N",
                title=None,
                scale=alt.Scale(domain=schools, range=colours(len(schools))),
                legend=alt.Legend(orient="top"),
            ),
            shape=alt.Shape("school_name:N", title=None, legend=None),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("day:N", title="Day"),
                alt.Tooltip(f"{measure}:Q", title=title, format=",.0f"),
            ],
        )
    )
    return finish(lines, PLOT_HEIGHT)


def verdicts_by_day(days: pl.DataFrame) -> Chart:
    """Events of each day by verdict. Needs `received_on`, `verdict`, `event_count`."""
    labelled, x = day_axis(
        days.with_columns(labels("verdict", VERDICTS).alias("state_label")), "received_on"
    )
    bars = (
        alt.Chart(labelled)
        .mark_bar(width={"band": min(0.7, 0.1 * labelled["day"].n_unique())})
        .encode(
            x=x,
            y=alt.Y("event_count:Q", title="Events", axis=alt.Axis(gridColor=GRID, format="~s")),
            color=states("state_label", VERDICTS, days["verdict"]),
            tooltip=[
                alt.Tooltip("day:N", title="Day (UTC)"),
                alt.Tooltip("state_label:N", title="Verdict"),
                alt.Tooltip("event_count:Q", title="Events", format=",d"),
            ],
        )
    )
    return finish(bars, PLOT_HEIGHT)


def build_durations(builds: pl.DataFrame) -> Chart:
    """Seconds that each build took. Needs `build_number`, `duration_seconds`, `status`."""
    rows = builds.with_columns(labels("status", BUILDS).alias("state_label"))
    bars = (
        alt.Chart(rows)
        .mark_bar(width={"band": min(0.7, 0.05 * len(rows))})
        .encode(
            x=alt.X(
                "build_number:O", title="Build", axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
            y=alt.Y("duration_seconds:Q", title="Seconds", axis=alt.Axis(gridColor=GRID)),
            color=states("state_label", BUILDS, builds["status"]),
            tooltip=[
                alt.Tooltip("build_number:O", title="Build"),
                alt.Tooltip("duration_seconds:Q", title="Seconds", format=".1f"),
                alt.Tooltip("state_label:N", title="Result"),
            ],
        )
    )
    return finish(bars, PLOT_HEIGHT - 40)


def goals_by_school(schools: pl.DataFrame) -> Chart:
    """Students with a goal by school: met and not yet.

    Needs `school_name`, `met_count`, `goal_count`.
    """
    met, other = STATUSES["met"].label, "○ Not met yet"
    rows = schools.select(
        "school_name",
        pl.col("met_count").alias(met),
        (pl.col("goal_count") - pl.col("met_count")).alias(other),
    ).unpivot(index="school_name", variable_name="state", value_name="students")
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.6})
        .encode(
            y=alt.Y("school_name:N", title=None, axis=alt.Axis(labelLimit=150, labelOverlap=False)),
            x=alt.X("students:Q", title="Students", axis=alt.Axis(gridColor=GRID, tickMinStep=1)),
            color=alt.Color(
                "state:N",
                title=None,
                scale=alt.Scale(domain=[met, other], range=[STATUSES["met"].colour, GREY]),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("state:N", sort="descending"),
            tooltip=[
                alt.Tooltip("school_name:N", title="School"),
                alt.Tooltip("state:N", title="Goal"),
                alt.Tooltip("students:Q", title="Students"),
            ],
        )
    )
    return finish(bars, 44 * len(schools) + FRAME_HEIGHT)


def entries_by_day(days: pl.DataFrame) -> Chart:
    """Entries of the access log on each day. Needs `date`, `entry_count`, `student_count`."""
    labelled, x = day_axis(days, "date")
    bars = (
        alt.Chart(labelled)
        .mark_bar(width={"band": min(0.7, 0.1 * labelled["day"].n_unique())})
        .encode(
            x=x,
            y=alt.Y("entry_count:Q", title="Entries", axis=alt.Axis(gridColor=GRID, format="~s")),
            color=alt.value(colours(1)[0]),
            tooltip=[
                alt.Tooltip("day:N", title="Day"),
                alt.Tooltip("entry_count:Q", title="Entries", format=",d"),
                alt.Tooltip("student_count:Q", title="Students", format=",d"),
            ],
        )
    )
    return finish(bars, FRAME_HEIGHT + 60)

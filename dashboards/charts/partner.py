"""Charts of a partner's courses: their use, their lessons, what a comparison found. Pure."""

import altair as alt
import polars as pl

from dashboards.charts.axes import (
    FRAME_HEIGHT,
    PLOT_HEIGHT,
    ROW_HEIGHT,
    Chart,
    day_axis,
    finish,
    from_zero,
)
from dashboards.theme import BLUE, DIFFERENCES, GAP, GREY, GRID, INK, MASTERY, MUTED

REACHED = ("mastered", "proficient", "practicing", "started")


def use_by_day(days: pl.DataFrame, column: str, measure: str, title: str) -> Chart:
    """A bar for each day or week. Needs the days' column and the measure's."""
    labelled, x = day_axis(days, column)
    axis = alt.Axis(gridColor=GRID, tickMinStep=1)
    bars = (
        alt.Chart(labelled)
        .mark_bar(color=BLUE, cornerRadiusEnd=3, width={"band": 0.7})
        .encode(
            x=x,
            y=alt.Y(f"{measure}:Q", title=title, axis=axis, scale=from_zero(days[measure])),
            tooltip=[
                alt.Tooltip("day:N", title="Day" if column == "local_on" else "Week from"),
                alt.Tooltip(f"{measure}:Q", title=title, format=",.0f"),
            ],
        )
    )
    return finish(bars, PLOT_HEIGHT)


def lesson_funnel(lessons: pl.DataFrame) -> Chart:
    """A bar for each lesson: students by how far they got, with a mark where they stop.

    Needs `lesson`, `started_count`, `practicing_count`, `proficient_count`, `mastered_count`,
    `stopped_count`; the bar is as long as `started_count`.
    """
    order = lessons["lesson"].to_list()
    further = dict(zip(REACHED[1:], REACHED, strict=False))
    apart = lessons.select(
        "lesson",
        *(
            (
                pl.col(f"{state}_count")
                - (pl.col(f"{further[state]}_count") if state in further else 0)
            ).alias(MASTERY[state].label)
            for state in REACHED
        ),
    )
    rows = apart.unpivot(index="lesson", variable_name="state", value_name="student_count")
    names = [MASTERY[state].label for state in REACHED]
    ranks = {name: rank for rank, name in enumerate(names)}
    rows = rows.with_columns(pl.col("state").replace_strict(ranks).alias("rank"))
    y = alt.Y("lesson:N", sort=order, title=None, axis=alt.Axis(labelLimit=170, labelOverlap=False))
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.72}, stroke=GAP, strokeWidth=1)
        .encode(
            y=y,
            x=alt.X(
                "student_count:Q", title="Students", axis=alt.Axis(gridColor=GRID, tickMinStep=1)
            ),
            color=alt.Color(
                "state:N",
                title=None,
                scale=alt.Scale(domain=names, range=[MASTERY[state].colour for state in REACHED]),
                legend=alt.Legend(orient="top", columns=1),
            ),
            order="rank:Q",
            tooltip=[
                alt.Tooltip("lesson:N", title="Lesson"),
                alt.Tooltip("state:N", title="Got as far as"),
                alt.Tooltip("student_count:Q", title="Students"),
            ],
        )
    )
    words = (
        alt.Chart(lessons.filter(pl.col("stopped_count") > 0).with_columns(_stop_words()))
        .mark_text(align="left", dx=6, color=MUTED)
        .encode(y=y, x="started_count:Q", text="stops:N")
    )
    return finish(bars + words, ROW_HEIGHT * len(lessons) + FRAME_HEIGHT)


def _stop_words() -> pl.Expr:
    return pl.format("{} stop here", "stopped_count").alias("stops")


def sent_and_arrived(days: pl.DataFrame) -> Chart:
    """What was said to be sent as bars, what is here as ticks; red where the two differ.

    Needs `received_on`, `sent_count`, `here_count`.
    """
    sums = days.group_by("received_on").agg(pl.col("sent_count").sum(), pl.col("here_count").sum())
    same, differs = "✓ As sent", "✕ Differs"
    state = pl.when(pl.col("sent_count") == pl.col("here_count")).then(pl.lit(same))
    labelled, x = day_axis(
        sums.with_columns(state.otherwise(pl.lit(differs)).alias("state")), "received_on"
    )
    base = alt.Chart(labelled).encode(
        x=x,
        tooltip=[
            alt.Tooltip("day:N", title="Day (UTC)"),
            alt.Tooltip("sent_count:Q", title="In your list", format=",d"),
            alt.Tooltip("here_count:Q", title="Here", format=",d"),
        ],
    )
    bars = base.mark_bar(width={"band": 0.7}).encode(
        y=alt.Y("sent_count:Q", title="Events", axis=alt.Axis(gridColor=GRID, format="~s")),
        color=alt.Color(
            "state:N",
            title=None,
            scale=alt.Scale(domain=[same, differs], range=[GREY, DIFFERENCES["missing"].colour]),
            legend=alt.Legend(orient="top"),
        ),
    )
    ticks = base.mark_tick(color=INK, thickness=2, width={"band": 0.9}).encode(y="here_count:Q")
    return finish(bars + ticks, PLOT_HEIGHT)

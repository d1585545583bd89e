"""Charts of one child's week. Pure functions of frames."""

import altair as alt
import polars as pl

from dashboards.charts.axes import PLOT_HEIGHT, Chart, colours, day_axis, finish
from dashboards.charts.learning import subject_bars
from dashboards.theme import GRID, INK


def xp_by_day_and_subject(subject_days: pl.DataFrame, days: pl.DataFrame) -> Chart:
    """A bar for each day, made of its subjects, with a tick at the day's goal.

    `subject_days` needs `local_on`, `subject`, `xp`, `active_seconds`; `days` needs `local_on`,
    `goal_xp`. Days without activity keep their place.
    """
    subjects = subject_days["subject"].unique().sort().to_list()
    dates = pl.concat([days.select("local_on"), subject_days.select("local_on")]).unique()
    _, x = day_axis(dates, "local_on")
    parts, _ = day_axis(
        subject_days.with_columns((pl.col("active_seconds") / 60).alias("minutes")), "local_on"
    )
    goals, _ = day_axis(days.select("local_on", "goal_xp"), "local_on")
    y_axis = alt.Axis(gridColor=GRID)
    bars = (
        alt.Chart(parts)
        .mark_bar(width={"band": 0.7})
        .encode(
            x=x,
            y=alt.Y("xp:Q", title="XP", axis=y_axis),
            color=alt.Color(
                "subject:N",
                title=None,
                scale=alt.Scale(domain=subjects, range=colours(len(subjects))),
                legend=alt.Legend(orient="top", columns=3),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="Day"),
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("xp:Q", title="XP", format=".1f"),
                alt.Tooltip("minutes:Q", title="Active minutes", format=".0f"),
            ],
        )
    )
    ticks = (
        alt.Chart(goals)
        .mark_tick(color=INK, thickness=2, width={"band": 0.9})
        .encode(
            x=x,
            y="goal_xp:Q",
            tooltip=[
                alt.Tooltip("day:N", title="Day"),
                alt.Tooltip("goal_xp:Q", title="Goal", format=".0f"),
            ],
        )
    )
    return finish(bars + ticks, PLOT_HEIGHT)


def awards_by_subject(subjects: pl.DataFrame) -> Chart:
    """A bar for each subject's XP of a day. Needs `subject`, `xp`, `awards`."""
    awards = alt.Tooltip("awards:Q", title="Awards")
    return subject_bars(subjects, awards, digits=1, frame_height=60)

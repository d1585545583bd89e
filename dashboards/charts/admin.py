"""Charts of apps compared and of the roster's gaps. Pure functions of frames."""

import altair as alt
import polars as pl

from dashboards.charts.axes import FRAME_HEIGHT, ROW_HEIGHT, Chart, colours, finish, from_zero
from dashboards.theme import AMBER, GREEN, GRID, MUTED

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def apps_compared(groups: pl.DataFrame, measure: str, title: str, number: str) -> Chart:
    """A dot for each app on the row of its grade and subject, as large as its students.

    Needs `comparison`, `app_name`, `student_count` and the measure's column; rows without a
    value are left out. `number` is a d3 format.
    """
    rows = groups.filter(pl.col(measure).is_not_null())
    apps = groups["app_name"].unique().sort().to_list()
    order = rows["comparison"].unique(maintain_order=True).to_list()
    base = alt.Chart(rows).encode(
        y=alt.Y("comparison:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, grid=True)),
        x=alt.X(
            f"{measure}:Q",
            title=title,
            scale=alt.Scale(zero=False, padding=24),
            axis=alt.Axis(gridColor=GRID, format=number, tickCount=5),
        ),
    )
    dots = base.mark_point(filled=True, opacity=0.85).encode(
        color=alt.Color(
            "app_name:N",
            title=None,
            scale=alt.Scale(domain=apps, range=colours(len(apps))),
            legend=alt.Legend(orient="top", columns=2),
        ),
        shape=alt.Shape(
            "app_name:N",
            title=None,
            scale=alt.Scale(domain=apps, range=[SHAPES[n % len(SHAPES)] for n in range(len(apps))]),
        ),
        size=alt.Size(
            "student_count:Q", legend=None, scale=alt.Scale(domainMin=0, range=[60, 420])
        ),
        tooltip=[
            alt.Tooltip("comparison:N", title="Grade and subject"),
            alt.Tooltip("app_name:N", title="App"),
            alt.Tooltip(f"{measure}:Q", title=title, format=number),
            alt.Tooltip("student_count:Q", title="Students"),
        ],
    )
    counts = base.mark_text(dy=-16, fontSize=10, color=MUTED).encode(
        text=alt.Text("student_count:Q")
    )
    return finish(dots + counts, (ROW_HEIGHT + 12) * max(1, len(order)) + FRAME_HEIGHT)


def checks_by_count(checks: pl.DataFrame) -> Chart:
    """A bar for each check with what it found. Needs `title`, `count`."""
    order = checks["title"].to_list()
    base = alt.Chart(checks).encode(
        y=alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=190))
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.6}).encode(
        x=alt.X(
            "count:Q",
            title="Records",
            scale=from_zero(checks["count"]),
            axis=alt.Axis(gridColor=GRID, tickMinStep=1),
        ),
        color=alt.condition("datum.count > 0", alt.value(AMBER), alt.value(GREEN)),
        tooltip=[
            alt.Tooltip("title:N", title="Check"),
            alt.Tooltip("count:Q", title="Records", format=",d"),
        ],
    )
    words = base.mark_text(align="left", dx=5, color=MUTED).encode(
        x="count:Q", text=alt.Text("count:Q", format=",d")
    )
    return finish(bars + words, ROW_HEIGHT * max(1, len(order)) + 60)

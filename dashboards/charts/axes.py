"""What all charts share: state colours with their words, days and clocks on axes, sizes.

Instants arrive as minutes after local midnight and days as dates, so that a chart shows the
school's clock whatever the browser's time zone is.
"""

from collections.abc import Iterable, Mapping
from math import ceil, floor

import altair as alt
import polars as pl

from dashboards.theme import APP_COLOURS, GRID, Look

Chart = alt.Chart | alt.LayerChart
ROW_HEIGHT = 28  # pixels a row of a bar chart
FRAME_HEIGHT = 140  # pixels that axis and legend take of a chart's height
PLOT_HEIGHT = 280
CLOCK = "format(floor(datum.value / 60), '02') + ':' + format(datum.value % 60, '02')"
DAY_LABEL = "%a %-d %b"


def states(
    field: str, looks: Mapping[str, Look], present: pl.Series, *, columns: int = 2
) -> alt.Color:
    """Colours and legend of those states that occur, in the order of `looks`.

    Beside long labels of an axis a phone has room for one column.
    """
    found = [state for state in looks if state in set(present)]
    return alt.Color(
        f"{field}:N",
        title=None,
        scale=alt.Scale(
            domain=[looks[state].label for state in found],
            range=[looks[state].colour for state in found],
        ),
        legend=alt.Legend(orient="top", columns=columns, labelLimit=160),
    )


def amounts(column: str) -> pl.Expr:
    """XP in words: one digit after the point, none for whole numbers."""
    return pl.col(column).round(1).cast(pl.String).str.strip_suffix(".0")


def day_axis(frame: pl.DataFrame, column: str) -> tuple[pl.DataFrame, alt.X]:
    """Days as words on an axis of their own order; free of any time zone."""
    ordered = frame.sort(column)
    labelled = ordered.with_columns(pl.col(column).dt.strftime(DAY_LABEL).alias("day"))
    order = labelled["day"].unique(maintain_order=True).to_list()
    axis = alt.Axis(labelAngle=-45 if len(order) > 7 else 0, labelOverlap="greedy")
    return labelled, alt.X("day:O", title=None, sort=order, axis=axis)


def clock_axis(field: str, minutes: Iterable[float | None]) -> alt.X:
    """Minutes after local midnight as a clock: whole hours around all, at most 8 of them marked."""
    known = [minute for minute in minutes if minute is not None]
    first, last = floor(min(known, default=480) / 60), ceil(max(known, default=960) / 60)
    last = max(last, first + 1)
    step = ceil((last - first) / 8)
    return alt.X(
        field,
        title=None,
        axis=alt.Axis(
            labelExpr=CLOCK,
            values=[60 * hour for hour in range(first, last + 1, step)],
            grid=True,
            gridColor=GRID,
        ),
        scale=alt.Scale(domain=[60 * first, 60 * last], nice=False),
    )


def from_zero(*values: pl.Series) -> alt.Scale:
    """A scale from zero to the largest; to 1 where all is zero, of which Vega makes NaN."""
    if any((known > 0).any() for known in values):
        return alt.Scale(zero=True)
    return alt.Scale(domain=[0, 1])


def finish(chart: Chart, height: int) -> Chart:
    """A chart as wide as its place and `height` pixels high."""
    finished: Chart = chart.properties(height=height, width="container")
    return finished


def colours(count: int) -> list[str]:
    """Colours for so many apps, subjects or schools."""
    return [APP_COLOURS[number % len(APP_COLOURS)] for number in range(count)]

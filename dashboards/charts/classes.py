"""Charts of a class: students by subjects, students by days, lessons that hold up, a week."""

import json

import altair as alt
import polars as pl

from dashboards.charts.axes import (
    FRAME_HEIGHT,
    ROW_HEIGHT,
    Chart,
    amounts,
    day_axis,
    finish,
    from_zero,
    states,
)
from dashboards.theme import (
    BLUE,
    GAP,
    GREY,
    GRID,
    INK_ON_COLOUR,
    MUTED,
    STATUSES,
    STUCK,
    by_page,
    labels,
)

CELL_HEIGHT = 36  # pixels a student
CELL_WIDTH = 0.9  # of a column: the rest is the gap to the next
# One hue from the page's own shade to the other end: read alike by all eyes.
HEAT = [by_page("#e8f1f8", "#1b2a38"), by_page("#0b4f80", "#9bd4fb")]
INK_ON_HEAT = alt.ExprRef(
    "contrast(scale('color', datum.shown), '#ffffff')"
    f" > contrast(scale('color', datum.shown), '{INK_ON_COLOUR}') ? '#ffffff' : '{INK_ON_COLOUR}'"
)


def _students(frame: pl.DataFrame) -> alt.Y:
    axis = alt.Axis(labelLimit=110, labelOverlap=False, domain=False, ticks=False)
    return alt.Y(
        "name:N", title=None, sort=frame["name"].unique(maintain_order=True).to_list(), axis=axis
    )


def goal_grid(cells: pl.DataFrame) -> Chart:
    """Students by subjects: XP with the mark of its state, over a bar of its share of the goal.

    Needs `name`, `subject`, `earned_xp`, `goal_xp`, `status`; rows and columns in their order.
    """
    subjects = cells["subject"].unique(maintain_order=True).to_list()
    marks = {state: seen.mark for state, seen in STATUSES.items()}
    share = pl.when(pl.col("goal_xp") > 0).then(pl.col("earned_xp") / pl.col("goal_xp"))
    start = pl.col("subject").replace_strict(
        {subject: float(number) for number, subject in enumerate(subjects)},
        return_dtype=pl.Float64,
    )
    rows = cells.with_columns(
        labels("status", STATUSES).alias("state_label"),
        start.alias("start"),
        (start + CELL_WIDTH).alias("whole"),
        (start + CELL_WIDTH * share.fill_null(0).clip(0, 1)).alias("reached"),
        pl.format(
            "{} {}", pl.col("status").replace_strict(marks, default="·"), amounts("earned_xp")
        ).alias("word"),
        pl.format("{} / {}", amounts("earned_xp"), amounts("goal_xp").fill_null("–")).alias(
            "figures"
        ),
        (share * 100).round(0).alias("percent"),
    )
    axis = alt.Axis(
        orient="top",
        domain=False,
        ticks=False,
        grid=False,
        labelLimit=90,
        values=[number + CELL_WIDTH / 2 for number in range(len(subjects))],
        labelExpr=f"{json.dumps(subjects)}[floor(datum.value)]",
    )
    x = alt.X("start:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, len(subjects)]))
    base = alt.Chart(rows).encode(
        x=x,
        y=_students(rows),
        tooltip=[
            alt.Tooltip("name:N", title="Student"),
            alt.Tooltip("subject:N", title="Subject"),
            alt.Tooltip("figures:N", title="XP / goal"),
            alt.Tooltip("percent:Q", title="Of the goal, %"),
            alt.Tooltip("state_label:N", title="Status"),
        ],
    )
    whole = base.mark_bar(color=GRID, height=6, yOffset=10, cornerRadius=3).encode(x2="whole:Q")
    reached = base.mark_bar(height=6, yOffset=10, cornerRadius=3).encode(
        x2="reached:Q", color=states("state_label", STATUSES, cells["status"])
    )
    words = base.mark_text(align="left", baseline="middle", dy=-5, dx=1, color=MUTED).encode(
        text="word:N"
    )
    return finish(whole + reached + words, CELL_HEIGHT * rows["name"].n_unique() + FRAME_HEIGHT)


def week_heat(days: pl.DataFrame, measure: str, title: str) -> Chart:
    """Students by days, stronger for more; a dash where nothing is asked and nothing was done.

    Needs `name`, `local_on`, `status` and the measure's column.
    """
    nothing = pl.col("status").is_in(["no_school", "no_goal"]) & (pl.col(measure) == 0)
    rows = days.with_columns(
        labels("status", STATUSES).alias("state_label"),
        pl.when(nothing.not_()).then(pl.col(measure).round(0)).alias("shown"),
        pl.col("local_on").dt.strftime("%a %-d").alias("day"),
    ).with_columns(pl.col("shown").cast(pl.Int64).cast(pl.String).fill_null("–").alias("word"))
    order = rows.sort("local_on")["day"].unique(maintain_order=True).to_list()
    axis = alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)
    x = alt.X("day:O", title=None, sort=order, axis=axis)
    largest = float(rows["shown"].fill_null(0).max() or 0)  # type: ignore[arg-type]
    base = alt.Chart(rows).encode(
        x=x,
        y=_students(rows),
        tooltip=[
            alt.Tooltip("name:N", title="Student"),
            alt.Tooltip("day:N", title="Day"),
            alt.Tooltip("word:N", title=title),
            alt.Tooltip("state_label:N", title="Goal"),
        ],
    )
    scale = alt.Scale(domain=[0, max(largest, 1.0)], range=HEAT)
    color = alt.Color("shown:Q", title=title, scale=scale, legend=alt.Legend(orient="top"))
    fields = (
        base.transform_filter("isValid(datum.shown)").mark_rect(cornerRadius=3).encode(color=color)
    )
    free = base.transform_filter("!isValid(datum.shown)").mark_text(color=GREY).encode(text="word")
    words = (
        base.transform_filter("isValid(datum.shown)")
        .mark_text(color=INK_ON_HEAT)
        .encode(text="word:N")
    )
    return finish(fields + free + words, ROW_HEIGHT * rows["name"].n_unique() + FRAME_HEIGHT)


def stuck_by_lesson(stuck: pl.DataFrame) -> Chart:
    """Students whom each lesson holds up, by why, in the order given.

    Needs `lesson_title`, `stuck_reason` and `name`, one row a student and lesson.
    """
    order = stuck["lesson_title"].unique(maintain_order=True).to_list()
    rows = stuck.group_by("lesson_title", "stuck_reason", maintain_order=True).agg(
        pl.len().alias("students"), pl.col("name").sort().str.join(", ").alias("who")
    )
    ranks = {reason: number for number, reason in enumerate(STUCK)}
    ranked = rows.with_columns(
        labels("stuck_reason", STUCK).alias("state_label"),
        pl.col("stuck_reason").replace_strict(ranks, default=len(ranks)).alias("rank"),
    )
    bars = (
        alt.Chart(ranked)
        .mark_bar(height={"band": 0.7}, stroke=GAP, strokeWidth=1)
        .encode(
            y=alt.Y("lesson_title:N", title=None, sort=order, axis=alt.Axis(labelLimit=150)),
            x=alt.X(
                "sum(students):Q",
                title="Students",
                axis=alt.Axis(gridColor=GRID, tickMinStep=1, format="d"),
            ),
            order="rank:Q",
            color=states("state_label", STUCK, stuck["stuck_reason"], columns=1),
            tooltip=[
                alt.Tooltip("lesson_title:N", title="Lesson"),
                alt.Tooltip("state_label:N", title="Why"),
                alt.Tooltip("students:Q", title="Students"),
                alt.Tooltip("who:N", title="Who"),
            ],
        )
    )
    return finish(bars, ROW_HEIGHT * len(order) + FRAME_HEIGHT)


def goals_by_day(days: pl.DataFrame) -> Chart:
    """Students with a goal on each day, and how many met it. Needs `goal_count`, `met_count`."""
    labelled, x = day_axis(days, "local_on")
    rows = labelled.with_columns(pl.format("{} of {}", "met_count", "goal_count").alias("figures"))
    tooltip = [
        alt.Tooltip("day:N", title="Day"),
        alt.Tooltip("figures:N", title="Met the goal"),
    ]
    base = alt.Chart(rows).encode(x=x, tooltip=tooltip)
    y = alt.Y(
        "goal_count:Q",
        title="Students",
        scale=from_zero(days["goal_count"]),
        axis=alt.Axis(gridColor=GRID, tickMinStep=1),
    )
    asked = base.mark_bar(color=GRID, width={"band": 0.7}).encode(y=y)
    met = base.mark_bar(color=BLUE, width={"band": 0.7}).encode(y="met_count:Q")
    words = base.mark_text(dy=-8, color=MUTED).encode(y="goal_count:Q", text="figures:N")
    return finish(asked + met + words, 200)

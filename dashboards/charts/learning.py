"""Charts of students: XP, time by app, lessons. Pure functions of frames."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards.charts.axes import (
    FRAME_HEIGHT,
    PLOT_HEIGHT,
    ROW_HEIGHT,
    Chart,
    amounts,
    clock_axis,
    colours,
    day_axis,
    finish,
    from_zero,
    states,
)
from dashboards.theme import (
    GAP,
    GREY,
    GRID,
    INK,
    INK_ON_COLOUR,
    MASTERY,
    MUTED,
    STATUSES,
    Look,
    labels,
)


def xp_against_goal(students: pl.DataFrame) -> Chart:
    """A bar for each student's XP with a tick at the goal, in the order given.

    Needs `name`, `earned_xp`, `goal_xp`, `status`.
    """
    rows = students.with_columns(
        labels("status", STATUSES).alias("state_label"),
        pl.format("{} / {}", amounts("earned_xp"), amounts("goal_xp").fill_null("–")).alias(
            "figures"
        ),
    )
    y = alt.Y(
        "name:N",
        sort=rows["name"].to_list(),
        title=None,
        axis=alt.Axis(labelLimit=150, labelOverlap=False),
    )
    base = alt.Chart(rows).encode(y=y)
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.7}).encode(
        x=alt.X(
            "earned_xp:Q",
            title="XP",
            axis=alt.Axis(tickCount=6, gridColor=GRID),
            scale=from_zero(students["earned_xp"], students["goal_xp"]),
        ),
        color=states("state_label", STATUSES, students["status"]),
        tooltip=[
            alt.Tooltip("name:N", title="Student"),
            alt.Tooltip("figures:N", title="XP / goal"),
            alt.Tooltip("state_label:N", title="Status"),
        ],
    )
    goals = base.mark_tick(color=INK, thickness=2, height={"band": 0.9}).encode(x="goal_xp:Q")
    words = base.mark_text(align="left", dx=5, color=MUTED).encode(
        x="earned_xp:Q", text="figures:N"
    )
    return finish(bars + goals + words, ROW_HEIGHT * len(rows) + FRAME_HEIGHT)


def day_by_app(segments: pl.DataFrame) -> Chart:
    """When a student was in which app; pale where another app has the time.

    Needs `app_name`, `start_minute`, `end_minute`, `lesson_title`, `minutes`, `counts`, `clock`.
    """
    apps = segments["app_name"].unique(maintain_order=True).to_list()
    chart = (
        alt.Chart(segments)
        .mark_bar(height={"band": 0.6}, cornerRadius=2)
        .encode(
            x=clock_axis("start_minute:Q", [*segments["start_minute"], *segments["end_minute"]]),
            x2="end_minute:Q",
            y=alt.Y("app_name:N", title=None, sort=apps),
            color=alt.Color(
                "app_name:N",
                scale=alt.Scale(domain=apps, range=colours(len(apps))),
                legend=None,
            ),
            opacity=alt.Opacity(
                "counts:N",
                scale=alt.Scale(
                    domain=["Active", "Idle", "Counted in another app"], range=[1, 0.35, 0.2]
                ),
                legend=alt.Legend(orient="top", title=None, columns=2, symbolFillColor=GREY),
            ),
            tooltip=[
                alt.Tooltip("app_name:N", title="App"),
                alt.Tooltip("clock:N", title="Time"),
                alt.Tooltip("minutes:Q", title="Minutes", format=".1f"),
                alt.Tooltip("lesson_title:N", title="Lesson"),
                alt.Tooltip("counts:N", title="State"),
            ],
        )
    )
    return finish(chart, 40 * max(1, len(apps)) + FRAME_HEIGHT)


def xp_against_pace(steps: pl.DataFrame, pace: pl.DataFrame) -> Chart:
    """XP as it was earned over the day, and the pace that reaches the goal.

    Both need `minute` and `xp`; `steps` also `gained` and `lesson_title`.
    """
    y = alt.Y("xp:Q", title="XP", axis=alt.Axis(gridColor=GRID))
    colours = alt.Scale(domain=["Earned", "Pace to the goal"], range=[STATUSES["met"].colour, INK])
    legend = alt.Legend(orient="top", title=None, symbolOpacity=1)
    color = alt.Color("line:N", scale=colours, legend=legend)
    earned = alt.Chart(steps.with_columns(line=pl.lit("Earned")))
    x = clock_axis("minute:Q", [*steps["minute"], *pace["minute"]])
    area = earned.mark_area(interpolate="step-after", opacity=0.15).encode(x=x, y=y, color=color)
    line = earned.mark_line(interpolate="step-after", strokeWidth=2.5, point=True).encode(
        x=x,
        y=y,
        color=color,
        tooltip=[
            alt.Tooltip("clock:N", title="At"),
            alt.Tooltip("gained:Q", title="XP", format="+.1f"),
            alt.Tooltip("xp:Q", title="XP so far", format=".1f"),
            alt.Tooltip("lesson_title:N", title="Lesson"),
        ],
    )
    asked = (
        alt.Chart(pace.with_columns(line=pl.lit("Pace to the goal")))
        .mark_line(strokeDash=[6, 4], strokeWidth=2)
        .encode(x=x, y=y, color=color)
    )
    return finish(area + line + asked, PLOT_HEIGHT)


def xp_by_day(days: pl.DataFrame, looks: Mapping[str, Look] = STATUSES) -> Chart:
    """A bar for each day's XP, a tick at its goal.

    Needs `local_on`, `earned_xp`, `goal_xp`, `status`.
    """
    labelled, x = day_axis(
        days.with_columns(labels("status", looks).alias("state_label")), "local_on"
    )
    base = alt.Chart(labelled).encode(x=x)
    bars = base.mark_bar(cornerRadiusEnd=3, width={"band": 0.7}).encode(
        y=alt.Y(
            "earned_xp:Q",
            title="XP",
            axis=alt.Axis(gridColor=GRID),
            scale=from_zero(days["earned_xp"], days["goal_xp"]),
        ),
        color=states("state_label", looks, days["status"]),
        tooltip=[
            alt.Tooltip("day:N", title="Day"),
            alt.Tooltip("earned_xp:Q", title="XP", format=".0f"),
            alt.Tooltip("goal_xp:Q", title="Goal", format=".0f"),
            alt.Tooltip("state_label:N", title="Status"),
        ],
    )
    goals = base.mark_tick(color=INK, thickness=2, width={"band": 0.9}).encode(y="goal_xp:Q")
    return finish(bars + goals, PLOT_HEIGHT)


def lesson_ladder(lessons: pl.DataFrame, looks: Mapping[str, Look] = MASTERY) -> Chart:
    """Courses as rows, their lessons in order as steps, each with its mastery.

    Needs `course_title`, `lesson_position`, `lesson_title`, `mastery_state`, `correct_count`,
    `item_count`.
    """
    marks = {state: seen.mark for state, seen in looks.items()}
    rows = lessons.with_columns(
        labels("mastery_state", looks).alias("state_label"),
        pl.col("mastery_state").replace_strict(marks, default="·").alias("mark"),
        pl.format("{} of {}", "correct_count", "item_count").alias("answers"),
    )
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    base = alt.Chart(rows).encode(
        x=alt.X("lesson_position:O", title="Lesson", axis=axis),
        y=alt.Y("course_title:N", title=None, axis=alt.Axis(labelLimit=130)),
        tooltip=[
            alt.Tooltip("lesson_title:N", title="Lesson"),
            alt.Tooltip("state_label:N", title="Mastery"),
            alt.Tooltip("answers:N", title="Correct"),
        ],
    )
    steps = base.mark_rect(stroke=GAP, strokeWidth=2, cornerRadius=4).encode(
        color=states("state_label", looks, lessons["mastery_state"])
    )
    words = base.mark_text(color=INK_ON_COLOUR, fontWeight="bold", fontSize=13).encode(
        text="mark:N"
    )
    courses = rows["course_title"].n_unique()
    return finish(steps + words, 44 * max(1, courses) + FRAME_HEIGHT)


def xp_by_subject(subjects: pl.DataFrame) -> Chart:
    """A bar for each subject's XP. Needs `subject`, `xp`, `minutes`."""
    minutes = alt.Tooltip("minutes:Q", title="Active minutes", format=".0f")
    return subject_bars(subjects, minutes, digits=0, frame_height=80)


def subject_bars(
    subjects: pl.DataFrame, more: alt.Tooltip, *, digits: int, frame_height: int
) -> Chart:
    """A bar for each subject's XP, told with `digits` after the point and `more` beside it."""
    order = subjects["subject"].to_list()
    base = alt.Chart(subjects).encode(y=alt.Y("subject:N", title=None, sort=order))
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.6}).encode(
        x=alt.X(
            "xp:Q",
            title="XP",
            axis=alt.Axis(tickCount=5, gridColor=GRID),
            scale=from_zero(subjects["xp"]),
        ),
        color=alt.Color(
            "subject:N", legend=None, scale=alt.Scale(domain=order, range=colours(len(order)))
        ),
        tooltip=[
            alt.Tooltip("subject:N", title="Subject"),
            alt.Tooltip("xp:Q", title="XP", format=f".{digits}f"),
            more,
        ],
    )
    words = base.mark_text(align="left", dx=5, color=MUTED).encode(
        x="xp:Q", text=alt.Text("xp:Q", format=f".{digits}f")
    )
    return finish(bars + words, 40 * max(1, len(order)) + frame_height)

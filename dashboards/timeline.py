"""A day as charts need it: instants as minutes after local midnight."""

from typing import Any

import polars as pl


def minute_of_day(column: str, zone: str) -> pl.Expr:
    """Minutes after midnight on the clock of a zone."""
    moment = pl.col(column).dt.convert_time_zone(zone)
    return (
        moment.dt.hour().cast(pl.Float64) * 60
        + moment.dt.minute().cast(pl.Float64)
        + moment.dt.second().cast(pl.Float64) / 60
    )


def placed_segments(segments: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Segments with `start_minute`, `end_minute`, `minutes`, `clock` and in words what counts."""
    start = minute_of_day("started_at", zone)
    counts = (
        pl.when(pl.col("is_counted").not_())
        .then(pl.lit("Counted in another app"))
        .when(pl.col("state") == "idle")
        .then(pl.lit("Idle"))
        .otherwise(pl.lit("Active"))
    )
    clock = pl.concat_str(
        pl.col("started_at").dt.convert_time_zone(zone).dt.strftime("%H:%M"),
        pl.lit(" to "),
        pl.col("ended_at").dt.convert_time_zone(zone).dt.strftime("%H:%M"),
    )
    return segments.with_columns(
        start.alias("start_minute"),
        (start + pl.col("seconds") / 60).alias("end_minute"),
        (pl.col("seconds") / 60).alias("minutes"),
        counts.alias("counts"),
        clock.alias("clock"),
    ).drop("started_at", "ended_at")


def earned_steps(ledger: pl.DataFrame, zone: str, *, until: float) -> pl.DataFrame:
    """XP so far after each entry: `minute`, `xp`, `gained`, `clock`, `lesson_title`.

    It begins at 0 and goes on level to the minute `until`.
    """
    steps = ledger.sort("earned_at").select(
        minute_of_day("earned_at", zone).alias("minute"),
        pl.col("xp").cum_sum().alias("xp"),
        pl.col("xp").alias("gained"),
        pl.col("earned_at").dt.convert_time_zone(zone).dt.strftime("%H:%M").alias("clock"),
        pl.col("lesson_title"),
    )
    begin = steps.select(pl.col("minute").first(), pl.lit(0.0).alias("xp"))
    end = steps.select(pl.col("minute").last().clip(until), pl.col("xp").last())
    return pl.concat([begin, steps, end], how="diagonal")


def pace_line(pace: dict[str, Any], goal_xp: float | None) -> pl.DataFrame:
    """The even pace to the goal as its two ends; empty without a goal."""
    ends = [(pace["startsHour"] * 60.0, 0.0), (pace["endsHour"] * 60.0, goal_xp or 0.0)]
    rows = ends if goal_xp else []
    return pl.DataFrame(rows, schema={"minute": pl.Float64, "xp": pl.Float64}, orient="row")

"""How columns are headed and formatted in tables, one place for all pages."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.theme import STATUSES, VERDICTS, Look, labels


def minutes(column: str) -> pl.Expr:
    """Seconds as whole minutes, under the name `…_minutes`."""
    name = column.removesuffix("_seconds") + "_minutes"
    return (pl.col(column) / 60).round(0).cast(pl.Int64).alias(name)


def percent(column: str, name: str) -> pl.Expr:
    """A ratio as a whole percentage."""
    return (pl.col(column) * 100).round(0).alias(name)


def share(part: str, whole: str, name: str) -> pl.Expr:
    """`part` in percent of `whole`; null where there is no whole."""
    ratio = pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
    return (ratio * 100).round(0).alias(name)


def stamped(column: str, zone: str, name: str) -> pl.Expr:
    """An instant as day and time on the clock of a zone."""
    return pl.col(column).dt.convert_time_zone(zone).dt.strftime("%-d %b %H:%M").alias(name)


def question(title: str, item_ref: str) -> pl.Expr:
    """A question's title; of one without, its id, of an address what follows the host."""
    path = pl.col(item_ref).str.replace(r"^https?://[^/]+/", "")
    return pl.coalesce(title, path).alias("question")


def text(title: str, **options: Any) -> Any:
    """A column of words."""
    return st.column_config.TextColumn(title, **options)


def number(title: str, digits: int = 0, **options: Any) -> Any:
    """A column of numbers with so many digits after the point."""
    return st.column_config.NumberColumn(title, format=f"%.{digits}f", **options)


def count(title: str) -> Any:
    """A column of counts, thousands set apart."""
    return st.column_config.NumberColumn(title, format="localized")


def percentage(title: str) -> Any:
    """A column of percentages."""
    return st.column_config.NumberColumn(title, format="%d %%")


def bar(title: str, largest: float) -> Any:
    """A column of percentages with a bar."""
    return st.column_config.ProgressColumn(
        title, format="%d %%", min_value=0, max_value=max(100.0, largest)
    )


def total(frame: pl.DataFrame, column: str) -> int:
    """The sum of a column of counts, XP or minutes, rounded."""
    return round(float(frame[column].sum()))


DAY_COLUMNS = {
    "local_on": st.column_config.DateColumn("Day"),
    "earned_xp": number("XP", 1),
    "goal_xp": number("Goal"),
    "status": text("Status"),
    "active_minutes": number("Active min"),
    "restated": text("Changed late"),
}
VERDICT_DAY_COLUMNS = {
    "received_on": st.column_config.DateColumn("Received (UTC)"),
    "verdict": text("Verdict"),
    "event_count": count("Events"),
}


def days(
    frame: pl.DataFrame, looks: Mapping[str, Look] = STATUSES, zone: str = "UTC"
) -> pl.DataFrame:
    """A student's days as a table, newest first."""
    rows = frame.with_columns(
        labels("status", looks), minutes("active_seconds"), stamped("restated_at", zone, "restated")
    )
    return rows.sort("local_on", descending=True).select(list(DAY_COLUMNS))


def verdict_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Verdicts by day as a table, newest first."""
    rows = frame.with_columns(labels("verdict", VERDICTS))
    return rows.sort("received_on", "verdict", descending=[True, False]).select(
        list(VERDICT_DAY_COLUMNS)
    )

"""Apps compared, in words and as a table: within one grade and one subject."""

import polars as pl

from core.grades import grade_words
from dashboards import layout, tables

# Each measure's column, its words and its number format.
MEASURES = {
    "xp_per_active_minute": ("XP per active minute", ".2f"),
    "mastered_per_active_hour": ("Lessons mastered per active hour", ".2f"),
    "accuracy_ratio": ("Answers right", ".0%"),
    "idle_ratio": ("Idle share of time", ".0%"),
    "review_ratio": ("Awards to review", ".1%"),
}
TITLES = {name: title for name, (title, _) in MEASURES.items()}
COLUMNS = {
    "comparison": tables.text("Grade and subject", pinned=True),
    "app_name": tables.text("App"),
    "students": tables.text("Students"),
    "xp_per_active_minute": tables.number("XP / active min", 2),
    "mastered_per_active_hour": tables.number("Mastered / active h", 2),
    "accuracy_percent": tables.percentage("Right"),
    "idle_percent": tables.percentage("Idle"),
    "award_count": tables.count("Awards"),
    "review_count": tables.count("To review"),
    "xp": tables.number("XP", 1),
    "active_hours": tables.number("Active h", 1),
    "mastered_lessons": tables.count("Lessons mastered"),
}


def compared(groups: pl.DataFrame) -> pl.DataFrame:
    """With the words of what may be compared: one grade and one subject."""
    grade = pl.col("grade").map_elements(grade_words, pl.String, skip_nulls=False)
    return groups.with_columns(pl.format("{}, {}", grade, "subject").alias("comparison"))


def finding(groups: pl.DataFrame, measure: str, days: int) -> str:
    """Where two apps can be compared, the widest gap between them; else why there is none."""
    title, number = MEASURES[measure]
    shown = groups.filter(pl.col("is_hidden").not_() & pl.col(measure).is_not_null())
    by_row = shown.group_by("comparison", maintain_order=True).agg(
        pl.len().alias("apps"), (pl.col(measure).max() - pl.col(measure).min()).alias("gap")
    )
    several = by_row.filter(pl.col("apps") > 1).sort("gap", descending=True, maintain_order=True)
    places = layout.counted(len(by_row), "grade and subject", "grades and subjects")
    if several.is_empty():
        verb = "has" if len(by_row) == 1 else "have"
        return f"{places} {verb} figures in the last {days} days, none with two apps to compare."
    where = several["comparison"][0]
    pair = shown.filter(pl.col("comparison") == where).sort(measure, descending=True)
    first, last = pair.row(0, named=True), pair.row(-1, named=True)
    return (
        f"{len(several)} of {places} have two apps or more. The widest gap is in {where},"
        f" {title.lower()}: {first['app_name']} {format(first[measure], number)}"
        f" ({first['student_count']} students), {last['app_name']} {format(last[measure], number)}"
        f" ({last['student_count']} students)."
    )


def as_table(groups: pl.DataFrame, least: int) -> pl.DataFrame:
    """The groups as the page and its CSV show them."""
    hidden = pl.lit(f"fewer than {least} students")
    students = pl.when("is_hidden").then(hidden).otherwise(pl.col("student_count").cast(pl.String))
    return groups.with_columns(
        students.alias("students"),
        tables.percent("accuracy_ratio", "accuracy_percent"),
        tables.percent("idle_ratio", "idle_percent"),
        (pl.col("active_seconds") / 3600).round(1).alias("active_hours"),
    ).select(list(COLUMNS))

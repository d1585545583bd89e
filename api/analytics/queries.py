"""Activity shaped by day and subject, from `api.facts`."""

from datetime import date
from typing import Any

import polars as pl

from api.analytics.schemas import FIGURES, Metrics, SubjectFacts


def by_subject(facts: pl.DataFrame) -> pl.DataFrame:
    """One row per day and subject; `apps` lists the apps."""
    return (
        facts.group_by("local_on", "subject")
        .agg(
            pl.col(FIGURES).sum(),
            pl.col("app_id").unique().sort().drop_nulls().alias("apps"),
            pl.col("restated_at").max(),
        )
        .sort("local_on", "subject")
    )


def by_app(facts: pl.DataFrame) -> pl.DataFrame:
    """One row per day, app and subject: the table that CSV and Arrow carry."""
    return (
        facts.group_by("local_on", "app_id", "subject")
        .agg(
            pl.col(FIGURES).exclude("active_seconds", "idle_seconds").sum(),
            pl.col("app_active_seconds").sum().alias("active_seconds"),
            pl.col("app_idle_seconds").sum().alias("idle_seconds"),
        )
        .sort("local_on", "app_id", "subject")
    )


def nest_subjects(facts: pl.DataFrame) -> dict[date, dict[str, SubjectFacts]]:
    """Day, then subject."""
    nested: dict[date, dict[str, SubjectFacts]] = {}
    for row in by_subject(facts).iter_rows(named=True):
        day = nested.setdefault(row["local_on"], {})
        day[row["subject"]] = SubjectFacts(
            apps=row["apps"], restated_at=row["restated_at"], **Metrics.figures(row)
        )
    return nested


def nest_apps(facts: pl.DataFrame) -> dict[date, dict[str, dict[str, Metrics]]]:
    """Day, then app, then subject."""
    nested: dict[date, dict[str, dict[str, Any]]] = {}
    for row in by_app(facts).iter_rows(named=True):
        app = nested.setdefault(row["local_on"], {}).setdefault(row["app_id"], {})
        app[row["subject"]] = Metrics(**Metrics.figures(row))
    return nested

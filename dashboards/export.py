"""Tables on pages and the CSV that equals them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st


def table(
    frame: pl.DataFrame, *, name: str, columns: Mapping[str, Any] | None = None, alt: str = ""
) -> None:
    """A table under its chart, with a button for the same rows and columns as CSV."""
    st.dataframe(
        frame, hide_index=True, column_config=dict(columns or {}), alt=alt or None, placeholder="–"
    )
    csv_button(frame, name=name)


def folded(frame: pl.DataFrame, *, name: str, columns: Mapping[str, Any]) -> None:
    """A chart's rows as a table that opens on demand."""
    with st.expander("As a table", icon=":material/table_rows:"):
        table(frame, name=name, columns=columns)


def csv_button(frame: pl.DataFrame, *, name: str) -> None:
    """Download what the screen shows, as CSV."""
    st.download_button(
        "CSV",
        csv_bytes(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"csv_{name}",
        on_click="ignore",
    )


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as CSV; an apostrophe disarms text that a spreadsheet would run as a formula."""
    words = [name for name, kind in frame.schema.items() if kind == pl.String]
    disarmed = [
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in words
    ]
    return frame.with_columns(disarmed).write_csv().encode()


def file_name(page: str, *parts: str | date | None) -> str:
    """A telling name for a CSV: the page, the filters that are set, the day."""
    words = [page, *(str(part) for part in parts if part)]
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")

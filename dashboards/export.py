"""Tables on pages and the CSV that equals them."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st


def table(
    frame: pl.DataFrame, *, name: str, columns: Mapping[str, Any] | None = None, alt: str = ""
) -> None:
    """A table under its chart, with a button for the same rows and columns as CSV."""
    st.dataframe(frame, hide_index=True, column_config=dict(columns or {}), alt=alt or None)
    csv_button(frame, name=name)


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
    guarded = frame.with_columns(
        pl.when(pl.col(pl.String).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(pl.String)))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )
    return guarded.write_csv().encode()

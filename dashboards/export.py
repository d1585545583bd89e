"""Tables on pages and the CSV that equals them, as spreadsheets open it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboards.layout import PAGE

MOST_IN_A_NAME = 120  # characters


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
        file_name=named_after_page(name),
        mime="text/csv",
        icon=":material/download:",
        key=f"csv_{name}",
        on_click="ignore",
    )


def named_after_page(name: str) -> str:
    """The file's name from the open page, what the table holds, the page's filters and its day."""
    title, day = st.session_state.get(PAGE, ("", None))
    return page_file(title, name, st.query_params.to_dict().values(), day)


def page_file(title: str, name: str, filters: Iterable[str], day: date | None) -> str:
    """`<page>-<table>-<filter values>-<day>.csv`, each word once; filters are ids, never names."""
    parts: list[str] = []
    for text in (title, name, *filters, day.isoformat() if day else ""):
        part = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        said = "-".join(parts)
        if part and f"-{part}-" not in f"-{said}-":
            parts = [part] if said and part.startswith(f"{said}-") else [*parts, part]
    return f"{'-'.join(parts)[:MOST_IN_A_NAME]}.csv"


def file_name(*parts: object) -> str:
    """A telling name without ending: what the page is, what was chosen, the day."""
    words = (re.sub(r"[^a-z0-9]+", "-", str(part).lower()).strip("-") for part in parts if part)
    return "-".join(word for word in words if word)


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as CSV for spreadsheets, which tell UTF-8 by its byte-order mark alone.

    An apostrophe disarms text that they would run as a formula.
    """
    words = [name for name, kind in frame.schema.items() if kind == pl.String]
    disarmed = [
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in words
    ]
    return frame.with_columns(disarmed).write_csv(include_bom=True).encode()

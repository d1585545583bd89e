"""A partner's CSV of what it sent: event ids, or counts by day. Read, compared, and forgotten."""

from typing import Annotated, Literal, NamedTuple

import polars as pl
from fastapi import Depends, Request

from core.errors import Fault, MalformedError, MediaTypeError, TooLargeError, UnacceptableError

MOST_BYTES = 5_000_000
MOST_ROWS = 200_000
MOST_COUNT = 1_000_000_000
TYPES = {"text/csv", "text/plain", "application/csv", "application/vnd.ms-excel"}
ID_HEADERS = ("event_id", "eventid", "id")
COLUMNS_NEEDED = "Head the columns `event_id`, or `date,count`, or `date,event_type,count`."


class Sheet(NamedTuple):
    """What was sent: `event_id`, or `received_on`, `event_type` (null: all types), `sent_count`."""

    kind: Literal["event_ids", "daily_counts"]
    rows: pl.DataFrame


async def read_upload(request: Request) -> bytes:
    """The CSV as sent; 415 for another type, 413 beyond 5 MB."""
    media_type = request.headers.get("content-type", "text/csv").partition(";")[0].strip().lower()
    if media_type not in TYPES:
        raise MediaTypeError("Send the file as text/csv.", headers={"Accept-Post": "text/csv"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLargeError(f"The file has more than {MOST_BYTES} bytes; send fewer days.")
    return bytes(body)


Upload = Annotated[bytes, Depends(read_upload)]


def parse(body: bytes) -> Sheet:
    """The sheet; 400 naming the line that cannot be read, 422 if there is nothing in it."""
    frame = _frame(body)
    id_column = next((name for name in ID_HEADERS if name in frame.columns), None)
    if id_column is not None:
        ids = pl.col(id_column).str.strip_chars().str.strip_prefix("urn:uuid:").alias("event_id")
        rows = frame.select(ids).filter(pl.col("event_id").str.len_chars() > 0).unique()
        sheet = Sheet("event_ids", rows.sort("event_id"))
    elif {"date", "count"} <= set(frame.columns):
        sheet = Sheet("daily_counts", _daily_counts(frame))
    else:
        raise MalformedError(COLUMNS_NEEDED, code="unknown_columns")
    if sheet.rows.is_empty():
        raise UnacceptableError("The file has no rows.", code="empty_file")
    return sheet


def _frame(body: bytes) -> pl.DataFrame:
    """All columns as text, headed in lower case; commas or semicolons set them apart."""
    first = body.partition(b"\n")[0]
    separator = ";" if b";" in first and b"," not in first else ","
    try:
        frame = pl.read_csv(
            body,
            infer_schema=False,
            separator=separator,
            n_rows=MOST_ROWS + 1,
            empty_string_is_null=False,
        )
    except pl.exceptions.NoDataError as error:
        raise UnacceptableError("The file has no rows.", code="empty_file") from error
    except (pl.exceptions.PolarsError, UnicodeDecodeError, ValueError) as error:
        raise MalformedError("The file is not CSV in UTF-8.", code="unreadable_csv") from error
    if len(frame) > MOST_ROWS:
        raise UnacceptableError(
            f"The file has more than {MOST_ROWS} rows; send fewer days.", code="too_many_rows"
        )
    names = {name: name.strip().strip("\ufeff").lower().replace(" ", "_") for name in frame.columns}
    if len(set(names.values())) < len(names):
        raise MalformedError("Two columns have the same name.", code="unknown_columns")
    return frame.rename(names)


def _daily_counts(frame: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("date").str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    count = pl.col("count").str.strip_chars().cast(pl.Int64, strict=False)
    kind = pl.col("event_type").str.strip_chars() if "event_type" in frame.columns else pl.lit("")
    rows = frame.select(
        day.alias("received_on"),
        pl.when(kind.str.len_chars() > 0).then(kind).alias("event_type"),
        count.alias("sent_count"),
    )
    sound = pl.col("received_on").is_not_null() & pl.col("sent_count").is_between(0, MOST_COUNT)
    wrong = rows.with_row_index("line", offset=2).filter(sound.fill_null(False).not_())
    if not wrong.is_empty():
        line = wrong["line"][0]
        message = "The date must be like 2026-01-15 and the count a whole number from 0."
        fault = Fault(f"line {line}", message)
        raise MalformedError(f"Line {line}: {message}", code="unreadable_row", faults=(fault,))
    return (
        rows.group_by("received_on", "event_type")
        .agg(pl.col("sent_count").sum())
        .sort("received_on", "event_type", nulls_last=True)
    )

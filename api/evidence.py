"""No data, too little to judge by, and enough: told apart by one vocabulary.

A figure that nothing stands behind is null (a count or a sum is 0) and its status `no_data`; one
that fewer answers stand behind than a judgement needs is there, with `not_enough_data`; a zero
with `ok` is a zero that was measured.
"""

from typing import Annotated, Literal

from pydantic import Field

DataStatus = Annotated[
    Literal["no_data", "not_enough_data", "ok"],
    Field(
        description="`no_data`: nothing was measured, so the figure is null (a sum 0);"
        " `not_enough_data`: measured, on less than a judgement needs; `ok`: a zero is a zero.",
        examples=["ok"],
    ),
]

EvidenceUnit = Annotated[
    Literal["school_days", "answers", "minutes", "ledger_entries"],
    Field(description="What `evidenceCount` counts.", examples=["answers"]),
]

ACCURACY_ITEMS = 20  # scored answers; dbt var off_track_accuracy_items
MASTERY_ITEMS = 5  # scored items; dbt var mastered_item_count
STATISTICS_ANSWERS = 20  # answers to one question, before its statistics say something


def data_status(count: float, enough: float = 0) -> DataStatus:
    """The status of a figure that stands on `count` observations (or seconds)."""
    if count <= 0:
        return "no_data"
    return "ok" if count >= enough else "not_enough_data"

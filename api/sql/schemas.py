"""A query of an analyst on the wire, its rows, and the tables that there are."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.formats import Answer, WireModel

MOST_ROWS = 10_000
MOST_CHARACTERS = 100_000


class SqlQuestion(BaseModel):
    """A query of the marts of one published build."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sql: str = Field(
        description="One SELECT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN, in DuckDB's SQL.",
        examples=["select subject, sum(xp) as xp from fct_xp_ledger group by all"],
        min_length=1,
        max_length=MOST_CHARACTERS,
    )
    build: str | None = Field(
        None,
        description="Read this published build; the newest if absent.",
        examples=["b0f3a1c2d4e5"],
    )
    limit: int = Field(MOST_ROWS, description="Most rows.", examples=[100], ge=1, le=MOST_ROWS)
    with_names: bool = Field(
        False,
        alias="withNames",
        description="Also names, e-mails, comments and the schema `raw`; needs the grant `names`.",
        examples=[False],
    )


class SqlColumn(WireModel):
    """A column of an answer."""

    name: str = Field(description="Its name.", examples=["subject"])
    type: str = Field(description="Its type (Arrow's).", examples=["string"])


class SqlAnswer(Answer):
    """The rows of a query."""

    columns: list[SqlColumn] = Field(description="The columns, in order.")
    rows: list[dict[str, Any]] = Field(
        description="The rows, each by column.", examples=[[{"subject": "Reading", "xp": 12.0}]]
    )
    row_count: int = Field(description="How many rows there are here.", examples=[1])
    is_cut: bool = Field(
        description="Whether the query has more rows than `limit`.", examples=[False]
    )
    seconds: float = Field(description="How long it took, in seconds.", examples=[0.21])


class TableColumn(WireModel):
    """A column of a table."""

    name: str = Field(description="Its name.", examples=["active_seconds"])
    type: str = Field(description="Its type (DuckDB's).", examples=["double"])
    description: str = Field(
        description="What it holds.", examples=["Active seconds, each gap cut at 10 minutes."]
    )
    is_personal: bool = Field(
        description="Whether it shows only to those who may read names.", examples=[False]
    )


class SqlTable(WireModel):
    """A table that queries may name."""

    name: str = Field(description="Its name.", examples=["dim_students"])
    description: str = Field(description="What a row of it is.", examples=["One row per student."])
    columns: list[TableColumn] = Field(description="Its columns, in order.")


class SqlTables(Answer):
    """The tables of a build."""

    may_read_names: bool = Field(
        description="Whether the caller may ask `withNames`.", examples=[False]
    )
    tables: list[SqlTable] = Field(description="The tables, by name.")

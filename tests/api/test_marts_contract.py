"""The tables that these tests write by hand are the ones that dbt promises."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml

MARTS = Path(__file__).parent / "marts.sql"
MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
TABLES = re.findall(r"create table (\w+)", MARTS.read_text())


def described() -> dict[str, dict[str, str]]:
    """Column types of every table of `marts.sql`, as DuckDB names them."""
    with duckdb.connect() as connection:
        connection.execute(MARTS.read_text())
        return {
            table: dict(
                connection.execute(
                    "select column_name, data_type from duckdb_columns() where table_name = ?",
                    [table],
                ).fetchall()
            )
            for table in TABLES
        }


def promised(table: str) -> dict[str, str]:
    """Column types of a model's contract, as DuckDB names them."""
    for path in MODELS.rglob("*.yml"):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            if model["name"] == table:
                assert model["config"]["contract"]["enforced"] is True
                columns = {column["name"]: column["data_type"] for column in model["columns"]}
                with duckdb.connect() as connection:
                    return {name: _canonical(connection, kind) for name, kind in columns.items()}
    raise AssertionError(f"no model {table}")


def _canonical(connection: duckdb.DuckDBPyConnection, kind: str) -> str:
    row = connection.execute(f"select typeof(null::{kind})").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_of_its_dbt_contract(table: str) -> None:
    assert described()[table] == promised(table)

"""Where the dbt project lies: beside the packages, in the repository and in an install."""

from pathlib import Path

PROJECT = Path(__file__).parents[2] / "dbt_project"

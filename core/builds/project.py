"""Where the dbt project lies, and which version of it this is."""

import hashlib
from pathlib import Path

import duckdb

PROJECT = Path(__file__).parents[2] / "dbt_project"


def hash_project(project: Path) -> str:
    """A digest of everything that can change a figure: the dbt project, and DuckDB itself."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.suffix in {".sql", ".yml", ".csv"} and relative.parts[0] not in {"target", "logs"}:
            digest.update(str(relative).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()

"""The README and the pages name files that are there, and the README stays short."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = [
    path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
]
FOLDERS = ("api/", "core/", "dashboards/", "dbt_project/", "docs/", "ingest/", "tests/")
QUOTED = re.compile(r"`([\w./]+)`")
LINKED = re.compile(r"\]\((?!https?:)([^)]+)\)")
MODELS = {path.name for path in (ROOT / "dbt_project").rglob("*.sql")}


def named(paper: Path) -> set[Path]:
    """The files and folders that a paper names, by their paths or links."""
    text = paper.read_text()
    quoted = {ROOT / path for path in QUOTED.findall(text) if path.startswith(FOLDERS)}
    return quoted | {paper.parent / path for path in LINKED.findall(text)}


@pytest.mark.parametrize("name", PAPERS)
def test_every_file_that_a_paper_names_is_there(name: str) -> None:
    missing = {str(path) for path in named(ROOT / name) if not path.exists()}
    assert not missing


@pytest.mark.parametrize("name", PAPERS)
def test_every_model_that_a_paper_names_is_there(name: str) -> None:
    models = re.findall(r"`(\w+\.sql)`", (ROOT / name).read_text())
    assert set(models) <= MODELS


def test_the_readme_is_read_in_minutes() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150

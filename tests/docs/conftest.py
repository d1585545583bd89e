"""A small install for analysts: 5th graders at work this month, and the page's new mart."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from core.builds.build import Builder
from core.builds.project import PROJECT
from core.builds.registry import Build, latest
from core.cli.main import app
from core.settings import Settings
from tests.conftest import make_settings
from tests.docs.page import snippets
from tests.warehouse import trap_school as trap
from tests.warehouse.conftest import Warehouse

NOW = datetime.now(UTC)
MONTH = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
START = max(MONTH, NOW - timedelta(hours=3))
COMMENT = "Ann cried"


@dataclass(frozen=True)
class Install:
    """A built install: its settings, the project that it was built from, and the build."""

    settings: Settings
    url: str
    project: Path
    build: Build


def pupil(user_id: str, grade: str) -> trap.Row:
    """A student with everything that is personal."""
    plain = trap.user(user_id)
    about = {
        "grades": [grade],
        "familyName": "Lovelace",
        "email": f"{user_id}@maple.example",
    }
    return {**plain, "payload": {**plain["payload"], **about}}


def answers(student_id: str, lesson_id: str, right: list[bool]) -> list[trap.Row]:
    """A question of one attempt answered each minute."""
    return [
        trap.item(
            f"{student_id}-{lesson_id}-{number}",
            START + trap.minutes(number),
            "Completed",
            student_ref=student_id,
            lesson_ref=lesson_id,
            object_ref=f"q{number}",
            attempt_part_ref=f"{student_id}-{lesson_id}",
            is_correct=is_right,
        )
        for number, is_right in enumerate(right)
    ]


ROSTER: list[trap.Row] = [
    trap.record("org", "school", {"name": "School", "metadata": {"timezone": "UTC"}}),
    pupil("ann", "05"),
    pupil("ben", "5"),
    pupil("cara", "06"),
    *trap.course("reading"),
    *(trap.enrollment(student_id, "reading") for student_id in ("ann", "ben", "cara")),
]
EVENTS: list[trap.Row] = [
    *answers("ann", "reading-1", [True] * 5),  # mastered; 6 minutes to the award, and a tail of one
    *answers("ben", "reading-1", [False, False]),  # 1 minute and the tail: not mastered
    *answers("cara", "reading-1", [True] * 5),  # a 6th grader
    *(
        trap.view(f"v{number}", START + trap.minutes(60 + number * 2), lesson_ref="reading-2")
        for number in range(2)
    ),  # Ann's 2 minutes and the tail, in a lesson that nobody mastered
    trap.xp(
        "graded",
        START + trap.minutes(5),
        7,
        "ann-reading-1",
        score_type=None,
        max_score=10.0,
        payload='{"generated": {"comment": "' + COMMENT + '"}}',
    ),
    trap.xp("award", START + trap.minutes(6), 12, "ann-reading-1"),
]


@pytest.fixture(scope="session")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Install:
    """The install, built once from a copy of the project with the page's new mart in it."""
    root = tmp_path_factory.mktemp("analysts")
    shutil.copytree(PROJECT, root / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    for snippet in snippets("analysts"):
        if snippet.path is not None:
            (root / snippet.path).write_text(snippet.code)
    settings = make_settings(server_url, root / "data")
    warehouse = Warehouse(settings)
    warehouse.load(EVENTS, ROSTER)
    warehouse.close()
    with Builder(settings, project=root / "dbt_project").open() as builder:
        builder.build(as_of=NOW)
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as connection:
        build = latest(connection)
    assert build is not None
    return Install(settings, settings.database_url, root / "dbt_project", build)


@pytest.fixture
def environment(install: Install, monkeypatch: pytest.MonkeyPatch) -> Install:
    """The install is the one that `timeback` finds."""
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(install.settings.data_dir))
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", install.url)
    return install


Command = Callable[..., Result]


@pytest.fixture
def timeback(environment: Install) -> Command:
    """The `timeback` command on the install."""
    assert environment.build

    def run(*arguments: str, exit_code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=stdin, catch_exceptions=False)
        assert result.exit_code == exit_code, result.output
        return result

    return run

"""`timeback alerts` as an operator runs it."""

from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from core.cli.main import app
from core.settings import Settings


@pytest.fixture
def _of_the_install(install: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert install.database_url is not None
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", install.database_url)
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(install.data_dir))
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(app, ["alerts", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("_of_the_install")
def test_a_day_is_sent_by_hand_once(database: psycopg.Connection[Any]) -> None:
    first, again = run("send", "--on", "2026-11-20"), run("send", "--on", "2026-11-20")
    assert first.exit_code == 0
    assert "gwen@school.test" in first.output
    assert "held" in first.output
    assert "Nothing is due" in again.output
    row = database.execute("select count(*) from alerting.outbox").fetchone()
    assert row == (2,)


@pytest.mark.usefixtures("_of_the_install")
def test_an_address_that_nobody_has_cannot_be_muted(database: psycopg.Connection[Any]) -> None:
    refused = run("mute", "nobody@school.test")
    assert refused.exit_code == 1
    assert run("mute", "gwen@school.test").exit_code == 0
    row = database.execute(
        "select action from identity.audit_log order by audit_id desc limit 1"
    ).fetchone()
    assert row == ("alert.mute",)

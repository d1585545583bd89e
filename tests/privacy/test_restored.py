"""A database from a backup brings nobody back: it does not start until it has erased again."""

from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from core import context, lake
from core.cli.main import app
from core.errors import ConflictError
from core.privacy import erasures, ledger, reapplying
from core.registry import records
from core.settings import Settings

Connection = psycopg.Connection[Any]


@pytest.fixture
def restored(settings: Settings, database: Connection) -> Connection:
    """A database without the erasures of `ann` and `bea`, which the ledger holds."""
    database.autocommit = True
    for student in ("ann", "bea"):
        asked = erasures.ask(database, student)
        ledger.append(settings, ledger.entry_of(database, asked))
        ledger.append(settings, ledger.entry_of(database, asked))  # written once
    database.execute("delete from privacy.erasures")
    return database


@pytest.mark.usefixtures("restored")
def test_it_does_not_start_and_says_what_to_do(settings: Settings) -> None:
    assert len(ledger.read(ledger.path_of(settings))) == 2
    with pytest.raises(ledger.ErasuresMissingError, match="2 erasure"):
        context.prepare(settings)
    assert "ann" not in ledger.path_of(settings).read_text()


def test_whoever_is_in_roster_or_lake_again_is_erased_before_it_starts(
    settings: Settings, restored: Connection
) -> None:
    records.put(restored, "user", "ann", {"givenName": "Ann", "familyName": "Test"})
    url = str(settings.database_url)
    entries = ledger.read(ledger.path_of(settings))
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, url)
        assert reapplying.take_over(restored, duck, ledger.lacking(restored, entries)) == 1
        waiting = erasures.next_unfinished(restored)
        assert waiting is not None
        assert (waiting.student_id, waiting.status) == ("ann", "requested")
        with pytest.raises(ledger.ErasuresMissingError, match="1 erasure"):
            context.prepare(settings)
        erasures.finish(restored, waiting)
        assert context.prepare(settings) == url


def test_an_id_that_only_an_event_names_is_met_in_every_form(
    settings: Settings, restored: Connection
) -> None:
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, str(settings.database_url))
        duck.execute(
            "insert into lake.raw.events by name select 1 as load_id, 1 as journal_seq,"
            " 0 as event_index, date '2026-03-03' as day,"
            " 'https://id.example/users/bea' as student_ref, '{}' as payload"
        )
        entries = ledger.read(ledger.path_of(settings))
        assert reapplying.take_over(restored, duck, entries) == 1
    waiting = erasures.next_unfinished(restored)
    assert waiting is not None
    assert waiting.student_id == "bea"


def test_the_command_lets_an_install_start_that_has_no_data_of_them(
    settings: Settings, restored: Connection
) -> None:
    environment = {
        "TIMEBACK_DATA_DIR": str(settings.data_dir),
        "TIMEBACK_DATABASE_URL": str(settings.database_url),
    }
    file = str(ledger.path_of(settings))
    result = CliRunner(env=environment).invoke(app, ["student", "erasures", "apply", file])
    assert "2 were lacking, 0 had data" in result.output
    assert context.prepare(settings) == settings.database_url
    with pytest.raises(ConflictError):
        records.put(restored, "user", "bea", {"givenName": "Bea"})


def test_hashes_of_another_install_name_nobody(settings: Settings, restored: Connection) -> None:
    entries = ledger.read(ledger.path_of(settings))
    restored.execute("update privacy.state set hash_key = 'another'")
    with pytest.raises(ConflictError, match="another install"):
        reapplying.require_same_key(restored, entries)

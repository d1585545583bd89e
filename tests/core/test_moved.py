"""A lake opens where its files lie now, and is taken away from nobody."""

import shutil
from pathlib import Path

import psycopg
import pytest

from core import context, lake
from core.moved import LakeElsewhereError
from core.settings import Settings
from tests.conftest import make_settings

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def kept(settings: Settings) -> Settings:
    """An install whose lake holds one event."""
    add_event(settings, "e1")
    return settings


def add_event(settings: Settings, event_id: str) -> None:
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, str(settings.database_url))
        duck.execute(
            "insert into lake.raw.events by name select 1 as load_id, 1 as journal_seq,"
            " 0 as event_index, date '2026-03-03' as day, $1 as event_id, '{}' as payload",
            [event_id],
        )


def events_of(settings: Settings) -> list[str]:
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, str(settings.database_url), read_only=True)
        rows = duck.execute("select event_id from lake.raw.events order by all").fetchall()
    return [event_id for (event_id,) in rows]


def at(settings: Settings, folder: Path, data_path: str | None = None) -> Settings:
    """The install as it is started with that data directory."""
    return Settings(data_dir=folder, database_url=settings.database_url, data_path=data_path)


def test_a_moved_data_directory_is_read_and_written_where_it_is(
    kept: Settings, tmp_path: Path
) -> None:
    here = at(kept, kept.root.rename(tmp_path / "elsewhere"))
    context.prepare(here)
    add_event(here, "e2")
    assert events_of(here) == ["e1", "e2"]
    assert not kept.root.exists()


def test_a_folder_of_the_lake_that_was_moved_is_followed_when_it_is_named(
    kept: Settings, tmp_path: Path
) -> None:
    Path(kept.lake_path).rename(tmp_path / "disk")
    here = at(kept, kept.root, data_path=str(tmp_path / "disk"))
    context.prepare(here)
    assert events_of(here) == ["e1"]


def test_forgetting_where_the_lake_lies_does_not_begin_another(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMEBACK_DATA_PATH", str(tmp_path / "disk"))
    kept = make_settings(server_url, tmp_path / "data")
    add_event(kept, "e1")
    monkeypatch.delenv("TIMEBACK_DATA_PATH")
    with pytest.raises(LakeElsewhereError, match=f"Set TIMEBACK_DATA_PATH={tmp_path}/disk/"):
        context.prepare(at(kept, kept.root))
    assert events_of(kept) == ["e1"]


def test_a_lake_of_which_files_are_missing_is_not_opened(kept: Settings, tmp_path: Path) -> None:
    add_event(kept, "e2")
    here = at(kept, kept.root.rename(tmp_path / "elsewhere"))
    lost = next((here.root / "lake").rglob("*.parquet"))
    lost.rename(tmp_path / lost.name)
    with pytest.raises(LakeElsewhereError, match="there are 1 of 2"):
        context.prepare(here)
    (tmp_path / lost.name).rename(lost)
    context.prepare(here)
    assert events_of(here) == ["e1", "e2"]


def test_a_copy_does_not_take_the_lake_away_from_the_original(
    kept: Settings, tmp_path: Path
) -> None:
    shutil.copytree(kept.root, tmp_path / "copy")
    with pytest.raises(LakeElsewhereError, match="One is a copy"):
        context.prepare(at(kept, tmp_path / "copy"))
    context.prepare(kept)
    assert events_of(kept) == ["e1"]


@pytest.mark.parametrize(
    ("named", "known"), [("s3://bucket/lake", None), (None, "s3://bucket/lake/")]
)
def test_an_object_store_is_the_operators_word(
    kept: Settings, database: Connection, named: str | None, known: str | None
) -> None:
    if known is not None:
        database.execute(
            "update ducklake.ducklake_metadata set value = %s where key = 'data_path'", [known]
        )
        database.commit()
    with pytest.raises(LakeElsewhereError, match=f"Set TIMEBACK_DATA_PATH={known or kept.root}"):
        context.prepare(at(kept, kept.root, data_path=named))

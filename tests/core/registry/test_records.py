"""Records and their versions: one version for each real change, never one without the other."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from core.errors import ConflictError
from core.registry import records
from core.registry.types import agent_id
from core.settings import Settings

Connection = psycopg.Connection[Any]


def versions(connection: Connection, sourced_id: str) -> list[tuple[int, str]]:
    return connection.execute(
        "select version, payload ->> 'title' from journal.record_versions"
        " where sourced_id = %s order by version",
        [sourced_id],
    ).fetchall()


def test_each_change_is_one_version(database: Connection) -> None:
    for title in ("A", "A", "B", "A"):
        records.put(database, "course", "c", {"title": title})
    assert versions(database, "c") == [(1, "A"), (2, "B"), (3, "A")]


def test_true_and_one_differ_but_one_and_one_point_zero_do_not(database: Connection) -> None:
    for value in (1, 1.0, True):
        records.put(database, "course", "c", {"title": "A", "metadata": {"value": value}})
    assert len(versions(database, "c")) == 2


def test_a_record_and_its_version_are_rolled_back_together(database: Connection) -> None:
    with database.transaction() as transaction:
        records.put(database, "course", "c", {"title": "A"})
        raise psycopg.Rollback(transaction)
    assert records.get(database, "course", "c") is None
    assert versions(database, "c") == []


def test_the_owner_is_fixed_and_alpha_may_write_over_it(database: Connection) -> None:
    records.put(database, "course", "c", {"title": "A"}, owner_client_id="p", is_sandbox=True)
    with pytest.raises(ConflictError):
        records.put(database, "course", "c", {"title": "B"}, owner_client_id="q")
    written = records.put(database, "course", "c", {"title": "C"}).record
    assert (written.owner_client_id, written.is_sandbox, written.version) == ("p", True, 2)


def test_a_record_of_alphas_is_no_clients(database: Connection) -> None:
    records.put(database, "user", "u", {"givenName": "Ada"})
    with pytest.raises(ConflictError):
        records.put(database, "user", "u", {"givenName": "Eve"}, owner_client_id="p")


def test_writers_at_once_leave_a_history_without_gaps(settings: Settings) -> None:
    assert settings.database_url is not None
    url = settings.database_url

    def write(title: int) -> None:
        with psycopg.connect(url) as connection:
            records.put(connection, "course", "c", {"title": str(title)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    with psycopg.connect(url) as connection:
        history = versions(connection, "c")
        current = records.get(connection, "course", "c")
    assert [version for version, _ in history] == list(range(1, 25))
    assert current is not None
    assert history[-1][1] == current.payload["title"]


def test_no_two_links_share_an_id() -> None:
    pairs = [("a:b", "c"), ("a", "b:c"), ("a%3Ab", "c"), ("a", "c")]
    assert len({agent_id(student, agent) for student, agent in pairs}) == len(pairs)
    assert agent_id("ada", "mum") == "ada:mum"

"""Upkeep forgets what the settings keep no longer, and nothing that is younger."""

from typing import Any

import psycopg
import pytest

from core import lake
from core.builds import maintenance
from core.privacy import postgres_traces
from core.settings import Settings

Connection = psycopg.Connection[Any]
AGES = (1, 50, 1000)  # days


@pytest.fixture
def shown(settings: Settings, database: Connection) -> dict[str, list[Any]]:
    """What is left after upkeep of rows of three ages, kept 900, 30 and 40 days."""
    database.autocommit = True
    database.execute("create table identity.visits (visit integer, expires_at timestamptz)")
    with lake.open_duckdb(settings) as duck:
        lake.attach(duck, settings, str(settings.database_url))
        for age in AGES:
            for action in ("xp.entries", "sign_in"):
                database.execute(
                    "insert into identity.audit_log (occurred_at, actor_kind, actor_id, action,"
                    " details) values (now() - make_interval(days => %s), 'person', 'p', %s, '{}')",
                    [age, action],
                )
            database.execute(
                "insert into identity.visits"
                " values (%(age)s, now() - make_interval(days => %(age)s))",
                {"age": age},
            )
            duck.execute(
                "insert into lake.raw.rejections by name select 1 as load_id, $age as journal_seq,"
                " 'missing_id' as reason, '{}' as payload, now() - to_days($age) as received_at",
                {"age": age},
            )
        kept = settings.model_copy(
            update={
                "retention_audit_days": 900,
                "retention_sign_in_days": 30,
                "retention_rejected_payload_days": 40,
            }
        )
        maintenance.maintain(kept, database, duck)
        refused = duck.execute(
            "select journal_seq, reason, payload from lake.raw.rejections order by 1"
        ).fetchall()
    entries = database.execute(
        "select action, now()::date - occurred_at::date from identity.audit_log order by audit_id"
    ).fetchall()
    visits = database.execute("select visit from identity.visits").fetchall()
    return {"entries": entries, "visits": visits, "refused": refused}


def test_each_record_is_kept_for_its_days(shown: dict[str, list[Any]]) -> None:
    assert shown["entries"] == [("xp.entries", 1), ("sign_in", 1), ("xp.entries", 50)]
    assert shown["visits"] == [(1,)]
    # That an event was refused, and why, is kept: what it said is not.
    assert shown["refused"] == [
        (1, "missing_id", "{}"),
        (50, "missing_id", None),
        (1000, "missing_id", None),
    ]


def test_the_log_of_a_server_of_ones_own_is_left_alone(
    settings: Settings, database: Connection
) -> None:
    database.autocommit = True
    assert not postgres_traces.is_embedded(settings, database)
    database.execute("update privacy.state set has_traces = true")
    postgres_traces.scrub_if_needed(settings, database)
    row = database.execute("select has_traces from privacy.state").fetchone()
    assert row == (False,)
    assert database.execute("show wal_recycle").fetchone() == ("on",)

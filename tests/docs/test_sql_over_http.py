"""`/sql/1.0`: who may ask, what comes back, and that no query takes the API with it."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import polars as pl
import psycopg
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from core.analysis.workers import Workers
from core.cli.main import app as commands
from core.context import open_context
from core.identity.clients import create_client, find_client
from core.identity.people import create_person
from core.identity.tokens import issue_to_client, issue_to_person
from tests.docs.conftest import Install

pytestmark = pytest.mark.timeout(600)  # the first test waits for a build
XP = "select subject, sum(xp) as xp, max(earned_on) as day from fct_xp_ledger group by all"
FOREVER = "select count(*) from range(1000000) a, range(1000000) b where a <> b"
ROLES: dict[str, dict[str, Any]] = {
    "analyst": {"is_analyst": True},
    "named": {"is_analyst": True},
    "root": {"is_platform_admin": True},
    "nobody": {},
}
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def ask(install: Install) -> Iterator[Ask]:
    """Ask a query as someone."""
    with open_context(install.settings) as context:
        app = create_app(install.settings, context=context)
        app.state.context = context
        app.state.sql_workers = Workers()
        tokens = {}
        sent: dict[str, Any] = {"issuer": install.settings.origin, "seconds": 600}
        with psycopg.connect(install.url) as connection:
            for name, rights in ROLES.items():
                email = f"{name}@sql.example"
                person = create_person(connection, email, "a long enough password", **rights)
                tokens[name] = issue_to_person(context.keyring, person, **sent).access_token
            new = create_client(connection, "Alpha", mode="admin").client.client_id
            client = find_client(connection, new)
            assert client is not None
            issued = issue_to_client(context.keyring, client, ["events.readonly"], **sent)
            tokens["client"] = issued.access_token
        with TestClient(app) as http:

            def asked(sql: str, who: str = "analyst", accept: str = "*/*", **body: Any) -> Any:
                headers = {"Authorization": f"Bearer {tokens[who]}", "Accept": accept}
                if sql == "tables":
                    return http.get("/sql/1.0/tables", headers=headers)
                return http.post("/sql/1.0/query", json={"sql": sql, **body}, headers=headers)

            yield asked
        app.state.sql_workers.close()


@pytest.mark.parametrize(("who", "status"), [("root", 200), ("nobody", 403), ("client", 403)])
def test_sql_is_for_analysts_and_platform_admins(ask: Ask, who: str, status: int) -> None:
    assert ask("select 1 as one", who).status_code == status
    assert ask("tables", who).status_code == status


def test_the_same_rows_in_json_csv_and_arrow(ask: Ask, install: Install) -> None:
    answer = ask(XP)
    body = answer.json()
    assert body["rows"][0]["subject"] == "Reading"
    assert body["rows"][0]["xp"] == 12
    assert [column["name"] for column in body["columns"]] == ["subject", "xp", "day"]
    assert (body["rowCount"], body["isCut"]) == (1, False)
    assert body["build_id"] == answer.headers["X-Build-Id"] == install.build.build_id
    assert answer.headers["Cache-Control"] == "private, no-store"
    csv = pl.read_csv(io.BytesIO(ask(XP, accept="text/csv").content))
    arrow = ask(XP, accept="application/vnd.apache.arrow.stream")
    frame = pl.read_ipc_stream(io.BytesIO(arrow.content))
    assert csv["xp"].to_list() == frame["xp"].cast(pl.Float64).to_list() == [12.0]
    assert csv["day"].to_list() == [str(day) for day in frame["day"]] == [body["rows"][0]["day"]]


def test_an_answer_is_cut_at_the_limit_and_says_so(ask: Ask) -> None:
    cut = ask("from range(20)", limit=3).json()
    assert (cut["rowCount"], cut["isCut"]) == (3, True)
    assert ask("from range(20000)").json()["rowCount"] == 10_000
    assert ask("from range(20)", limit=10_001).status_code == 400


def test_a_build_can_be_named(ask: Ask, install: Install) -> None:
    assert ask("select 1 as one", build=install.build.build_id).status_code == 200
    assert ask("select 1", build="nowhere").status_code == 404


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select nowhere from dim_students", "nowhere"),
        ("selec 1", "syntax error"),
        ("drop view dim_students", "read-only"),
        ("from raw.events", "raw"),
        ("from read_blob('/proc/self/environ')", "disabled"),
        ("select repeat('x', 100000000) as big from range(20)", "memory|larger"),
        (f"select {'not ' * 24_000}true", "process|depth|memory"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_wrong_with_a_query_is_told(ask: Ask, sql: str, told: str) -> None:
    refused = ask(sql)
    assert refused.status_code == 400, refused.text
    assert any(word in refused.json()["detail"] for word in told.split("|")), refused.json()


def test_names_need_the_grant_which_ends_with_its_revocation(
    ask: Ask, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(install.settings.data_dir))
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", install.url)

    def person(*command: str) -> int:
        return CliRunner().invoke(commands, ["person", *command]).exit_code

    sql = "select family_name from dim_students limit 1"
    assert ask(sql, "named", withNames=True).status_code == 403
    assert "given_name" not in ask("tables", "named").text
    assert person("grant", "named@sql.example", "names") == 0
    assert person("grant", "stranger@sql.example", "names") == 1
    assert ask(sql, "named", withNames=True).json()["rows"] == [{"family_name": "Lovelace"}]
    assert ask("select count(*) as n from raw.events", "named", withNames=True).json()["rows"][0]
    assert ask(sql, "named").status_code == 400  # not asked for, not shown
    assert ask(sql, "analyst", withNames=True).status_code == 403
    assert ask(sql, "root", withNames=True).status_code == 403  # nor to an admin by the role
    assert "given_name" in ask("tables", "named").text
    assert person("revoke", "named@sql.example", "names") == 0
    assert ask(sql, "named", withNames=True).status_code == 403
    with psycopg.connect(install.url) as connection:
        rows = connection.execute(
            "select action, details ->> 'grant' from identity.audit_log"
            " where action like 'person.%' order by audit_id"
        ).fetchall()
    assert rows == [("person.grant", "names"), ("person.revoke", "names")]


def test_a_query_is_noted_by_its_hash_before_it_runs(ask: Ask, install: Install) -> None:
    sql = "select 'ann' as student, 1 / 0 nonsense here"
    ask(sql)
    with psycopg.connect(install.url) as connection:
        row = connection.execute(
            "select actor_kind, details from identity.audit_log where action = 'sql.query'"
            " order by audit_id desc limit 1"
        ).fetchone()
    assert row is not None
    assert row[0] == "person"
    assert row[1] == {
        "build_id": install.build.build_id,
        "sql_sha256": hashlib.sha256(sql.encode()).hexdigest(),
        "sql_characters": len(sql),
        "with_names": False,
    }
    assert "ann" not in json.dumps(row[1])


def test_a_query_is_stopped_in_time_and_only_two_run_at_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.sql.queries.TIMEOUT_SECONDS", 2.0)
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(FOREVER))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [400, 400, 503]
    for answer in answers:
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
        else:
            assert answer.json()["detail"] == "Stopped after 2 s."


def test_every_table_says_what_it_holds(ask: Ask) -> None:
    tables = {table["name"]: table for table in ask("tables").json()["tables"]}
    assert {"dim_students", "fct_xp_ledger", "agg_student_day_lesson__activity"} <= tables.keys()
    for table in tables.values():
        assert table["description"]
        assert all(column["description"] and column["type"] for column in table["columns"])
        assert not any("{{" in column["description"] for column in table["columns"])
        assert not any(column["isPersonal"] for column in table["columns"])

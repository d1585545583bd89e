"""A client's life by command, and what its tokens and events are worth at each moment of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from core.cli.main import app as command
from core.cli.server import create_app
from core.identity.clients import create_client
from core.settings import Settings
from tests.conftest import make_settings
from tests.ingest.samples import grade_event

TOKEN = "/auth/1.0/token"
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def install(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(server_url, tmp_path_factory.mktemp("lifecycle") / "data")


@pytest.fixture(scope="module")
def http(install: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(install), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def timeback(
    install: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    monkeypatch.chdir(tmp_path_factory.mktemp("bundles"))
    monkeypatch.setenv("TIMEBACK_DATA_DIR", str(install.data_dir))
    monkeypatch.setenv("TIMEBACK_DATABASE_URL", str(install.database_url))

    def run(*arguments: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
        assert result.exit_code == exit_code, result.output
        return result

    return run


@pytest.fixture
def partner(install: Settings) -> dict[str, str]:
    with psycopg.connect(str(install.database_url)) as connection:
        new = create_client(connection, "Rocket")
    return {"client_id": new.client.client_id, "client_secret": new.client_secret}


def rows(install: Settings, query: str, *parameters: object) -> list[Row]:
    with psycopg.connect(str(install.database_url)) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def ask(http: TestClient, client_id: str, secret: str) -> Any:
    form = {"grant_type": "client_credentials"}
    return http.post(TOKEN, data=form, auth=(client_id, secret))


def bearer(http: TestClient, partner: dict[str, str]) -> dict[str, str]:
    token = ask(http, partner["client_id"], partner["client_secret"]).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def rotate(timeback: Any, partner: dict[str, str], *options: str) -> Any:
    return json.loads(
        timeback("partner", "rotate", partner["client_id"], "--json", *options).stdout
    )


def test_two_secrets_live_through_a_rotation_and_never_a_third(
    http: TestClient, timeback: Any, partner: dict[str, str], install: Settings
) -> None:
    client_id = partner["client_id"]
    first = partner["client_secret"]
    second = rotate(timeback, partner)["client_secret"]
    assert [ask(http, client_id, s).status_code for s in (first, second)] == [200, 200]
    third = rotate(timeback, partner)
    assert third["former_secret_ends"] > "2026"
    secrets = (first, second, third["client_secret"])
    assert [ask(http, client_id, s).status_code for s in secrets] == [401, 200, 200]
    with psycopg.connect(str(install.database_url)) as connection:
        connection.execute(
            "update identity.client_secrets set expires_at = now() where expires_at is not null"
        )
    assert [ask(http, client_id, s).status_code for s in secrets] == [401, 401, 200]


def test_a_lost_secret_ends_now(http: TestClient, timeback: Any, partner: dict[str, str]) -> None:
    fresh = rotate(timeback, partner, "--now")
    assert fresh["former_secret_ends"] == "now"
    lost = ask(http, partner["client_id"], partner["client_secret"])
    assert (lost.status_code, lost.json()["error"]) == (401, "invalid_client")
    assert ask(http, partner["client_id"], fresh["client_secret"]).status_code == 200


def test_after_a_revocation_nothing_is_read_written_or_taken(
    http: TestClient, timeback: Any, partner: dict[str, str], install: Settings
) -> None:
    headers = bearer(http, partner)
    event = grade_event(1)
    courses = "/rostering/1.0/courses"
    assert http.get(courses, headers=headers).status_code == 200
    assert http.post("/events/1.0/", json=event, headers=headers).status_code == 202
    timeback("partner", "revoke", partner["client_id"])
    # At once, although the busy route looked its standing up a moment ago.
    answers = [
        http.post("/events/1.0/", json=grade_event(2), headers=headers),
        http.get(courses, headers=headers),
        http.put(f"{courses}/late", json={"title": "Late"}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.json()["detail"] for answer in answers} == {"This client was revoked."}
    assert all("invalid_token" in answer.headers["www-authenticate"] for answer in answers)
    taken = rows(
        install, "select count(*) from journal.requests where client_id = %s", partner["client_id"]
    )
    assert taken == [(1,)]
    refused = ask(http, partner["client_id"], partner["client_secret"])
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    again = timeback("partner", "rotate", partner["client_id"], exit_code=1)
    assert "was revoked" in again.output


def test_a_promoted_client_keeps_its_catalog_and_loses_its_scaffolding(
    http: TestClient, timeback: Any, partner: dict[str, str], install: Settings
) -> None:
    headers = bearer(http, partner)
    prefix = partner["client_id"]
    user = f"/rostering/1.0/users/{prefix}-ada"
    body = {"givenName": "Ada", "familyName": "Test"}
    assert http.put(user, json=body, headers=headers).status_code == 201
    timeback("partner", "promote", prefix)
    refused = http.put(user, json=body, headers=headers)  # with the token that it has
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "urn:timeback:error:owned_by_alpha",
    )
    course = f"/rostering/1.0/courses/{prefix}"
    assert http.put(course, json={"title": "Math"}, headers=headers).status_code == 201
    stored = rows(
        install,
        "select record_type, is_sandbox, payload ->> 'mode' from registry.records"
        " where owner_client_id = %s and record_type in ('user', 'client') order by record_type",
        prefix,
    )
    assert stored[0][2] == "production"  # what the warehouse is told
    assert stored[1][:2] == ("user", True)  # stays out of every school's figures
    assert "only a testing client" in timeback("partner", "promote", prefix, exit_code=1).output


def test_a_token_carries_what_it_asks_for_once_the_client_is_set_so(
    http: TestClient, timeback: Any, partner: dict[str, str]
) -> None:
    scope = "https://purl.imsglobal.org/spec/caliper/v1p2/scope/events.write"
    form = {"grant_type": "client_credentials", "scope": scope}
    credentials = (partner["client_id"], partner["client_secret"])
    for mode, count in (("requested", 1), ("granted", 4)):
        timeback("partner", "scopes", partner["client_id"], mode)
        granted = http.post(TOKEN, data=form, auth=credentials).json()["scope"]
        assert len(granted.split()) == count


def test_each_act_leaves_a_row_without_a_secret(
    http: TestClient, timeback: Any, install: Settings
) -> None:
    partner = json.loads(timeback("partner", "create", "Rocket", "--json").stdout)
    client_id = partner["client_id"]
    bearer(http, partner)
    timeback("partner", "rotate", client_id)
    timeback("partner", "scopes", client_id, "requested")
    login = ["--redirect-uri", "https://rocket.example.org/callback", "--json"]
    app = json.loads(timeback("partner", "login", client_id, *login).stdout)
    timeback("partner", "promote", client_id)
    timeback("partner", "revoke", client_id)
    found = rows(
        install,
        "select actor_kind, action, details::text from identity.audit_log"
        " where details ->> 'client_id' = %s or actor_id = %s order by audit_id",
        client_id,
        client_id,
    )
    assert [(kind, action) for kind, action, _ in found] == [
        ("operator", "client.create"),
        ("client", "token.issue"),
        ("operator", "client.rotate"),
        ("operator", "client.scopes"),
        ("operator", "client.login"),
        ("operator", "client.promote"),
        ("operator", "client.revoke"),
    ]
    secrets = (partner["client_secret"], app["client_secret"])
    assert not any(secret in details for *_, details in found for secret in secrets)


def test_a_bundle_never_overwrites_and_then_no_client_is_made(
    timeback: Any, install: Settings, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("kept")
    before = rows(install, "select count(*) from identity.clients")
    refused = timeback("partner", "create", "Other", "--out", str(tmp_path), exit_code=1)
    assert "is not empty" in " ".join(refused.output.split())
    bad = ["partner", "create", "Other", "--redirect-uri", "http://rocket.example.org/x"]
    assert "must be https" in timeback(*bad, exit_code=1).output
    assert rows(install, "select count(*) from identity.clients") == before

"""The token endpoint, as OAuth clients use it, and what a token is good for."""

import base64
from collections.abc import Iterator
from typing import Annotated, Any

import psycopg
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from core.access import Viewer
from core.context import Context
from core.dependencies import CurrentViewer, require_scope
from core.http import create_app
from core.identity import clients, people, tokens
from core.identity.clients import NewClient
from core.identity.router import router as identity_router
from core.settings import Settings

Connection = psycopg.Connection[Any]
probe = APIRouter()
PASSWORD = "correct horse battery"


@probe.get("/probe")
def read_probe(viewer: CurrentViewer) -> dict[str, Any]:
    return {"subject": viewer.subject, "roles": sorted(viewer.roles), "mode": viewer.mode}


@probe.get("/roster")
def read_roster(viewer: Annotated[Viewer, require_scope("roster.readonly")]) -> str:
    return viewer.subject


@pytest.fixture
def http(settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, [identity_router, probe])
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def partner(database: Connection) -> NewClient:
    made = clients.create_client(database, "Reading Rocket")
    database.commit()
    return made


def ask(http: TestClient, partner: NewClient, **form: str) -> Any:
    auth = (partner.client.client_id, partner.client_secret)
    return http.post(
        "/auth/1.0/token", data={"grant_type": "client_credentials", **form}, auth=auth
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_basic_auth_with_a_form_gets_every_registered_scope(
    http: TestClient, partner: NewClient
) -> None:
    answer = ask(http, partner)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert set(body["scope"].split()) == {
        "roster.readonly",
        "roster.createput",
        "events.write",
        "events.readonly",
    }


@pytest.mark.parametrize("kind", ["form", "json", "json without grant_type"])
def test_credentials_in_the_body(http: TestClient, partner: NewClient, kind: str) -> None:
    body = {
        "client_id": partner.client.client_id,
        "client_secret": partner.client_secret,
        "grant_type": "client_credentials",
    }
    if kind == "form":
        answer = http.post("/auth/1.0/token/", data=body)
    else:
        if kind == "json without grant_type":
            del body["grant_type"]
        answer = http.post("/auth/1.0/token", json=body)
    assert answer.status_code == 200
    assert http.get("/probe", headers=bearer(answer.json()["access_token"])).json() == {
        "subject": partner.client.client_id,
        "roles": ["partner"],
        "mode": "testing",
    }


def test_a_client_asking_for_one_scope_gets_all_it_has_unless_set_otherwise(
    http: TestClient, partner: NewClient, database: Connection
) -> None:
    scope = "https://purl.imsglobal.org/spec/caliper/v1p2/scope/events.write"
    granted = ask(http, partner, scope=scope).json()
    assert "roster.readonly" in granted["scope"]
    database.execute("update identity.clients set scope_mode = 'requested'")
    database.commit()
    narrow = ask(http, partner, scope=scope).json()
    assert narrow["scope"] == "events.write"
    refused = http.get("/roster", headers=bearer(narrow["access_token"]))
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:timeback:error:insufficient_scope"
    unknown = ask(http, partner, scope="everything")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_scope")


def test_refusals_are_oauth_errors(http: TestClient, partner: NewClient) -> None:
    other = http.post("/auth/1.0/token", data={"grant_type": "password"})
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")
    missing = http.post("/auth/1.0/token", data={"client_id": "x"})
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    wrong = http.post(
        "/auth/1.0/token",
        data={"grant_type": "client_credentials"},
        auth=(partner.client.client_id, "not the secret"),
    )
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    for body in (b"{", b"[1]", b'"x"'):
        headers = {"Content-Type": "application/json"}
        unreadable = http.post("/auth/1.0/token", content=body, headers=headers)
        assert (unreadable.status_code, unreadable.json()["error"]) == (400, "invalid_request")


def test_without_a_token_the_answer_says_how_to_send_one(http: TestClient) -> None:
    answer = http.get("/probe")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["imsx_codeMajor"] == "failure"


def forged_tokens(http: TestClient, good: str) -> dict[str, str]:
    """Tokens that look right and are not."""
    kid = http.get("/.well-known/jwks.json").json()["keys"][0]["kid"]
    payload = good.split(".")[1]
    claims = jwt.decode(
        good, ECKey.import_key(http.get("/.well-known/jwks.json").json()["keys"][0])
    )
    header = {"alg": "ES256", "typ": "at+jwt", "kid": kid}
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return {
        "another key": jwt.encode(header, claims.claims, ECKey.generate_key("P-256")),
        "no signature": f"{unsigned}.{payload}.",
        "HS256": jwt.encode({**header, "alg": "HS256"}, claims.claims, OctKey.generate_key(256)),
        "not a token": "abc",
    }


def test_forged_tokens_are_refused(http: TestClient, partner: NewClient) -> None:
    good = ask(http, partner).json()["access_token"]
    for name, token in forged_tokens(http, good).items():
        assert http.get("/probe", headers=bearer(token)).status_code == 401, name


@pytest.mark.parametrize(("seconds", "status_code"), [(600, 200), (-1, 401)])
def test_an_expired_token_is_refused(
    settings: Settings, partner: NewClient, seconds: int, status_code: int
) -> None:
    aged = settings.model_copy(update={"token_seconds": seconds})
    with TestClient(create_app(aged, [identity_router, probe])) as http:
        token = ask(http, partner).json()["access_token"]
        assert http.get("/probe", headers=bearer(token)).status_code == status_code


def test_a_revoked_client_is_out_at_the_next_request(
    http: TestClient, partner: NewClient, database: Connection
) -> None:
    token = ask(http, partner).json()["access_token"]
    assert http.get("/probe", headers=bearer(token)).status_code == 200
    database.execute("update identity.clients set status = 'revoked'")
    database.commit()
    assert http.get("/probe", headers=bearer(token)).status_code == 401
    assert ask(http, partner).status_code == 401


def test_a_persons_token_has_the_roles_of_the_roster(
    http: TestClient, database: Connection, settings: Settings
) -> None:
    ada = people.create_person(database, "Ada@school.example", PASSWORD, is_analyst=True)
    database.commit()
    context: Context = http.app.state.context  # type: ignore[attr-defined]
    token = tokens.issue_to_person(context.keyring, ada, issuer=settings.origin, seconds=60)
    seen = http.get("/probe", headers=bearer(token.access_token))
    assert seen.json()["roles"] == ["analyst"]
    assert http.post("/auth/1.0/people/token").status_code == 404


def test_secrets_and_passwords_are_kept_only_hashed(
    partner: NewClient, database: Connection
) -> None:
    people.create_person(database, "ada@school.example", PASSWORD)
    rows = database.execute(
        "select client_secrets::text from identity.client_secrets"
        " union all select people::text from identity.people"
    ).fetchall()
    assert len(rows) == 2
    assert not any(partner.client_secret in row or PASSWORD in row for (row,) in rows)

"""Refresh tokens: each is good once, and one that comes twice ends them all."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person


@pytest.fixture
def made(person: Person, rocket: NewLoginClient, backend: Backend) -> dict[str, Any]:
    """What the app got for a code."""
    answer: dict[str, Any] = backend.exchange(rocket, person.code(rocket)).json()
    return answer


def test_a_refresh_brings_new_tokens_of_the_same_sign_in(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend
) -> None:
    again = backend.refresh(rocket, made["refresh_token"]).json()
    assert again["refresh_token"] != made["refresh_token"]
    assert backend.get("/auth/1.0/userinfo", again["access_token"]).json()["sub"] == "s-ana"
    first, second = backend.claims(made["id_token"]), backend.claims(again["id_token"])
    assert {name: second[name] for name in ("sub", "aud", "sid", "auth_time", "org")} == {
        name: first[name] for name in ("sub", "aud", "sid", "auth_time", "org")
    }
    assert "nonce" not in second


def test_reuse_ends_the_whole_family(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend
) -> None:
    second = backend.refresh(rocket, made["refresh_token"]).json()
    stolen = backend.refresh(rocket, made["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert backend.refresh(rocket, second["refresh_token"]).json()["error"] == "invalid_grant"
    assert backend.get("/auth/1.0/userinfo", second["access_token"]).status_code == 401


def test_a_refresh_token_is_bound_to_its_app(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    foreign = backend.refresh(install.apps.rival, made["refresh_token"])
    assert (foreign.status_code, foreign.json()["error"]) == (400, "invalid_grant")
    assert backend.refresh(rocket, made["refresh_token"]).status_code == 200


def test_a_refresh_may_narrow_the_scopes_and_never_widen_them(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend
) -> None:
    wide = backend.refresh(rocket, made["refresh_token"], scope="openid roster.readonly")
    assert (wide.status_code, wide.json()["error"]) == (400, "invalid_scope")
    narrow = backend.refresh(rocket, made["refresh_token"], scope="openid").json()
    known = backend.get("/auth/1.0/userinfo", narrow["access_token"]).json()
    assert "email" not in known


def test_revoking_ends_the_family_and_an_unknown_token_is_no_error(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    def revoke(app: NewLoginClient, token: str) -> int:
        auth = (app.client.client_id, str(app.client_secret))
        answer = backend.http.post("/auth/1.0/revoke", data={"token": token}, auth=auth)
        return int(answer.status_code)

    assert revoke(install.apps.rival, made["refresh_token"]) == 400
    assert revoke(rocket, "made up") == 200
    assert backend.http.post("/auth/1.0/revoke", data={"token": "x"}).status_code == 401
    assert revoke(rocket, made["refresh_token"]) == 200
    assert backend.refresh(rocket, made["refresh_token"]).json()["error"] == "invalid_grant"
    assert backend.get("/auth/1.0/userinfo", made["access_token"]).status_code == 401


@pytest.mark.parametrize(
    ("sql", "back"),
    [
        (
            "update identity.people set status = 'disabled' where email = 'gil@maple.example'",
            "update identity.people set status = 'active'",
        ),
        (
            "update identity.login_clients set status = 'revoked' where name = 'Reading Rocket'",
            "update identity.login_clients set status = 'active'",
        ),
        (
            "update identity.clients set status = 'revoked' where name = 'Reading Rocket'",
            "update identity.clients set status = 'active'",
        ),
    ],
    ids=["person", "app", "partner"],
)
def test_what_is_disabled_or_revoked_is_out_at_once(
    new_person: Callable[[], Person],
    rocket: NewLoginClient,
    backend: Backend,
    install: Install,
    sql: str,
    back: str,
) -> None:
    person = new_person()
    made = backend.exchange(rocket, person.code(rocket, "gil")).json()
    assert backend.get("/auth/1.0/userinfo", made["access_token"]).status_code == 200
    install.run(sql)
    try:
        time.sleep(1.1)
        assert backend.get("/auth/1.0/userinfo", made["access_token"]).status_code == 401
        assert backend.refresh(rocket, made["refresh_token"]).status_code in {400, 401}
        assert person.go(rocket).status_code in {200, 400}
    finally:
        install.run(back)


def test_the_dashboards_get_no_refresh_token_and_the_scopes_of_people(
    person: Person, backend: Backend, install: Install
) -> None:
    ours = install.apps.ours
    code = person.code(ours, "gil", scope="openid profile roster.readonly events.readonly")
    made = backend.exchange(ours, code).json()
    assert "refresh_token" not in made
    assert backend.get("/roster", made["access_token"]).status_code == 200
    assert backend.claims(made["id_token"])["dashboard_roles"] == ["guide"]

"""The authorization code flow with PKCE: what an app asks, and what it gets for a code."""

import base64
import hashlib
import time
from urllib.parse import urlsplit

import pytest

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person, parameters
from tests.core.identity.school import CALLBACK

OTHER_VERIFIER = "another-verifier-that-is-long-enough-to-be-one-too"


def test_the_code_comes_back_with_the_state_and_the_issuer(
    person: Person, rocket: NewLoginClient, install: Install
) -> None:
    answer = person.sign_in(rocket)
    assert answer.headers["location"].startswith(f"{CALLBACK}?")
    sent = parameters(answer)
    assert (sent["state"], sent["iss"]) == ("a state", install.settings.origin)
    assert answer.headers["cache-control"] == "no-store"


def test_the_id_token_says_who_signed_in(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    answer = backend.exchange(rocket, person.code(rocket))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    claims = backend.claims(body["id_token"])
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    now = time.time()
    assert now - 30 < claims.pop("auth_time") <= now
    assert now - 30 < claims.pop("iat") <= now
    assert now + 3500 < claims.pop("exp") < now + 3601
    assert len(claims.pop("sid")) == 36
    assert claims == {
        "iss": install.settings.origin,
        "aud": rocket.client.client_id,
        "nonce": "a nonce",
        "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        "sub": "s-ana",
        "sourcedId": "s-ana",
        "roles": ["student"],
        "org": "maple",
        "name": "Ana Test",
        "given_name": "Ana",
        "family_name": "Test",
        "email": "ana@maple.example",
        "email_verified": False,
    }
    assert body["scope"] == "openid profile email"
    assert body["token_type"] == "Bearer"


def test_name_and_email_come_only_with_their_scopes(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    body = backend.exchange(rocket, person.code(rocket, scope="openid roster.readonly")).json()
    assert body["scope"] == "openid"
    for claims in (
        backend.claims(body["id_token"]),
        backend.get("/auth/1.0/userinfo", body["access_token"]).json(),
    ):
        assert claims["sourcedId"] == "s-ana"
        assert not claims.keys() & {"name", "given_name", "family_name", "email"}


def test_userinfo_names_the_same_person_as_the_id_token(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    body = backend.exchange(rocket, person.code(rocket)).json()
    known = backend.get("/auth/1.0/userinfo", body["access_token"]).json()
    claims = backend.claims(body["id_token"])
    assert known == {name: claims[name] for name in known}
    assert known["sub"] == "s-ana"


def test_a_code_is_good_once_and_a_replay_ends_what_it_made(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    code = person.code(rocket)
    body = backend.exchange(rocket, code).json()
    assert backend.get("/auth/1.0/userinfo", body["access_token"]).status_code == 200
    replay = backend.exchange(rocket, code)
    assert (replay.status_code, replay.json()["error"]) == (400, "invalid_grant")
    time.sleep(1.1)
    assert backend.get("/auth/1.0/userinfo", body["access_token"]).status_code == 401
    assert backend.refresh(rocket, body["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    code = person.code(rocket)
    [(seconds,)] = install.run(
        "select extract(epoch from code_expires_at - now())::int from identity.grants"
        " order by code_expires_at desc limit 1"
    )
    assert 55 <= seconds <= 60
    install.run("update identity.grants set code_expires_at = now() - interval '1 second'")
    assert backend.exchange(rocket, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": OTHER_VERIFIER}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": f"{CALLBACK}/"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_grant"),
        ({"code": "made up"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
    ],
)
def test_a_code_is_bound_to_its_verifier_and_redirect_uri(
    person: Person,
    rocket: NewLoginClient,
    backend: Backend,
    changes: dict[str, str],
    error: str,
) -> None:
    code = person.code(rocket)
    refused = backend.exchange(rocket, code, **changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)


def test_a_code_is_bound_to_its_app(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    code = person.code(rocket)
    foreign = backend.exchange(install.apps.rival, code)
    assert (foreign.status_code, foreign.json()["error"]) == (400, "invalid_grant")
    assert backend.exchange(rocket, code).status_code == 200


def test_an_app_with_a_secret_must_show_it(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    code = person.code(rocket)
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    for more in ({}, {"client_secret": "wrong"}, {"client_secret": ""}):
        body = sent | {"client_id": rocket.client.client_id} | more
        refused = backend.http.post("/auth/1.0/token", data=body)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        assert refused.headers["www-authenticate"].startswith("Basic")


def test_a_public_app_on_the_own_machine_returns_to_any_port(
    person: Person, backend: Backend, install: Install
) -> None:
    phone = install.apps.phone
    assert phone.client_secret is None
    uri = "http://127.0.0.1:51234/done"
    answer = person.sign_in(phone, redirect_uri=uri)
    assert answer.headers["location"].startswith(f"{uri}?code=")
    made = backend.exchange(phone, parameters(answer)["code"], redirect_uri=uri)
    assert made.status_code == 200
    for other in (
        "http://127.0.0.1:51234/else",
        "http://127.0.0.2:51234/done",
        "http://127.0.0.1:51234/done?x=1",
        "http://localhost:51234/done",
    ):
        assert person.go(phone, redirect_uri=other).status_code == 400


def test_metadata_names_what_is_served(backend: Backend, install: Install) -> None:
    known = backend.http.get("/.well-known/openid-configuration").json()
    assert known["issuer"] == install.settings.origin
    assert known["code_challenge_methods_supported"] == ["S256"]
    assert known["response_types_supported"] == ["code"]
    assert backend.http.get("/.well-known/oauth-authorization-server").json() == known
    for name, address in known.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            path = urlsplit(address).path
            statuses = {backend.http.get(path).status_code, backend.http.post(path).status_code}
            assert statuses & {200, 400, 401}, name

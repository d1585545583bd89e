"""Parameters of the token endpoint, of revocation, logout and userinfo: obeyed or refused."""

from typing import Any

import pytest

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person, parameters
from tests.core.identity.school import AFTERWARDS

TOKEN, REVOKE, USERINFO = "/auth/1.0/token", "/auth/1.0/revoke", "/auth/1.0/userinfo"


@pytest.fixture
def made(person: Person, rocket: NewLoginClient, backend: Backend) -> dict[str, Any]:
    """What the app got for a code."""
    answer: dict[str, Any] = backend.exchange(rocket, person.code(rocket)).json()
    return answer


@pytest.mark.parametrize("grant_type", ["password", "implicit", "urn:x:token-exchange"])
def test_another_grant_is_refused(
    rocket: NewLoginClient, backend: Backend, grant_type: str
) -> None:
    refused = backend.token(rocket, grant_type=grant_type)
    assert (refused.status_code, refused.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "name",
    ["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "scope"],
)
def test_a_parameter_that_came_twice_is_refused(backend: Backend, name: str) -> None:
    refused = backend.http.post(
        TOKEN,
        content=f"{name}=a&{name}=b",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert refused.json()["error_description"] == f"{name} was sent more than once."


def test_a_json_value_that_is_no_text_is_refused_by_its_name(backend: Backend) -> None:
    refused = backend.http.post(TOKEN, json={"client_id": "x", "scope": ["events.write"]})
    assert refused.json()["error_description"] == "scope must be a string."
    absent = backend.http.post(TOKEN, json={"client_id": "x", "scope": None})
    assert absent.json()["error"] == "invalid_client"


def test_a_resource_may_only_be_this_api(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    code, ours = person.code(rocket), install.settings.origin
    refused = backend.exchange(rocket, code, resource="https://rocket.example/api")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_target")
    assert backend.exchange(rocket, code, resource=f"{ours}/").status_code == 200
    assert parameters(person.go(rocket, resource=ours))["code"]


def test_credentials_in_the_body_may_not_differ_from_those_of_basic(
    rocket: NewLoginClient, backend: Backend
) -> None:
    for other in ({"client_id": "another"}, {"client_secret": "another"}):
        refused = backend.token(rocket, grant_type="authorization_code", code="x", **other)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    same = backend.token(rocket, grant_type="refresh_token", client_id=rocket.client.client_id)
    assert "refresh_token" in same.json()["error_description"]


@pytest.mark.parametrize("hint", ["refresh_token", "access_token", "another"])
@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_either_token_of_a_sign_in_can_be_revoked_whatever_the_hint(
    made: dict[str, Any],
    rocket: NewLoginClient,
    backend: Backend,
    install: Install,
    kind: str,
    hint: str,
) -> None:
    def revoke(app: NewLoginClient, **sent: str) -> int:
        auth = (app.client.client_id, str(app.client_secret))
        answer = backend.http.post(REVOKE, data={"token": made[kind], **sent}, auth=auth)
        return int(answer.status_code)

    assert revoke(install.apps.rival) == 400
    assert backend.get(USERINFO, made["access_token"]).status_code == 200
    assert revoke(rocket, token_type_hint=hint) == 200
    assert backend.get(USERINFO, made["access_token"]).status_code == 401
    assert backend.refresh(rocket, made["refresh_token"]).json()["error"] == "invalid_grant"


def test_userinfo_takes_the_token_in_a_header_or_in_a_form(
    made: dict[str, Any], backend: Backend
) -> None:
    token = made["access_token"]
    header, form = {"Authorization": f"Bearer {token}"}, {"access_token": token}
    known = backend.get(USERINFO, token).json()
    assert known["sub"] == "s-ana"
    assert backend.http.post(USERINFO, headers=header).json() == known
    assert backend.http.post(USERINFO, data=form).json() == known


def test_userinfo_takes_the_token_once_and_nowhere_else(
    made: dict[str, Any], backend: Backend
) -> None:
    token = made["access_token"]
    twice = backend.http.post(
        USERINFO, data={"access_token": token}, headers={"Authorization": f"Bearer {token}"}
    )
    assert twice.status_code == 400
    assert twice.headers["www-authenticate"] == 'Bearer error="invalid_request"'
    assert "more than once" in twice.json()["detail"]
    assert backend.http.get(USERINFO, params={"access_token": token}).status_code == 401
    assert backend.http.post(USERINFO, json={"access_token": token}).status_code == 401
    assert backend.http.post(USERINFO, data={"access_token": made["id_token"]}).status_code == 401


def test_logout_takes_an_id_token_for_the_app_that_it_names_alone(
    made: dict[str, Any], person: Person, rocket: NewLoginClient, install: Install
) -> None:
    sent = {"id_token_hint": made["id_token"], "post_logout_redirect_uri": AFTERWARDS}
    other = {"client_id": install.apps.rival.client.client_id}
    page = person.http.get("/auth/1.0/logout", params=sent | other)
    assert "Sign out?" in page.text
    assert parameters(person.go(rocket))["code"]
    own = {"client_id": rocket.client.client_id, "logout_hint": "s-ana", "ui_locales": "fr"}
    answer = person.http.get("/auth/1.0/logout", params=sent | own)
    assert answer.headers["location"] == AFTERWARDS

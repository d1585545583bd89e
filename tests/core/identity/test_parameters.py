"""Each parameter of a sign-in is obeyed, or refused by its name with the standard's error code."""

from typing import Any
from urllib.parse import urlencode

import pytest

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import CHALLENGE, Backend, Install, Person, parameters
from tests.core.identity.school import CALLBACK, PASSWORD

AUTHORIZE = "/auth/1.0/authorize"
FORM, ACCOUNT = "<h1>Sign in</h1>", "<h1>Is this you?</h1>"
GIL = {"email": "gil@maple.example", "password": PASSWORD}


def refusal(person: Person, app: NewLoginClient, **changes: str | None) -> dict[str, str]:
    """What the app hears, if no code."""
    sent = parameters(person.go(app, **changes))
    assert "code" not in sent
    return sent


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("response_type", "id_token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("prompt", "create", "invalid_request"),
        ("prompt", "none consent", "invalid_request"),
        ("display", "hologram", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("max_age", "1.5", "invalid_request"),
        ("id_token_hint", "eyJ.made.up", "invalid_request"),
        ("claims", '{"id_token": {"sub": {"value": "s-ana"}}}', "invalid_request"),
        ("request", "eyJ", "request_not_supported"),
        ("request_uri", "https://rocket.example/request", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
        ("resource", "https://rocket.example/api", "invalid_target"),
        ("authorization_details", "[]", "invalid_authorization_details"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
    ],
)
def test_a_value_that_cannot_be_obeyed_is_refused(
    person: Person, rocket: NewLoginClient, name: str, value: str, error: str
) -> None:
    person.sign_in(rocket)
    heard = refusal(person, rocket, **{name: value})
    assert heard["error"] == error
    assert name.split("_")[0] in heard["error"] + heard.get("error_description", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("response_mode", "query"),
        ("display", "page"),
        ("display", "popup"),
        ("display", "touch"),
        ("display", "wap"),
        ("ui_locales", "fr-CA fr en"),
        ("claims_locales", "fr"),
        ("acr_values", "urn:mace:incommon:iap:silver"),
        ("prompt", " none "),
        ("max_age", "9999999999"),
        ("scope", "openid unheard.of"),
        ("login_hint", "ANA@maple.example"),
        ("login_hint", "s-ana"),
        ("request", ""),
        ("claims", ""),
        ("max_age", ""),
        ("id_token_hint", ""),
        ("a_parameter_that_nobody_knows", "x"),
    ],
)
def test_what_is_a_wish_or_was_left_empty_is_no_error(
    person: Person, rocket: NewLoginClient, name: str, value: str
) -> None:
    person.sign_in(rocket)
    assert parameters(person.go(rocket, **{name: value}))["code"]


def test_a_silent_request_never_shows_a_page(person: Person, rocket: NewLoginClient) -> None:
    assert refusal(person, rocket, prompt=" none")["error"] == "login_required"


@pytest.mark.parametrize(
    "name",
    [
        "response_type",
        "client_id",
        "scope",
        "state",
        "response_mode",
        "nonce",
        "display",
        "prompt",
        "max_age",
        "ui_locales",
        "claims_locales",
        "id_token_hint",
        "login_hint",
        "acr_values",
        "code_challenge",
        "code_challenge_method",
    ],
)
def test_a_parameter_that_came_twice_is_refused(
    person: Person, rocket: NewLoginClient, name: str
) -> None:
    person.go(rocket)
    twice = f"{person.last.request.url}&{name}=a&{name}=b"
    heard = parameters(person.http.get(twice))
    assert (heard["error"], heard["state"]) == ("invalid_request", "a state")
    assert f"{name} was sent more than once" in heard["error_description"]


@pytest.fixture
def hint(person: Person, rocket: NewLoginClient, backend: Backend) -> str:
    """Ana's ID token; after her Gil signed in at the same browser."""
    token: str = backend.exchange(rocket, person.code(rocket)).json()["id_token"]
    person.go(rocket, prompt="login")
    assert parameters(person.send(**GIL))["code"]
    return token


def subject(backend: Backend, app: NewLoginClient, answer: Any) -> str:
    made = backend.exchange(app, parameters(answer)["code"]).json()
    return str(backend.claims(made["id_token"])["sub"])


def test_a_hint_at_one_person_never_brings_a_token_of_another(
    person: Person, rocket: NewLoginClient, backend: Backend, hint: str
) -> None:
    silent = refusal(person, rocket, prompt="none", id_token_hint=hint)
    assert silent["error"] == "login_required"
    assert FORM in person.go(rocket, id_token_hint=hint).text
    assert FORM in person.send(do="continue").text
    assert parameters(person.send(**GIL))["error"] == "login_required"
    person.go(rocket, id_token_hint=hint)
    ana = person.send(email="ana@maple.example", password=PASSWORD)
    assert subject(backend, rocket, ana) == "s-ana"
    again = person.go(rocket, prompt="none", id_token_hint=hint)
    assert subject(backend, rocket, again) == "s-ana"


def test_an_old_id_token_is_still_a_hint(
    person: Person, rocket: NewLoginClient, hint: str, install: Install
) -> None:
    install.run("update identity.grants set expires_at = now()")
    assert refusal(person, rocket, prompt="none", id_token_hint=hint)["error"] == "login_required"


def test_an_access_token_is_no_hint(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    token = backend.exchange(rocket, person.code(rocket)).json()["access_token"]
    assert refusal(person, rocket, id_token_hint=token)["error"] == "invalid_request"


@pytest.mark.parametrize("named", ["ana@maple.example", "s-ana"])
@pytest.mark.usefixtures("hint")
def test_a_login_hint_at_someone_else_is_asked_about(
    person: Person, rocket: NewLoginClient, named: str
) -> None:
    silent = refusal(person, rocket, prompt="none", login_hint=named)
    assert silent["error"] == "login_required"
    page = person.go(rocket, login_hint=named)
    assert ACCOUNT in page.text
    assert "Gil Test" in page.text
    assert f'value="{named}"' in person.send(do="other").text


def test_a_request_may_come_as_a_form(person: Person, rocket: NewLoginClient) -> None:
    person.sign_in(rocket)
    sent = {
        "response_type": "code",
        "client_id": rocket.client.client_id,
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "of a form",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    link = person.http.post(AUTHORIZE, data=sent)
    assert (link.status_code, link.headers["location"]) == (303, f"{AUTHORIZE}?{urlencode(sent)}")
    answer = parameters(person.http.get(link.headers["location"]))
    assert (bool(answer["code"]), answer["state"]) == (True, "of a form")


def test_discovery_says_what_is_obeyed(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    known = backend.http.get("/.well-known/openid-configuration").json()
    for name in ("claims", "request", "request_uri"):
        assert known[f"{name}_parameter_supported"] is False
        assert name in str(refusal(person, rocket, **{name: "x"}))
    person.sign_in(rocket)
    for parameter, names in (
        ("response_type", "response_types_supported"),
        ("scope", "scopes_supported"),
        ("response_mode", "response_modes_supported"),
        ("display", "display_values_supported"),
        ("code_challenge_method", "code_challenge_methods_supported"),
        ("ui_locales", "ui_locales_supported"),
    ):
        for value in known[names]:
            told = f"openid {value}" if parameter == "scope" else value
            assert parameters(person.go(rocket, **{parameter: told}))["code"], value
    pages = {"login": FORM, "select_account": ACCOUNT, "consent": ACCOUNT}
    assert known["prompt_values_supported"] == ["none", *pages]
    for prompt, page in pages.items():
        assert page in person.go(rocket, prompt=prompt).text

"""What must not work: forged and misplaced tokens, open redirects, downgrades, foreign forms."""

import base64
import hmac
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import CHALLENGE, Backend, Install, Person, parameters
from tests.core.identity.school import CALLBACK, PASSWORD

USERINFO = "/auth/1.0/userinfo"


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def hmac_signed(key: bytes, header: dict[str, Any], payload: str) -> str:
    head = encoded(header)
    mac = hmac.digest(key, f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.fixture
def made(person: Person, rocket: NewLoginClient, backend: Backend) -> dict[str, Any]:
    answer: dict[str, Any] = backend.exchange(rocket, person.code(rocket)).json()
    return answer


def forgeries(good: str, backend: Backend, install: Install) -> dict[str, str]:
    """Access tokens that look right and are not."""
    head, payload, signature = good.split(".")
    header, claims = decoded(head), decoded(payload)
    ours = install.context.keyring.signing_key()
    public = backend.http.get("/.well-known/jwks.json").json()["keys"][0]
    mine = ECKey.generate_key("P-256", auto_kid=True)
    pem = ECKey.import_key(public).as_pem(private=False)

    def signed(key: Any, header: dict[str, Any], **changes: Any) -> str:
        return jwt.encode(header, claims | changes, key, [header["alg"]])

    return {
        "alg none": f"{encoded({**header, 'alg': 'none'})}.{payload}.",
        "alg None": f"{encoded({**header, 'alg': 'None'})}.{payload}.",
        "signature left out": f"{head}.{payload}.",
        "payload changed": f"{head}.{encoded({**claims, 'scope': 'events.readonly'})}.{signature}",
        "HS256 with the public key": hmac_signed(pem, {**header, "alg": "HS256"}, payload),
        "HS256 with the JWK": hmac_signed(
            json.dumps(public).encode(), {**header, "alg": "HS256"}, payload
        ),
        "our kid, another key": signed(mine, header),
        "another kid and its key": signed(mine, {**header, "kid": mine.kid}),
        "a key in the header": signed(mine, {**header, "jwk": mine.as_dict(private=False)}),
        "kid is a path": signed(mine, {**header, "kid": "../../dev/null"}),
        "wrong audience": signed(ours, header, aud="another"),
        "wrong issuer": signed(ours, header, iss="https://evil.example"),
        "expired": signed(ours, header, exp=1),
        "no grant of that id": signed(ours, header, grant="00000000-0000-0000-0000-000000000000"),
    }


def test_forged_access_tokens_are_refused(
    made: dict[str, Any], backend: Backend, install: Install
) -> None:
    good = made["access_token"]
    assert backend.get(USERINFO, good).status_code == 200
    for name, token in forgeries(good, backend, install).items():
        assert backend.get(USERINFO, token).status_code == 401, name


def test_one_kind_of_token_does_not_pass_for_another(
    made: dict[str, Any], rocket: NewLoginClient, backend: Backend, person: Person
) -> None:
    for token in (made["id_token"], made["refresh_token"]):
        assert backend.get(USERINFO, token).status_code == 401
    assert backend.refresh(rocket, made["access_token"]).status_code == 400
    assert backend.exchange(rocket, made["access_token"]).status_code == 400
    page = person.http.get("/auth/1.0/logout", params={"id_token_hint": made["access_token"]})
    assert "Sign out?" in page.text


def test_a_partner_app_opens_userinfo_and_nothing_else(
    made: dict[str, Any], backend: Backend
) -> None:
    for path in ("/probe", "/roster"):
        refused = backend.get(path, made["access_token"])
        assert refused.status_code == 403, path
        assert refused.json()["type"] == "urn:timeback:error:insufficient_scope"


def test_a_partner_app_cannot_ask_for_the_scopes_of_records(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    asked = "openid roster.readonly events.readonly events.write roster.createput"
    made = backend.exchange(rocket, person.code(rocket, scope=asked)).json()
    assert made["scope"] == "openid"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/callback",
        f"{CALLBACK}/",
        f"{CALLBACK}?next=//evil.example",
        f"{CALLBACK}/../evil",
        "https://rocket.example.evil.example/callback",
        f"{CALLBACK}#x",
        "https://rocket.example@evil.example/callback",
        "HTTPS://ROCKET.EXAMPLE/callback",
        "http://rocket.example/callback",
        "javascript:alert(1)",
        "//evil.example",
        "",
        None,
        'https://evil.example/"><script>',
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_registered(
    person: Person, rocket: NewLoginClient, redirect_uri: str | None
) -> None:
    for more in ({}, {"prompt": "none"}, {"response_type": "token"}):
        answer = person.go(rocket, redirect_uri=redirect_uri, **more)
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "This link does not work" in answer.text
        assert "<script>" not in answer.text


def test_a_repeated_redirect_uri_or_an_unknown_app_is_shown_on_a_page(
    person: Person, rocket: NewLoginClient
) -> None:
    person.go(rocket)
    twice = f"{person.last.request.url}&redirect_uri=https://evil.example/"
    for url in (twice, str(person.last.request.url).replace("tb-login", "tb-other")):
        answer = person.http.get(url)
        assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": 'a"b\\'}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://evil.example"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_an_app_hears_what_is_wrong_with_its_request(
    person: Person, rocket: NewLoginClient, changes: dict[str, str | None], error: str
) -> None:
    sent = parameters(person.go(rocket, **changes))
    assert (sent["error"], sent["state"]) == (error, "a state")
    assert "code" not in sent


def test_without_pkce_no_code_is_made_even_by_posting_the_form(
    person: Person, rocket: NewLoginClient
) -> None:
    person.go(rocket)
    action = str(person.last.request.url)
    token = re.findall(r'name="csrf" value="([^"]+)"', person.last.text)[0]
    for downgraded in (
        action.replace(CHALLENGE, ""),
        action.replace("=S256", "=plain"),
    ):
        form = {"csrf": token, "email": "ana@maple.example", "password": PASSWORD}
        assert "code" not in parameters(person.http.post(downgraded, data=form))


def test_a_form_from_elsewhere_signs_nobody_in(
    new_person: Callable[[], Person], rocket: NewLoginClient
) -> None:
    victim, attacker = new_person(), new_person()
    attacker.go(rocket)
    foreign = re.findall(r'name="csrf" value="([^"]+)"', attacker.last.text)[0]
    fields = {"email": "ana@maple.example", "password": PASSWORD}
    for token in ({}, {"csrf": ""}, {"csrf": "made up"}, {"csrf": foreign}):
        victim.go(rocket)
        answer = victim.http.post(str(victim.last.request.url), data=fields | token)
        assert answer.status_code == 403
        assert "timeback_session" not in victim.http.cookies


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(
    new_person: Callable[[], Person], rocket: NewLoginClient
) -> None:
    attacker, victim = new_person(), new_person()
    attacker.sign_in(rocket, "gil")
    planted = attacker.http.cookies["timeback_session"]
    for value in (planted, "made-up-by-the-attacker"):
        victim.http.cookies.set("timeback_session", value, domain="testserver.local")
        assert victim.sign_in(rocket, "ana", prompt="login").status_code == 302
        assert victim.http.cookies["timeback_session"] != value
    assert "<h1>Sign in</h1>" in attacker.go(rocket).text


def test_the_page_does_not_reflect_markup(person: Person, rocket: NewLoginClient) -> None:
    page = person.go(rocket, login_hint='"><script>alert(1)</script>', state="<b>")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert urlsplit(CALLBACK).scheme in policy.split("form-action")[1]

"""Staying signed in, choosing an account, who may use which app, and signing out."""

from collections.abc import Callable
from typing import Any

import pytest

from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person, parameters
from tests.core.identity.school import AFTERWARDS, CALLBACK

FORM, ACCOUNT = "<h1>Sign in</h1>", "<h1>Is this you?</h1>"


def test_who_is_signed_in_goes_on_without_a_form(person: Person, rocket: NewLoginClient) -> None:
    person.sign_in(rocket)
    assert parameters(person.go(rocket))["code"]
    assert parameters(person.go(rocket, prompt="none"))["code"]
    assert parameters(person.go(rocket, prompt=""))["code"]
    assert parameters(person.go(rocket, max_age="1000"))["code"]


def test_the_first_time_in_another_partners_app_the_person_says_that_it_is_them(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    rival = install.apps.rival
    person.sign_in(rocket)
    assert parameters(person.go(rival, prompt="none"))["error"] == "interaction_required"
    page = person.go(rival)
    assert ACCOUNT in page.text
    assert "Ana Test" in page.text
    code = parameters(person.send(do="continue"))["code"]
    claims = backend.claims(backend.exchange(rival, code).json()["id_token"])
    assert (claims["sub"], claims["aud"]) == ("s-ana", rival.client.client_id)
    assert parameters(person.go(rival))["code"]


def test_our_own_dashboards_open_at_once(
    person: Person, rocket: NewLoginClient, install: Install
) -> None:
    person.sign_in(rocket)
    assert parameters(person.go(install.apps.ours))["code"]


def test_another_account_can_be_used(
    person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    person.sign_in(rocket)
    assert ACCOUNT in person.go(rocket, prompt="select_account").text
    assert FORM in person.send(do="other").text
    code = parameters(person.send(email="gil@maple.example", password="correct horse battery"))
    claims = backend.claims(backend.exchange(rocket, code["code"]).json()["id_token"])
    assert claims["sub"] == "g-gil"


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}])
def test_an_app_may_want_the_password_again(
    person: Person, rocket: NewLoginClient, changes: dict[str, str]
) -> None:
    person.sign_in(rocket)
    assert FORM in person.go(rocket, **changes).text
    assert FORM in person.send(do="continue").text
    person.go(rocket, **changes)
    sent = person.send(email="ana@maple.example", password="correct horse battery")
    assert parameters(sent)["code"]
    assert parameters(person.go(rocket, max_age="0", prompt="none"))["error"] == "login_required"


def test_a_hint_fills_in_the_form(person: Person, rocket: NewLoginClient) -> None:
    assert 'value="ana@maple.example"' in person.go(rocket, login_hint="ana@maple.example").text


def test_testing_apps_take_their_own_test_users_and_real_apps_real_people(
    new_person: Callable[[], Person], rocket: NewLoginClient, install: Install
) -> None:
    tryout = install.apps.tryout
    assert parameters(new_person().sign_in(tryout, "sam"))["code"]
    for app, who, reason in (
        (tryout, "ana", "still being tested"),
        (rocket, "sam", "your login is a test user"),
        (rocket, "new", "not tied to a school record"),
    ):
        page = new_person().sign_in(app, who)
        assert page.status_code == 403
        assert reason in page.text
        assert "location" not in page.headers


def test_the_cookie_is_closed_to_scripts_and_kept_only_as_a_hash(
    person: Person, rocket: NewLoginClient, install: Install
) -> None:
    cookies = person.sign_in(rocket).headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("timeback_session="))
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert attribute in session
    value = session.split("=")[1].split(";")[0]
    kept = install.run("select sso_sessions::text from identity.sso_sessions")
    assert kept
    assert not any(value in row for (row,) in kept)


def test_a_session_ends_after_twelve_hours(
    person: Person, rocket: NewLoginClient, install: Install
) -> None:
    person.sign_in(rocket)
    install.run("update identity.sso_sessions set expires_at = now()")
    assert FORM in person.go(rocket).text


@pytest.fixture
def made(person: Person, rocket: NewLoginClient, backend: Backend) -> dict[str, Any]:
    answer: dict[str, Any] = backend.exchange(rocket, person.code(rocket)).json()
    return answer


def test_signing_out_in_an_app_ends_the_session_and_every_token(
    made: dict[str, Any], person: Person, rocket: NewLoginClient, backend: Backend
) -> None:
    sent = {"id_token_hint": made["id_token"], "post_logout_redirect_uri": AFTERWARDS}
    answer = person.http.get("/auth/1.0/logout", params={**sent, "state": "s"})
    assert answer.headers["location"] == f"{AFTERWARDS}?state=s"
    assert FORM in person.go(rocket).text
    assert backend.refresh(rocket, made["refresh_token"]).json()["error"] == "invalid_grant"
    assert backend.get("/auth/1.0/userinfo", made["access_token"]).status_code == 401


@pytest.mark.parametrize("target", [CALLBACK, f"{AFTERWARDS}/", "https://evil.example/", ""])
def test_signing_out_leads_to_no_address_that_is_not_registered_for_it(
    made: dict[str, Any], person: Person, rocket: NewLoginClient, target: str
) -> None:
    sent = {"id_token_hint": made["id_token"], "post_logout_redirect_uri": target}
    answer = person.http.get("/auth/1.0/logout", params=sent)
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert "You are signed out" in answer.text
    assert FORM in person.go(rocket).text


def test_without_an_id_token_the_person_is_asked(person: Person, rocket: NewLoginClient) -> None:
    person.sign_in(rocket)
    sent = {"client_id": rocket.client.client_id, "post_logout_redirect_uri": AFTERWARDS}
    person.last = person.http.get("/auth/1.0/logout", params=sent)
    assert "Sign out?" in person.last.text
    assert person.http.post("/auth/1.0/logout", data={"do": "sign_out"}).status_code == 200
    assert parameters(person.go(rocket))["code"]
    person.last = person.http.get("/auth/1.0/logout", params=sent)
    answer = person.send(do="sign_out")
    assert "You are signed out" in answer.text
    assert "location" not in answer.headers
    assert FORM in person.go(rocket).text


def test_someone_elses_id_token_does_not_sign_this_person_out(
    made: dict[str, Any], new_person: Callable[[], Person], rocket: NewLoginClient
) -> None:
    other = new_person()
    other.sign_in(rocket, "gil")
    other.http.get("/auth/1.0/logout", params={"id_token_hint": made["id_token"]})
    assert parameters(other.go(rocket))["code"]


def test_signing_in_and_out_is_on_record_without_an_email(
    made: dict[str, Any], person: Person, rocket: NewLoginClient, install: Install
) -> None:
    person.http.get("/auth/1.0/logout", params={"id_token_hint": made["id_token"]})
    person.sign_in(rocket, "ana", "a wrong password")
    person.sign_in(rocket, "nobody", "a wrong password")
    [(ana,)] = install.run("select person_id::text from identity.people where email like 'ana@%%'")
    rows = install.run(
        "select actor_kind, actor_id, action, details from identity.audit_log"
        " order by audit_id desc limit 5"
    )
    about = {"client_id": rocket.client.client_id}
    assert rows[::-1] == [
        ("person", ana, "sign_in", about | {"method": "password"}),
        ("person", ana, "token.issue", about | {"grant_type": "authorization_code"}),
        ("person", ana, "sign_out", {}),
        ("person", ana, "sign_in.failed", about),
        ("person", "unknown", "sign_in.failed", about),
    ]
    [(all_rows,)] = install.run("select string_agg(a::text, ' ') from identity.audit_log as a")
    assert "@" not in all_rows

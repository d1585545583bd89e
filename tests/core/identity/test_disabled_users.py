"""Whom the roster disables (`enabledUser`) has no way in, and is out at the next request."""

import time
from collections.abc import Callable, Iterator

import pytest

from core.identity.login_clients import NewLoginClient
from core.identity.oidc.external import find_person_of
from tests.core.identity.conftest import Backend, Install, Person, parameters

SET = """
    update registry.records set payload = payload || jsonb_build_object('enabledUser', %s::boolean)
    where record_type = 'user' and sourced_id = 'g-gil'
"""


@pytest.fixture
def disable(install: Install) -> Iterator[Callable[[], None]]:
    """Disables Gil; he is enabled again after the test."""

    def now() -> None:
        install.run(SET, False)
        time.sleep(1.1)  # how old a token's standing may be

    yield now
    install.run(SET, True)


def test_the_right_password_opens_nothing(
    person: Person, rocket: NewLoginClient, install: Install, disable: Callable[[], None]
) -> None:
    disable()
    for app in (rocket, install.apps.ours):
        page = person.sign_in(app, "gil")
        assert page.status_code == 403
        assert "do not match" in page.text


def test_an_open_session_asks_again(
    person: Person, rocket: NewLoginClient, disable: Callable[[], None]
) -> None:
    person.sign_in(rocket, "gil")
    disable()
    assert "<h1>Sign in</h1>" in person.go(rocket).text
    assert parameters(person.go(rocket, prompt="none"))["error"] == "login_required"


def test_codes_and_refresh_tokens_bring_no_tokens(
    person: Person, rocket: NewLoginClient, backend: Backend, disable: Callable[[], None]
) -> None:
    made = backend.exchange(rocket, person.code(rocket, "gil")).json()
    code = parameters(person.go(rocket))["code"]
    disable()
    for answer in (backend.exchange(rocket, code), backend.refresh(rocket, made["refresh_token"])):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_tokens_of_apps_and_of_the_dashboards_read_nothing(
    new_person: Callable[[], Person],
    rocket: NewLoginClient,
    backend: Backend,
    install: Install,
    disable: Callable[[], None],
) -> None:
    of_app = backend.exchange(rocket, new_person().code(rocket, "gil")).json()["access_token"]
    scope = "openid roster.readonly events.readonly"
    code = new_person().code(install.apps.ours, "gil", scope=scope)
    of_dashboards = backend.exchange(install.apps.ours, code).json()["access_token"]
    assert backend.get("/roster", of_dashboards).status_code == 200
    disable()
    assert backend.get("/auth/1.0/userinfo", of_app).status_code == 401
    for path in ("/roster", "/probe", "/auth/1.0/userinfo"):
        assert backend.get(path, of_dashboards).status_code == 401


def test_an_external_provider_does_not_let_them_in(
    install: Install, disable: Callable[[], None]
) -> None:
    claims = {"sourcedId": "g-gil"}
    with install.context.database.connection() as connection:
        assert find_person_of(connection, claims) is not None
        disable()
        assert find_person_of(connection, claims) is None


def test_who_is_enabled_again_is_in_again(
    person: Person, rocket: NewLoginClient, install: Install, disable: Callable[[], None]
) -> None:
    disable()
    install.run(SET, True)
    assert parameters(person.sign_in(rocket, "gil"))["code"]

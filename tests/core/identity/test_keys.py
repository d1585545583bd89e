"""Key rotation: two live keys, one that signs, and nothing from a retired one."""

import time
from collections.abc import Callable

import pytest

from core.identity import keys
from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person


@pytest.fixture
def rotate(install: Install) -> Callable[[], str]:
    """Rotate as the command does; the keyring sees it as if its time to reload had come."""

    def rotated() -> str:
        with install.context.database.connection() as connection:
            kid = keys.rotate(connection)
        install.context.keyring.reload()
        return kid

    return rotated


def published(backend: Backend) -> list[str]:
    answer = backend.http.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert all(
        key["alg"] == "ES256" and key["use"] == "sig" and "d" not in key
        for key in answer.json()["keys"]
    )
    return [key["kid"] for key in answer.json()["keys"]]


def settle(install: Install) -> None:
    install.run("update identity.signing_keys set created_at = created_at - interval '6 minutes'")
    install.context.keyring.reload()


def test_a_new_key_is_published_before_it_signs_and_the_one_before_goes_on_verifying(
    person: Person,
    rocket: NewLoginClient,
    backend: Backend,
    install: Install,
    rotate: Callable[[], str],
) -> None:
    made = backend.exchange(rocket, person.code(rocket)).json()
    old = str(install.context.keyring.signing_key().kid)
    new = rotate()
    assert published(backend) == [new, old]
    assert install.context.keyring.signing_key().kid == old
    settle(install)
    assert install.context.keyring.signing_key().kid == new
    assert backend.get("/auth/1.0/userinfo", made["access_token"]).status_code == 200
    assert backend.claims(made["id_token"])["sub"] == "s-ana"


def test_what_a_retired_key_signed_is_refused(
    person: Person,
    rocket: NewLoginClient,
    backend: Backend,
    install: Install,
    rotate: Callable[[], str],
) -> None:
    made = backend.exchange(rocket, person.code(rocket)).json()
    userinfo = "/auth/1.0/userinfo"
    assert backend.get(userinfo, made["access_token"]).status_code == 200
    second, third = rotate(), rotate()
    assert published(backend) == [third, second]
    time.sleep(1.1)
    assert backend.get(userinfo, made["access_token"]).status_code == 401
    again = backend.refresh(rocket, made["refresh_token"]).json()
    assert backend.get(userinfo, again["access_token"]).status_code == 200
    with install.context.database.connection() as connection:
        listed = keys.list_keys(connection)
    assert [key.kid for key in listed if key.retired_at is None] == [third, second]
    assert [key.kid for key in listed if key.is_signing] == [second]

"""Wrong passwords: the same answer for every account, and a wait that doubles."""

import re
from collections.abc import Callable, Iterator

import pytest

from core.identity.lockout import LIMITS, Limit
from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Install, Person, parameters
from tests.core.identity.school import PASSWORD

WRONG = "not the password"


@pytest.fixture(autouse=True)
def _forget(install: Install) -> Iterator[None]:
    install.run("delete from identity.sign_in_failures")
    yield
    install.run("delete from identity.sign_in_failures")


def pass_time(install: Install) -> None:
    install.run("update identity.sign_in_failures set locked_until = now()")


@pytest.mark.parametrize("who", ["ana", "nobody"])
def test_after_five_failures_an_account_waits_known_or_not(
    person: Person, rocket: NewLoginClient, who: str
) -> None:
    person.go(rocket)
    pages = [person.send(email=f"{who}@maple.example", password=WRONG) for _ in range(6)]
    assert [page.status_code for page in pages] == [403, 403, 403, 403, 429, 429]
    assert [page.headers.get("retry-after") for page in pages[:5]] == [None] * 4 + ["30"]
    assert "E-mail and password do not match." in pages[0].text
    assert 'role="alert"' in pages[0].text
    assert "Try again in 30 seconds." in pages[4].text


def test_known_and_unknown_accounts_read_the_same(person: Person, rocket: NewLoginClient) -> None:
    def page(who: str) -> str:
        person.go(rocket)
        text = person.send(email=f"{who}@maple.example", password=WRONG).text
        return re.sub(r'name="csrf" value="[^"]+"', "", text).replace(who, "")

    assert page("ana") == page("nobody")


def test_while_an_account_waits_its_password_is_not_looked_at(
    person: Person, rocket: NewLoginClient, install: Install
) -> None:
    person.go(rocket)
    for _ in range(5):
        person.send(email="ANA@maple.example ", password=WRONG)
    assert person.send(email="ana@maple.example", password=PASSWORD).status_code == 429
    pass_time(install)
    assert parameters(person.send(email="ana@maple.example", password=PASSWORD))["code"]


def test_each_failure_doubles_the_wait_and_a_success_starts_anew(
    new_person: Callable[[], Person], rocket: NewLoginClient, install: Install
) -> None:
    person = new_person()
    person.go(rocket)
    waits = []
    for _ in range(6):
        waits.append(person.send(email="ana@maple.example", password=WRONG).headers)
        pass_time(install)
    assert [headers.get("retry-after") for headers in waits[4:]] == ["30", "60"]
    assert parameters(person.send(email="ana@maple.example", password=PASSWORD))["code"]
    other = new_person()
    other.go(rocket)
    assert other.send(email="ana@maple.example", password=WRONG).status_code == 403


def test_an_address_that_tries_many_accounts_waits_too(
    person: Person, rocket: NewLoginClient, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "address", Limit(failures=3, first=30, most=300))
    person.go(rocket)
    pages = [person.send(email=f"x{n}@maple.example", password=WRONG) for n in range(3)]
    assert pages[-1].status_code == 429
    assert person.send(email="ana@maple.example", password=PASSWORD).status_code == 429
    names = install.run("select encode(key_hash, 'escape') from identity.sign_in_failures")
    assert not any("maple" in name for (name,) in names)


def test_the_wait_grows_to_its_most() -> None:
    waits = [LIMITS["account"].wait_seconds(count) for count in (1, 4, 5, 6, 9, 10, 500)]
    assert waits == [0, 0, 30, 60, 480, 900, 900]

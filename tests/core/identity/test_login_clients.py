"""Which addresses an app may register, and whose apps they are."""

import psycopg
import pytest

from core.errors import UnacceptableError
from core.identity import login_clients
from tests.core.identity.conftest import Install


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://rocket.example/callback", "must be https"),
        ("https://rocket.example/*", "wildcard"),
        ("https://*.rocket.example/callback", "wildcard"),
        ("https://rocket.example/callback#top", "fragment"),
        ("https://ada@rocket.example/callback", "user info"),
        ("https://rocket.example:port/", "not a URL"),
        ("/callback", "absolute"),
        ("https:///callback", "absolute"),
        ("https://rocket.example/a b", "absolute"),
        ("javascript:alert(1)", "absolute"),
        ("rocket://callback", "must be https"),
    ],
)
def test_an_address_that_cannot_be_matched_safely_is_refused(
    install: Install, uri: str, reason: str
) -> None:
    with (
        psycopg.connect(str(install.settings.database_url)) as connection,
        pytest.raises(UnacceptableError, match=reason) as refused,
    ):
        login_clients.create_login_client(
            connection,
            "App",
            partner_client_id=install.apps.partner_of_rocket,
            redirect_uris=["https://good.example/", uri],
        )
    assert [fault.path for fault in refused.value.faults] == ["redirect_uris[1]"]


def test_an_app_needs_an_address_and_a_name(install: Install) -> None:
    with psycopg.connect(str(install.settings.database_url)) as connection:
        for name, uris in (("App", []), (" ", ["https://good.example/"])):
            with pytest.raises(UnacceptableError, match="needs"):
                login_clients.create_login_client(
                    connection, name, partner_client_id=None, redirect_uris=uris
                )


def test_apps_are_listed_by_partner_and_go_with_it(install: Install) -> None:
    partner = install.apps.partner_of_rocket
    with psycopg.connect(str(install.settings.database_url)) as connection:
        mine = login_clients.list_login_clients(connection, partner)
        assert [(app.name, app.is_public) for app in mine] == [
            ("Reading Rocket", False),
            ("Rocket phone", True),
        ]
        ours = login_clients.list_login_clients(connection, None)
        assert {app.name for app in ours} >= {"Dashboards"}
        connection.execute(
            "update identity.clients set status = 'revoked' where client_id = %s", [partner]
        )
        gone = login_clients.list_login_clients(connection, partner)
        assert {app.status for app in gone} == {"revoked"}
        connection.rollback()


def test_a_secret_opens_only_its_own_app(install: Install) -> None:
    rocket, phone = install.apps.rocket, install.apps.phone
    with psycopg.connect(str(install.settings.database_url)) as connection:
        secret = str(rocket.client_secret)
        assert login_clients.is_secret_of(connection, rocket.client.client_id, secret)
        assert not login_clients.is_secret_of(connection, phone.client.client_id, secret)
        assert not login_clients.is_secret_of(connection, phone.client.client_id, "")
        [(kept,)] = connection.execute(
            "select string_agg(c::text, ' ') from identity.login_clients as c"
        ).fetchall()
    assert secret not in kept

"""The two small schools with a sender of alerts, and a real mail server beside them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from api.alerts.composers import composers
from core.alerts.sending import Sender
from core.settings import Settings
from tests.core.alerts.mailbox import QUOTED_PASSWORD, USER, Mailbox

FRIDAY_NOON = datetime(2026, 11, 20, 18, 12, tzinfo=UTC)  # 12:12 in Chicago; as new as the build
ORIGIN = "https://reports.school.test"


@pytest.fixture(scope="session")
def install(schools: Settings) -> Settings:
    """The schools; guides' digests are due at noon, parents' on Friday at noon."""
    hours = {"guide_digest_hour": 12, "parent_digest_hour": 12, "parent_digest_weekday": 4}
    return schools.model_copy(update=hours)


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """A mail server on this machine."""
    with Mailbox.open(tmp_path_factory.mktemp("mail")) as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(mail_server: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """The server, empty, and trusted by this test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    mail_server.empty()
    return mail_server


@pytest.fixture
def database(install: Settings) -> Iterator[psycopg.Connection[Any]]:
    """The install's PostgreSQL, with an empty outbox."""
    assert install.database_url is not None
    with psycopg.connect(install.database_url, autocommit=True) as connection:
        connection.execute("truncate alerting.outbox, alerting.muted")
        connection.execute("delete from identity.audit_log where action like 'alert.%'")
        yield connection
        connection.execute("truncate alerting.outbox, alerting.muted")


Senders = Callable[..., Sender]


@pytest.fixture
def sender(install: Settings, database: psycopg.Connection[Any]) -> Senders:
    """A sender by way of a mailbox; without one, into the outbox."""
    assert database is not None

    def made(mailbox: Mailbox | None = None, **other: Any) -> Sender:
        mail = {}
        if mailbox is not None:
            url = f"smtp://{USER}:{QUOTED_PASSWORD}@localhost:{mailbox.port}"
            mail = {"smtp_url": SecretStr(url), "smtp_from": "TimeBack <reports@school.test>"}
        settings = install.model_copy(update={**mail, **other})
        assert settings.database_url is not None
        return Sender(settings, settings.database_url, composers(ORIGIN))

    return made

"""Mail servers: how they are named, when a plain connection is refused, what cannot be reached."""

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.alerts.digest import Digest
from core.alerts.mail import Mailer, NotSentError
from core.errors import UnacceptableError
from core.settings import Settings
from tests.core.alerts.mailbox import QUOTED_PASSWORD, USER, Mailbox

SENDER = "TimeBack <reports@school.test>"


def mailer(url: str, sender: str | None = SENDER) -> Mailer:
    """The server that a URL names."""
    made = Mailer.of(Settings(data_dir=Path(), smtp_url=SecretStr(url), smtp_from=sender))
    assert made is not None
    return made


def send(server: Mailer) -> None:
    """Send a short mail."""
    figures = {
        "greeting": "G",
        "day": "D",
        "sentence": "S",
        "flagged": [],
        "link": "L",
        "as_of": "A",
        "build": 1,
    }
    digest = Digest("guide_daily", "Subject", figures, (), "b")
    server.send(server.message(7, "gwen@school.test", digest))


def test_a_url_names_scheme_host_port_and_login() -> None:
    server = mailer(f"smtp://{USER}:{QUOTED_PASSWORD}@mail.school.test")
    assert (server.host, server.port, server.user) == ("mail.school.test", 587, USER)
    assert server.password == "p@ss:word"
    assert mailer("smtps://mail.school.test").port == 465


def test_without_a_url_there_is_no_server() -> None:
    assert Mailer.of(Settings(data_dir=Path())) is None


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("mail.school.test", SENDER),
        ("http://mail", SENDER),
        ("smtp://mail", None),
        ("smtp://mail", "x"),
    ],
)
def test_settings_that_name_no_server_or_sender_are_refused(url: str, sender: str | None) -> None:
    with pytest.raises(UnacceptableError):
        mailer(url, sender)


@pytest.mark.parametrize(
    ("host", "must_encrypt"),
    [
        ("localhost", False),
        ("127.0.0.1", False),
        ("[::1]", False),
        ("10.0.0.1", True),
        ("mail.school.test", True),
    ],
)
def test_only_a_server_on_this_machine_may_be_spoken_to_plainly(
    host: str, must_encrypt: bool
) -> None:
    assert mailer(f"smtp://{host}").must_encrypt == must_encrypt


def test_a_wrong_password_is_certainly_not_sent(mailbox: Mailbox) -> None:
    with pytest.raises(NotSentError, match="535"):
        send(mailer(f"smtp://{USER}:wrong@localhost:{mailbox.port}"))
    assert mailbox.received == []


def test_a_certificate_that_nobody_vouches_for_is_not_sent_to(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotSentError, match="CERTIFICATE_VERIFY_FAILED"):
        send(mailer(f"smtp://{USER}:{QUOTED_PASSWORD}@localhost:{mailbox.port}"))
    assert mailbox.received == []


def test_a_server_that_does_not_answer_is_certainly_not_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSentError):
            send(mailer(f"smtp://127.0.0.1:{unused.getsockname()[1]}"))

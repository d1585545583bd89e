"""A real mail server that takes mail only over TLS and from its one user."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "reports", "p@ss:word"
QUOTED_PASSWORD = "p%40ss%3Aword"


@dataclass
class Mailbox:
    """What arrived, and how the server answers the next mail."""

    certificate: Path
    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    refusal: str | None = None
    breaks: bool = False

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> "Iterator[Mailbox]":
        """Serve on a free port until the end of the block."""
        certificate, key = write_certificate(folder)
        mailbox = cls(certificate)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            mailbox.port = free.getsockname()[1]
        controller = Controller(
            mailbox,
            hostname="127.0.0.1",
            port=mailbox.port,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=check,
        )
        controller.start()
        yield mailbox
        controller.stop()

    def empty(self) -> None:
        """Forget what arrived and how to answer."""
        self.received.clear()
        self.refusal, self.breaks = None, False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the address or refuse it."""
        assert server is not None
        assert session.ssl is not None
        assert options is not None
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, and answer or break off."""
        assert session.authenticated
        assert isinstance(envelope.content, bytes)
        parsed: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append(parsed)
        if self.breaks:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 Taken"


def check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    """The one user with the one password."""
    assert server is not None
    assert envelope is not None
    assert session.ssl is not None
    assert mechanism
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that it signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths

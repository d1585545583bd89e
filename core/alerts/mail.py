"""Sending mail by SMTP, encrypted unless the server is on this machine."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from core.alerts.digest import Digest
from core.errors import UnacceptableError
from core.settings import Settings

TIMEOUT_SECONDS = 30.0
PORTS = {"smtp": 587, "smtps": 465}


class NotSentError(Exception):
    """The mail was certainly not sent; `str()` says why."""


class PerhapsSentError(Exception):
    """The connection broke while the mail was on its way."""


@dataclass(frozen=True)
class Mailer:
    """A mail server. `smtps` is TLS from the start; `smtp` begins plain and goes on by STARTTLS."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    sender: str

    @classmethod
    def of(cls, settings: Settings) -> "Mailer | None":
        """The server that the settings name; None without one; 422 for settings that are none."""
        if settings.smtp_url is None:
            return None
        url = urlsplit(settings.smtp_url.get_secret_value())
        if url.scheme not in PORTS or not url.hostname:
            raise UnacceptableError(
                "TIMEBACK_SMTP_URL is smtp://[user:password@]host[:port], or smtps://….",
                code="smtp_url",
            )
        if "@" not in parseaddr(settings.smtp_from or "")[1]:
            raise UnacceptableError(
                "TIMEBACK_SMTP_FROM is the sender: TimeBack <reports@school.example>.",
                code="smtp_from",
            )
        return cls(
            scheme=url.scheme,
            host=url.hostname,
            port=url.port or PORTS[url.scheme],
            user=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            sender=settings.smtp_from or "",
        )

    @property
    def must_encrypt(self) -> bool:
        """Whether a plain connection is refused: for every server but one on this machine."""
        if self.host == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True

    def message(self, alert_id: int, recipient: str, digest: Digest) -> EmailMessage:
        """The mail: text with HTML beside it, marked as written by a machine (RFC 3834)."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = recipient
        mail["Subject"] = digest.subject
        mail["Date"] = formatdate()
        domain = parseaddr(self.sender)[1].partition("@")[2]
        mail["Message-ID"] = f"<timeback-alert-{alert_id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(digest.text)
        mail.add_alternative(digest.html, subtype="html")
        return mail

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail to the server; NotSentError or PerhapsSentError if that fails."""
        with self._connected() as server:
            try:
                server.send_message(mail)
            except smtplib.SMTPRecipientsRefused as error:
                code, reason = next(iter(error.recipients.values()))
                raise NotSentError(f"The address was refused: {code} {_words(reason)}") from error
            except smtplib.SMTPResponseException as error:
                words = _words(error.smtp_error)
                raise NotSentError(f"The server refused it: {error.smtp_code} {words}") from error
            except (smtplib.SMTPException, OSError) as error:
                raise PerhapsSentError(f"The connection broke: {error}") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise NotSentError(f"{self.host}:{self.port}: {error}") from error
        try:
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # what was sent is sent, however the parting goes
            server.close()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo()
            if self.scheme == "smtp" and (self.must_encrypt or server.has_extn("starttls")):
                server.starttls(context=context)
                server.ehlo()
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


def _words(reason: bytes | str) -> str:
    return reason.decode(errors="replace") if isinstance(reason, bytes) else reason

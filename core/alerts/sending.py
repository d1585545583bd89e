"""Writing and sending what is due: claimed, composed, kept, sent, audited, in this order."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from core import audit
from core.access import Viewer
from core.alerts import outbox
from core.alerts.digest import Digest
from core.alerts.kinds import KindName, kinds
from core.alerts.mail import Mailer, NotSentError, PerhapsSentError
from core.alerts.recipients import Due, due, viewer_of
from core.builds import registry
from core.builds.reader import LakeReader, PublishedLake
from core.errors import ForbiddenError
from core.identity.people import Person, find_person
from core.settings import Settings

logger = logging.getLogger(__name__)

DATES_APART = timedelta(days=1)  # no zone's date is further from that of UTC

Compose = Callable[[psycopg.Connection[Any], PublishedLake, Viewer, Person, date], Digest | None]
Composers = Mapping[KindName, Compose]


@dataclass(frozen=True)
class Written:
    """What became of one alert. `status` is the outbox's; `would send` in a dry run."""

    recipient: str
    kind: KindName
    local_on: date
    status: str
    subject: str = ""


@dataclass(frozen=True)
class Sender:
    """Sends the alerts of one install. `composers` say what each kind tells a person."""

    settings: Settings
    database_url: str
    composers: Composers

    def send_due(
        self, *, on: date | None = None, now: datetime | None = None, is_dry: bool = False
    ) -> list[Written]:
        """Write and send all that is due at `now`, or all of the day `on`, whatever the hour.

        An alert waits for a build that is true at its hour or later. A dry run composes, and
        writes and sends nothing.
        """
        mailer = Mailer.of(self.settings)
        instant = now or datetime.now(UTC)
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            if not is_dry:
                outbox.forget_old(connection)
            settled = outbox.settled(connection, on or instant.date() - DATES_APART)
            waiting = due(connection, kinds(self.settings), instant, settled, on)
            build = registry.latest(connection)
            fresh = [one for one in waiting if build and (on or build.as_of >= one.due_at)]
            if not fresh:
                return []
            tell = self._rehearse if is_dry else self._tell
            with LakeReader(self.settings, self.database_url) as reader, reader.lease() as lake:
                written = [tell(connection, lake, one, mailer) for one in fresh]
        return [one for one in written if one is not None]

    def _compose(
        self, connection: psycopg.Connection[Any], lake: PublishedLake, one: Due, person: Person
    ) -> Digest | None:
        """What the person may see now, in words; None if that is nothing."""
        try:
            compose = self.composers[one.kind.name]
            return compose(connection, lake, viewer_of(person), person, one.local_on)
        except ForbiddenError:
            return None

    def _rehearse(
        self,
        connection: psycopg.Connection[Any],
        lake: PublishedLake,
        one: Due,
        mailer: Mailer | None,
    ) -> Written | None:
        person = find_person(connection, one.person_id)
        digest = self._compose(connection, lake, one, person) if person else None
        if person is None or digest is None:
            return None
        status = "would send" if mailer else "would hold"
        return Written(person.email, one.kind.name, one.local_on, status, digest.subject)

    def _tell(
        self,
        connection: psycopg.Connection[Any],
        lake: PublishedLake,
        one: Due,
        mailer: Mailer | None,
    ) -> Written | None:
        person = find_person(connection, one.person_id)
        if person is None or person.status != "active":
            return None
        alert_id = outbox.claim(connection, one, person.email)
        if alert_id is None:
            return None
        try:
            digest = self._compose(connection, lake, one, person)
        except Exception:
            logger.exception("alert %s could not be composed", alert_id)
            outbox.finish(connection, alert_id, "failed", "It could not be composed; see the log.")
            return Written(person.email, one.kind.name, one.local_on, "failed")
        if digest is None or not _keep(connection, alert_id, digest, one, viewer_of(person)):
            outbox.finish(connection, alert_id, "nothing")
            return Written(person.email, one.kind.name, one.local_on, "nothing")
        status, error = _deliver(mailer, alert_id, person.email, digest)
        outbox.finish(connection, alert_id, status, error)
        return Written(person.email, one.kind.name, one.local_on, status, digest.subject)


def _keep(
    connection: psycopg.Connection[Any], alert_id: int, digest: Digest, one: Due, viewer: Viewer
) -> bool:
    """Write the digest and that it is told; False if somebody in it was erased meanwhile."""
    details = {"kind": one.kind.name, "alert_id": alert_id, "build_id": digest.build_id}
    with connection.transaction():
        if not outbox.write(connection, alert_id, digest):
            return False
        audit.record_reads(connection, viewer, "alert.send", digest.student_ids, details)
    return True


def _deliver(
    mailer: Mailer | None, alert_id: int, recipient: str, digest: Digest
) -> tuple[outbox.Outcome, str | None]:
    if mailer is None:
        return "held", None
    mail = mailer.message(alert_id, recipient, digest)
    try:
        mailer.send(mail)
    except NotSentError as error:
        logger.warning("alert %s was not sent: %s", alert_id, error)
        return "failed", str(error)
    except PerhapsSentError as error:
        logger.warning("alert %s was perhaps not sent: %s", alert_id, error)
        return "uncertain", str(error)
    return "sent", None

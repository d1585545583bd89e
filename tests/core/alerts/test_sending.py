"""An alert goes out once a day, whatever fails; what was certainly not sent is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from core.alerts import outbox
from core.alerts.digest import Digest
from core.alerts.kinds import kinds
from core.alerts.recipients import due
from core.alerts.sending import Sender
from core.errors import NotFoundError
from core.settings import Settings
from tests.core.alerts.conftest import FRIDAY_NOON
from tests.core.alerts.mailbox import Mailbox

Senders = Callable[..., Sender]
Database = psycopg.Connection[Any]
GWEN, PAT = "gwen@school.test", "pat@school.test"


def kept(database: Database) -> dict[str, str]:
    """Status of each alert in the outbox, by recipient."""
    rows = database.execute("select recipient, status from alerting.outbox order by 1").fetchall()
    return dict(rows)


def put(
    database: Database, who: str, kind: str, status: str, attempts: int = 1, days_ago: int = 1
) -> None:
    """An alert of that Friday in the outbox, written and finished so long ago."""
    database.execute(
        "insert into alerting.outbox"
        " (person_id, kind, local_on, status, attempts, recipient, created_at, finished_at)"
        " select person_id, %s, '2026-11-20', %s, %s, email, now() - interval '1 day' * %s,"
        " now() - interval '1 day' * %s from identity.people where email = %s",
        [kind, status, attempts, days_ago, days_ago, who],
    )


def test_mail_goes_out_once_encrypted_and_is_audited(
    sender: Senders, mailbox: Mailbox, database: Database
) -> None:
    written = sender(mailbox).send_due(now=FRIDAY_NOON)
    assert {one.recipient: one.status for one in written} == {GWEN: "sent", PAT: "sent"}
    assert sender(mailbox).send_due(now=FRIDAY_NOON + timedelta(hours=1)) == []
    mails = {mail["To"]: mail for mail in mailbox.received}
    assert sorted(mails) == [GWEN, PAT]
    assert mails[GWEN]["From"] == "TimeBack <reports@school.test>"
    assert mails[GWEN]["Auto-Submitted"] == "auto-generated"
    assert mails[GWEN]["Subject"] == "Friday 20 November: 2 of 4 students need you"
    assert [part.get_content_type() for part in mails[GWEN].iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    audited = database.execute(
        "select student_id, details ->> 'kind' from identity.audit_log"
        " where action = 'alert.send' order by 2, 1"
    ).fetchall()
    assert audited == [
        *((student, "guide_daily") for student in ("ada", "ben", "cleo", "dev")),
        ("ada", "parent_weekly"),
        ("ben", "parent_weekly"),
    ]


def test_without_a_mail_server_alerts_wait_in_the_outbox(
    sender: Senders, database: Database
) -> None:
    sender().send_due(now=FRIDAY_NOON)
    assert kept(database) == {GWEN: "held", PAT: "held"}
    row = database.execute(
        "select text_body, student_ids from alerting.outbox where recipient = %s", [PAT]
    ).fetchone()
    assert row is not None
    assert "Ada earned" in row[0]
    assert row[1] == ["ada", "ben"]


def test_a_refused_mail_is_tried_again_later_and_not_at_once(
    sender: Senders, mailbox: Mailbox, database: Database
) -> None:
    mailbox.refusal = "450 try later"
    sender(mailbox).send_due(now=FRIDAY_NOON)
    assert kept(database) == {GWEN: "failed", PAT: "failed"}
    errors = database.execute("select distinct error from alerting.outbox").fetchall()
    assert errors == [("The address was refused: 450 try later",)]
    mailbox.refusal = None
    assert sender(mailbox).send_due(now=FRIDAY_NOON) == []
    database.execute("update alerting.outbox set finished_at = now() - interval '61 seconds'")
    sender(mailbox).send_due(now=FRIDAY_NOON)
    assert kept(database) == {GWEN: "sent", PAT: "sent"}
    assert database.execute("select distinct attempts from alerting.outbox").fetchall() == [(2,)]


def test_a_mail_that_is_refused_five_times_is_given_up(database: Database) -> None:
    put(database, GWEN, "guide_daily", "failed", attempts=5)
    put(database, PAT, "parent_weekly", "failed", attempts=4)
    settled = outbox.settled(database, FRIDAY_NOON.date())
    assert [kind for _, kind, _ in settled] == ["guide_daily"]


def test_a_mail_that_broke_off_may_have_arrived_and_is_never_repeated(
    sender: Senders, mailbox: Mailbox, database: Database
) -> None:
    mailbox.breaks = True
    sender(mailbox).send_due(now=FRIDAY_NOON)
    assert kept(database) == {GWEN: "uncertain", PAT: "uncertain"}
    mailbox.breaks = False
    assert sender(mailbox).send_due(now=FRIDAY_NOON) == []
    assert len(mailbox.received) == 2


def test_a_process_that_died_while_sending_does_not_send_twice(
    sender: Senders, mailbox: Mailbox, database: Database
) -> None:
    put(database, GWEN, "guide_daily", "sending")
    sender(mailbox).send_due(now=FRIDAY_NOON)
    assert [mail["To"] for mail in mailbox.received] == [PAT]


def test_nothing_is_due_before_its_hour_or_before_the_figures_are_that_new(
    sender: Senders, database: Database
) -> None:
    assert sender(guide_digest_hour=13, parent_digest_hour=13).send_due(now=FRIDAY_NOON) == []
    late = FRIDAY_NOON + timedelta(hours=1)
    assert sender(guide_digest_hour=13, parent_digest_hour=13).send_due(now=late) == []
    assert kept(database) == {}


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    sender: Senders, mailbox: Mailbox, database: Database
) -> None:
    written = sender(mailbox).send_due(on=FRIDAY_NOON.date(), is_dry=True)
    assert {one.recipient: one.status for one in written} == {GWEN: "would send", PAT: "would send"}
    assert kept(database) == {}
    assert mailbox.received == []


def test_who_is_muted_is_written_nothing(install: Settings, database: Database) -> None:
    def is_due() -> set[str]:
        return {one.kind.name for one in due(database, kinds(install), FRIDAY_NOON, set())}

    assert is_due() == {"guide_daily", "parent_weekly"}
    outbox.set_muted(database, GWEN.upper(), is_muted=True)
    assert is_due() == {"parent_weekly"}
    outbox.set_muted(database, GWEN, is_muted=False)
    assert is_due() == {"guide_daily", "parent_weekly"}
    with pytest.raises(NotFoundError):
        outbox.set_muted(database, "nobody@school.test", is_muted=True)


def test_whom_the_roster_disabled_is_written_nothing(install: Settings, database: Database) -> None:
    with database.transaction(force_rollback=True):
        database.execute(
            "update registry.records set payload = payload || '{\"enabledUser\": false}'"
            " where record_type = 'user' and payload @? '$.roles[*] ? (@.role == \"parent\")'"
        )
        found = {one.kind.name for one in due(database, kinds(install), FRIDAY_NOON, set())}
    assert found == {"guide_daily"}


def test_the_hour_is_that_of_the_persons_school_of_a_parent_that_of_a_child(
    install: Settings, database: Database
) -> None:
    zones = {one.kind.name: one.zone.key for one in due(database, kinds(install), FRIDAY_NOON, ())}
    assert zones == {"guide_daily": "America/Chicago", "parent_weekly": "America/Chicago"}
    early = FRIDAY_NOON - timedelta(minutes=13)
    assert list(due(database, kinds(install), early, ())) == []
    saturday = FRIDAY_NOON + timedelta(days=1)
    found = list(due(database, kinds(install), saturday, ()))
    assert [one.kind.name for one in found] == ["guide_daily"]


def test_alerts_are_forgotten_after_thirty_days(database: Database) -> None:
    put(database, PAT, "parent_weekly", "sent", days_ago=31)
    put(database, GWEN, "guide_daily", "sent", days_ago=29)
    outbox.forget_old(database)
    assert kept(database) == {GWEN: "sent"}


def test_a_text_about_someone_erased_meanwhile_is_not_kept(database: Database) -> None:
    put(database, PAT, "parent_weekly", "sending")
    row = database.execute("select alert_id from alerting.outbox").fetchone()
    assert row is not None
    child: dict[str, Any] = {
        "name": "Ada",
        "sentence": "",
        "before": None,
        "subjects": [],
        "mastered": [],
    }
    figures = {"greeting": "Pat", "week": "w", "children": [child], "link": "l", "as_of": "a"}
    gone = Digest("parent_weekly", "Ada", figures, ("ada", "erased"), "b")
    with database.transaction():
        assert not outbox.write(database, row[0], gone)
    assert database.execute("select subject, text_body from alerting.outbox").fetchall() == [
        ("", "")
    ]

"""The reports of partners, each of its own events and courses alone."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from api.events import pending
from api.reading import Reading
from api.reports import sheets
from api.reports.lints import Lint, lint
from api.reports.operations import client_name
from api.reports.queries import content, hygiene, integration, reconciliation, usage
from api.reports.reports import stamp
from api.reports.schemas.partner import (
    PartnerContent,
    PartnerIntegration,
    PartnerUsage,
    Reconciliation,
)
from api.reports.wording import EXPECTED_EVENTS, difference_mend, instead, mend
from core.builds.reader import LakeReader
from core.errors import ForbiddenError, NotFoundError

NEVER_SEEN = {"accepted_count": 0, "other_count": 0, "last_received_at": None}
WAITING: dict[str, Any] = {"event_id": pl.String, "event_type": pl.String, "received_on": pl.Date}
DIFFERENCES = ("missing", "not_accepted", "unknown", "waiting", "accepted")


def _client_id(reading: Reading) -> str:
    """Whose figures they are; 403 for someone who is no partner's."""
    if reading.sight.client_id is None:
        raise ForbiddenError("This report is for the role partner.", code="role_required")
    return reading.sight.client_id


def partner_integration(reading: Reading, days: int) -> PartnerIntegration:
    """How the partner's own events fared over the last `days` days."""
    client_id = _client_id(reading)
    lake = reading.lake
    start = lake.build.as_of - timedelta(days=days)
    seen = {row["event_type"]: row for row in integration.event_types(lake, client_id)}
    reasons = integration.since(lake, integration.REASONS, client_id, start)
    unprocessed = integration.since(lake, integration.UNPROCESSED, client_id, start)
    found = lint(hygiene.shares(lake, reading.sight, start))
    return PartnerIntegration.model_validate(
        {
            **stamp(reading),
            "client_name": client_name(reading),
            "days": integration.since(lake, integration.DAYS, client_id, start),
            "unprocessed": [{**row, "instead": instead(row["event_type"])} for row in unprocessed],
            "reasons": [{**row, "mend": mend(row["reason"])} for row in reasons],
            "event_types": [
                {**expected, **seen.get(expected["event_type"], NEVER_SEEN)}
                for expected in EXPECTED_EVENTS
            ],
            "samples": integration.samples(lake, client_id, start),
            "sessions": integration.sessions(lake, reading.sight, start),
            "lints": [_as_row(one) for one in found],
        }
    )


def _as_row(found: Lint) -> dict[str, Any]:
    rule, share = found.rule, found.share
    return {
        "code": rule.code,
        "severity": found.severity,
        "part_count": share.part,
        "whole_count": share.whole,
        "ratio": share.ratio,
        "warning_above": rule.warning_above,
        "serious_above": rule.serious_above,
        "finding": found.finding,
        "why": rule.why,
        "mend": rule.mend,
    }


def partner_usage(reading: Reading, course_id: str | None, days: int) -> PartnerUsage:
    """How the partner's courses were used on the last `days` local days."""
    choices = _courses(reading, course_id)
    last = usage.today(reading.lake, reading.sight, reading.lake.build.as_of)
    first = last - timedelta(days=days - 1)

    def read(sql: str) -> list[dict[str, Any]]:
        return usage.read(reading.lake, reading.sight, sql, course_id, first, last)

    return PartnerUsage.model_validate(
        {
            **stamp(reading),
            "client_name": client_name(reading),
            "course_id": course_id,
            "first_on": first,
            "last_on": last,
            "choices": choices,
            "totals": read(usage.TOTALS)[0],
            "days": read(usage.DAYS),
            "weeks": read(usage.WEEKS),
            "courses": read(usage.COURSES),
        }
    )


def partner_content(reading: Reading, course_id: str | None) -> PartnerContent:
    """How far the partner's students get with each of its lessons."""
    choices = _courses(reading, course_id)
    return PartnerContent.model_validate(
        {
            **stamp(reading),
            "client_name": client_name(reading),
            "course_id": course_id,
            "choices": choices,
            "lessons": content.lessons(reading.lake, reading.sight, course_id),
        }
    )


def _courses(reading: Reading, course_id: str | None) -> list[dict[str, Any]]:
    """The partner's courses; 404 if the one that is asked for is not among them."""
    choices = usage.courses(reading.lake, _client_id(reading))
    if course_id is not None and course_id not in {one["choice_id"] for one in choices}:
        raise NotFoundError(f"There is no course {course_id!r}.", code="unknown_course")
    return choices


def reconcile(reading: Reading, reader: LakeReader, body: bytes, days: int) -> Reconciliation:
    """A partner's sheet beside what arrived in the last `days` days."""
    client_id = _client_id(reading)
    kind, sent = sheets.parse(body)
    unjudged = pending.of_viewer(reading, reader)
    waiting = pl.DataFrame(
        [{**row, "received_on": row["received_at"].date()} for row in unjudged], schema=WAITING
    )
    if kind == "daily_counts":
        found = _of_days(reconciliation.days(reading.lake, client_id, sent, waiting))
    else:
        since = reading.lake.build.as_of - timedelta(days=days)
        found = _of_events(reading, client_id, sent, waiting, since)
    return Reconciliation.model_validate({**stamp(reading), "kind": kind, **found})


def _of_events(
    reading: Reading, client_id: str, sent: pl.DataFrame, waiting: pl.DataFrame, since: datetime
) -> dict[str, Any]:
    rows = reconciliation.events(reading.lake, client_id, sent, waiting, since)
    counts = {row["difference"]: row["difference_count"] for row in rows}
    listed = [row for row in rows if row["difference"] != "accepted"]
    return {
        "sent_count": len(sent),
        **{f"{name}_count": counts.get(name, 0) for name in DIFFERENCES},
        "is_truncated": len(listed) < sum(counts.values()) - counts.get("accepted", 0),
        "events": [
            {
                **row,
                "mend": difference_mend(
                    row["difference"], row["reason"] or row["verdict"], row["event_type"]
                ),
            }
            for row in listed
        ],
        "days": [],
    }


def _of_days(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def total(name: str) -> int:
        return sum(row[name] for row in rows)

    return {
        "sent_count": total("sent_count"),
        "accepted_count": total("accepted_count"),
        "waiting_count": total("waiting_count"),
        "not_accepted_count": total("arrived_count") - total("accepted_count"),
        "missing_count": sum(max(0, row["missing_count"]) for row in rows),
        "unknown_count": sum(max(0, -row["missing_count"]) for row in rows),
        "is_truncated": False,
        "events": [],
        "days": rows,
    }

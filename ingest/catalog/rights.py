"""Who may write what (design: a partner owns its content, Alpha owns people and classes)."""

from dataclasses import dataclass
from typing import Any

import psycopg

from core.access import Viewer
from core.errors import ForbiddenError
from core.identity.clients import find_client
from core.registry.records import Record
from core.registry.search import find_one
from core.registry.types import ORG, RecordType
from core.registry.visibility import roster_sight


@dataclass(frozen=True)
class Writer:
    """A client that may write a type of record. `client_id` is None for Alpha's own clients."""

    viewer: Viewer
    client_id: str | None
    sandbox_org: str | None
    is_sandbox: bool

    def owns(self, record: Record) -> bool:
        """Whether the record is this writer's to change."""
        return self.client_id is None or record.owner_client_id == self.client_id

    def may_name(self, connection: psycopg.Connection[Any], parent: Record) -> bool:
        """Whether the record may be named as a parent.

        Own records may. Of orgs a testing client's users and classes may name its sandbox alone,
        and a partner's course any org that it sees.
        """
        if self.owns(parent):
            return True
        if parent.record_type != "org":
            return False
        if parent.sourced_id == self.sandbox_org:
            return True
        if self.is_sandbox:
            return False
        sight = roster_sight(connection, self.viewer)
        return find_one(connection, sight, ORG, parent.sourced_id) is not None


def authorize(connection: psycopg.Connection[Any], viewer: Viewer, kind: RecordType) -> Writer:
    """The writer that the viewer is for this type; 403 if it may not write it at all."""
    if viewer.kind != "client":
        raise ForbiddenError("People write nothing here; a client's token does.", code="no_client")
    if viewer.mode == "admin":
        return Writer(viewer, None, None, is_sandbox=False)
    if kind.writer == "admin":
        raise ForbiddenError(
            f"Alpha owns {kind.plural}; a testing client works in the sandbox org that it was"
            " given, a production client in the schools that it reads.",
            code="owned_by_alpha",
        )
    if kind.writer == "testing" and viewer.mode != "testing":
        raise ForbiddenError(
            f"Alpha owns {kind.plural} in production: Alpha rosters students, creates classes and"
            " enrolls, and a production client only reads them. It writes courses, units, lessons"
            " and resources.",
            code="owned_by_alpha",
        )
    sandbox_org = None
    if viewer.mode == "testing":
        client = find_client(connection, viewer.subject)
        sandbox_org = client.org_id if client else None
    return Writer(viewer, viewer.client_id, sandbox_org, is_sandbox=kind.writer == "testing")

"""Writes of one record: create or replace, patch, delete, post."""

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg

from core import audit
from core.access import Viewer
from core.errors import ConflictError, Fault, MalformedError, NotFoundError, UnacceptableError
from core.registry import parents, records
from core.registry.normalise import merge, normalise
from core.registry.records import Record
from core.registry.role_changes import role_change
from core.registry.schemas import AllocatedId, AllocatedIds
from core.registry.search import find_one
from core.registry.types import AGENT, CLASS, COURSE, LESSON, USER, Collection
from core.registry.values import check_sourced_id
from core.registry.visibility import roster_sight
from core.registry.wire import etag, render
from ingest.catalog.preconditions import Preconditions
from ingest.catalog.rights import Writer, authorize

MOST_POSTED = 1000
DEFAULT_ORG_FIELD = {COURSE: "org", USER: "primaryOrg", CLASS: "school"}


@dataclass(frozen=True)
class Written:
    """What a write left: the record as its writer reads it, and its ETag."""

    body: dict[str, Any]
    tag: str
    is_created: bool = False


class Catalog:
    """The writes of one viewer to one collection, in one transaction."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        viewer: Viewer,
        collection: Collection,
        origin: str,
    ) -> None:
        self._connection = connection
        self._viewer = viewer
        self._collection = collection
        self._kind = collection.record_type
        self._origin = origin
        self._writer: Writer = authorize(connection, viewer, self._kind)
        self._sight = roster_sight(connection, viewer)

    def put(self, sourced_id: str, body: dict[str, Any], conditions: Preconditions) -> Written:
        """Create or replace; 409 `sourced_id_unavailable` if another owner holds the id."""
        self._check_id(sourced_id, body)
        existing = self._lock(sourced_id)
        if existing is not None and not self._writer.owns(existing):
            if self._kind is not AGENT:
                raise records.taken(self._kind.name, sourced_id)
            existing = None  # its id names two users, which come first: it must not tell of a link
        self._check_conditions(conditions, existing)
        return self._save(sourced_id, body, existing)

    def patch(self, sourced_id: str, body: dict[str, Any], conditions: Preconditions) -> Written:
        """Change what the body names (RFC 7396); 404 if there is no such record of the writer's."""
        self._check_id(sourced_id, body)
        existing = self._own(sourced_id)
        self._check_conditions(conditions, existing)
        merged = merge(existing.payload, body)
        if self._kind is LESSON and "course" not in body:
            merged.pop("course", None)
        return self._save(sourced_id, merged, existing)

    def delete(self, sourced_id: str, conditions: Preconditions) -> None:
        """Mark as `tobedeleted`; 404 if there is no such record of the writer's."""
        existing = self._own(sourced_id)
        self._check_conditions(conditions, existing)
        self._note_roles(existing, records.delete(self._connection, existing).record)

    def post_all(self, bodies: list[dict[str, Any]]) -> AllocatedIds:
        """Create records, all or none, in one transaction; 409 if one's id is taken."""
        if not 1 <= len(bodies) <= MOST_POSTED:
            raise MalformedError(
                f"A POST holds 1 to {MOST_POSTED} {self._kind.plural}.", code="wrong_number"
            )
        return AllocatedIds(sourcedIdPairs=[self._post(body) for body in bodies])

    def _post(self, body: dict[str, Any]) -> AllocatedId:
        """Create a record under its own id or a new one; returns that id."""
        supplied = body.get("sourcedId")
        sourced_id = str(uuid.uuid4()) if supplied is None else supplied
        self._check_id(sourced_id, body)
        existing = self._lock(sourced_id)
        if existing is not None and not self._writer.owns(existing):
            raise records.taken(self._kind.name, sourced_id)
        if existing is not None:
            raise ConflictError(
                f"The {self._kind.name} {sourced_id!r} exists; PUT replaces it.",
                code="already_exists",
            )
        self._save(sourced_id, body, None)
        return AllocatedId(suppliedSourcedId=supplied, allocatedSourcedId=sourced_id)

    def _check_id(self, sourced_id: Any, body: dict[str, Any]) -> None:
        try:
            check_sourced_id(sourced_id if isinstance(sourced_id, str) else "")
        except ValueError as error:
            raise MalformedError(
                f"{sourced_id!r} cannot be a sourcedId: {error}.",
                code="invalid_sourced_id",
                faults=(Fault(f"{self._kind.name}.sourcedId", f"{error}"),),
            ) from error
        sent = body.get("sourcedId", sourced_id)
        if sent != sourced_id:
            raise MalformedError(
                f"The body's sourcedId {sent!r} is not the path's {sourced_id!r}.",
                code="sourced_id_mismatch",
                faults=(Fault(f"{self._kind.name}.sourcedId", f"must be {sourced_id!r}"),),
            )

    def _lock(self, sourced_id: str) -> Record | None:
        """The record, if there is one; nobody else writes that id until the commit."""
        self._connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{self._kind.name}/{sourced_id}"],
        )
        return records.get(self._connection, self._kind.name, sourced_id)

    def _own(self, sourced_id: str) -> Record:
        existing = self._lock(sourced_id)
        if (
            existing is None
            or not self._writer.owns(existing)
            or self._collection.misfits(existing.payload)
        ):
            name = self._collection.singular
            raise NotFoundError(f"There is no {name} {sourced_id!r}.", code=f"unknown_{name}")
        return existing

    def _save(self, sourced_id: str, body: dict[str, Any], existing: Record | None) -> Written:
        payload = normalise(self._kind, sourced_id, self._complete(body))
        self._check_view(payload)
        parents.check_known(
            self._connection,
            self._kind,
            payload,
            existing,
            lambda parent: self._writer.may_name(self._connection, parent),
        )
        parents.check_acyclic(self._connection, self._kind, payload)
        parents.follow_unit(self._connection, self._kind, payload)
        if existing is not None:
            parents.check_fixed(self._kind, payload, existing)
        saved = records.put(
            self._connection,
            self._kind.name,
            sourced_id,
            payload,
            owner_client_id=self._writer.client_id,
            is_sandbox=self._writer.is_sandbox,
        )
        self._note_roles(existing, saved.record)
        rendered = self._render(saved.record)
        return Written(rendered, etag(rendered), saved.is_created)

    def _note_roles(self, before: Record | None, after: Record) -> None:
        change = role_change(before, after)
        if change is not None:
            audit.record_viewer(self._connection, self._viewer, "role.change", details=change)

    def _complete(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with what the collection and the writer's sandbox imply."""
        implied: dict[str, Any] = dict(self._collection.contains)
        field = DEFAULT_ORG_FIELD.get(self._kind)
        if field and self._writer.sandbox_org and not (body.get("orgs") or body.get("org")):
            implied[field] = {"sourcedId": self._writer.sandbox_org}
        if self._kind is USER and body.get("role"):
            implied.pop("roles", None)
        sent = {key: value for key, value in body.items() if value is not None}
        return implied | sent

    def _check_view(self, payload: dict[str, Any]) -> None:
        """422 if the record would not be in the collection that it is written to."""
        misfits = self._collection.misfits(payload)
        if misfits:
            name = self._collection.singular
            raise UnacceptableError(
                f"This {self._kind.name} is no {name}.",
                code="invalid_record",
                faults=tuple(
                    Fault(f"{self._kind.name}.{field}", f"does not make a {name}")
                    for field in misfits
                ),
            )

    def _check_conditions(self, conditions: Preconditions, existing: Record | None) -> None:
        if conditions.are_set:
            conditions.check(None if existing is None else etag(self._render(existing)))

    def _render(self, record: Record) -> dict[str, Any]:
        body = find_one(self._connection, self._sight, self._kind, record.sourced_id)
        assert body is not None  # noqa: S101  writers see what they own
        return render(body, self._kind, self._origin)

"""Changed roles of users: they decide who sees whom, so each change is written down."""

from collections.abc import Mapping
from typing import Any

from core.registry.records import Record


def role_change(before: Record | None, after: Record) -> dict[str, Any] | None:
    """The old and new roles of a user as details of an audit row; None if none of staff changed.

    Being a student gives sight of nobody else, so that a roster of students is no change.
    """
    if after.record_type != "user":
        return None
    old = _roles(before.payload) if before is not None and before.status == "active" else []
    new = _roles(after.payload) if after.status == "active" else []
    if old == new:
        return None
    return {"user_id": after.sourced_id, "old_roles": old, "new_roles": new}


def _roles(payload: Mapping[str, Any]) -> list[str]:
    """Roles with their orgs, such as `teacher@maple`; `guideOf` gives sight of whole orgs too."""
    roles = payload.get("roles") or []
    held = {
        f"{given.get('role')}@{(given.get('org') or {}).get('sourcedId', '')}"
        for given in roles
        if given.get("role") != "student"
    }
    guided = (payload.get("metadata") or {}).get("guideOf") or []
    return sorted(held | {f"guideOf@{org}" for org in guided})

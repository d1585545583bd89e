"""How records look on the wire: references with links, ETags."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from core.registry.types import RECORD_TYPES, RecordType

BASE = "/rostering/1.0"


def render(body: dict[str, Any], kind: RecordType, origin: str) -> dict[str, Any]:
    """The record with its references as GUIDRefs: href, sourcedId, type (OneRoster 1.2)."""
    rendered = {name: body[name] for name in kind.field_names if name in body} | body
    for parent in kind.parents:
        value = body.get(parent.field)
        if isinstance(value, list):
            rendered[parent.field] = [_link(ref, parent.record_type, origin) for ref in value]
        elif value is not None:
            rendered[parent.field] = _link(value, parent.record_type, origin)
    if "roles" in body and kind.name == "user":
        rendered["roles"] = [
            {**given, "org": _link(given["org"], "org", origin)} if "org" in given else given
            for given in body["roles"]
        ]
    return rendered


def _link(reference: dict[str, Any], record_type: str, origin: str) -> dict[str, Any]:
    sourced_id = str(reference.get("sourcedId", ""))
    plural = RECORD_TYPES[record_type].plural
    return {
        "href": f"{origin}{BASE}/{plural}/{quote(sourced_id, safe='')}",
        "sourcedId": sourced_id,
        "type": record_type,
    }


def etag(rendered: dict[str, Any]) -> str:
    """A strong ETag of one record as its reader sees it (RFC 9110 section 8.8.3)."""
    text = json.dumps(rendered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def etag_matches(header: str, tag: str) -> bool:
    """Whether a list of ETags (If-Match, If-None-Match) names this one; `*` names any."""
    names = {name.strip().removeprefix("W/") for name in header.split(",")}
    return "*" in names or tag in names

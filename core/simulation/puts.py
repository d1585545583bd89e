"""A record on its way to the API, in OneRoster's form."""

from dataclasses import dataclass
from typing import Any

ROSTER = "/rostering/1.0"


@dataclass(frozen=True)
class Put:
    """One record to write."""

    path: str
    body: dict[str, Any]

    @property
    def collection(self) -> str:
        """The collection that the record lies in, e.g. `lessons`."""
        return self.path.split("/")[3]


def ref(sourced_id: str) -> dict[str, str]:
    """A reference to a record."""
    return {"sourcedId": sourced_id}


def put(collection: str, name: str, sourced_id: str, body: dict[str, Any]) -> Put:
    """One record, wrapped (`{"course": {…}}`), to be put in its collection."""
    record = {"sourcedId": sourced_id, "status": "active", **body}
    return Put(f"{ROSTER}/{collection}/{sourced_id}", {name: record})

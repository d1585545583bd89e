"""Who was erased, known by keyed hashes alone, and whether a text names one of them.

A reference names a student as dbt_project/macros/ids.sql reads it: the bare id, `urn:uuid:` and
the id, or a URL whose last path segment is the id.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote

import psycopg

PSEUDONYM = "erased:"
STRING = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
AFTER_PATH = re.compile(r"[?#].*$", re.DOTALL)
MOST_REMEMBERED = 200_000


def meanings(reference: str) -> list[str]:
    """The ids that a reference may mean."""
    meant = [reference]
    if reference.startswith("urn:uuid:"):
        meant.append(reference[len("urn:uuid:") :])
    if "/" in reference:
        segment = AFTER_PATH.sub("", reference).rstrip("/").rpartition("/")[2]
        meant.append(unquote(segment) if "%" in segment else segment)
    return meant


def keyed_hash(key: bytes, student_id: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a student's id, in hexadecimal digits."""
    return hmac.digest(key, student_id.encode(errors="surrogatepass"), hashlib.sha256).hex()


def pseudonym(student_hash: str) -> str:
    """What stands where an erased student's id stood."""
    return PSEUDONYM + student_hash


def read_key(connection: psycopg.Connection[Any]) -> bytes:
    """The key of the hashes, one for each install."""
    row = connection.execute("select hash_key from privacy.state").fetchone()
    assert row is not None  # noqa: S101  the table has exactly one row
    return bytes(row[0])


def pseudonym_if_erased(connection: psycopg.Connection[Any], student_id: str) -> str | None:
    """What an erased student is called in the audit log; None for everyone else."""
    found = connection.execute(
        "select hash_key from privacy.state where exists (select from privacy.erasures)"
    ).fetchone()
    if found is None:
        return None
    student_hash = keyed_hash(bytes(found[0]), student_id)
    row = connection.execute(
        "select 1 from privacy.erasures where student_hash = %s", [student_hash]
    ).fetchone()
    return None if row is None else pseudonym(student_hash)


@dataclass
class Erased:
    """Some erased students; false if there are none."""

    key: bytes
    hashes: frozenset[str]
    _others: set[bytes | str] = field(default_factory=set)  # texts that name none of them

    @classmethod
    def load(cls, connection: psycopg.Connection[Any]) -> Self:
        """Everyone whose erasure was asked for."""
        rows = connection.execute("select student_hash from privacy.erasures").fetchall()
        return cls(read_key(connection), frozenset(found for (found,) in rows))

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def named(self, reference: str | None) -> str | None:
        """The hash of the erased student whom a reference names; None if it names none."""
        if reference is None or reference in self._others:
            return None
        found = self._find(reference)
        if found is None:
            self._remember([reference])
        return found

    def mentions(self, document: bytes | str) -> bool:
        """Whether any string of a JSON text, a member's name included, names an erased student.

        Hot once somebody was erased: each string is hashed once, however often it comes.
        """
        text = document.encode() if isinstance(document, str) else document
        unseen = [quoted for quoted in STRING.findall(text) if quoted not in self._others]
        for quoted in unseen:
            if self._find(_unquoted(quoted)) is not None:
                return True
        self._remember(unseen)
        return False

    def without(self, value: Any) -> Any:
        """A JSON value in which pseudonyms stand for erased students, and no list refers to one."""
        if isinstance(value, str):
            student_hash = self.named(value)
            return value if student_hash is None else pseudonym(student_hash)
        if isinstance(value, list):
            return [self.without(item) for item in value if not self._is_reference(item)]
        if isinstance(value, dict):
            return {self.without(name): self.without(item) for name, item in value.items()}
        return value

    def text_without(self, document: str) -> str:
        """The same for a JSON text."""
        return json.dumps(self.without(json.loads(document)), ensure_ascii=False)

    def _find(self, reference: str) -> str | None:
        for meant in meanings(reference):
            student_hash = keyed_hash(self.key, meant)
            if student_hash in self.hashes:
                return student_hash
        return None

    def _is_reference(self, item: Any) -> bool:
        referred = item.get("sourcedId") if isinstance(item, dict) else item
        return isinstance(referred, str) and self.named(referred) is not None

    def _remember(self, texts: Iterable[bytes | str]) -> None:
        if len(self._others) > MOST_REMEMBERED:
            self._others.clear()
        self._others.update(texts)


def _unquoted(quoted: bytes) -> str:
    if b"\\" not in quoted:
        return quoted.decode(errors="surrogateescape")
    try:
        unescaped: str = json.loads(b'"' + quoted + b'"')
    except ValueError:
        return quoted.decode(errors="replace")
    return unescaped

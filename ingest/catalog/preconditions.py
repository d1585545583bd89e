"""Conditional writes (RFC 9110 section 13): If-Match and If-None-Match."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from core.errors import StaleError
from core.registry.wire import etag_matches


@dataclass(frozen=True)
class Preconditions:
    """What the caller says about the record that it writes over."""

    if_match: Annotated[
        str | None, Header(description="Write only over this version: an ETag, or `*` for any.")
    ] = None
    if_none_match: Annotated[str | None, Header(description="`*`: create only, never replace.")] = (
        None
    )

    @property
    def are_set(self) -> bool:
        """Whether the caller said anything."""
        return self.if_match is not None or self.if_none_match is not None

    def check(self, tag: str | None) -> None:
        """412 unless they hold for the record's ETag; None if there is no record."""
        if self.if_match is not None and (tag is None or not etag_matches(self.if_match, tag)):
            raise StaleError("The record is not the one that If-Match names; read it again.")
        refused = self.if_none_match
        if refused is not None and tag is not None and etag_matches(refused, tag):
            raise StaleError("If-None-Match asked for no such record, but there is one.")


Conditions = Annotated[Preconditions, Depends()]

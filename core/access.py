"""Who asks, and what they may see: the one policy that every read is compiled with."""

from dataclasses import dataclass, field
from typing import Literal

ClientMode = Literal["testing", "production", "admin"]


@dataclass(frozen=True)
class Viewer:
    """Whoever a valid token speaks for: a partner's backend or a person."""

    kind: Literal["client", "person"]
    subject: str
    scopes: frozenset[str]
    client_id: str | None = None
    mode: ClientMode | None = None
    user_id: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def sees_everything(self) -> bool:
        """Admin clients and platform admins."""
        return self.mode == "admin" or "platform_admin" in self.roles

    @property
    def is_partner(self) -> bool:
        """A partner's backend, or one of its people."""
        return self.client_id is not None and not self.sees_everything

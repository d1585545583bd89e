"""What a partner gets when its client is made: who it is, where we are, and ids of its own."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.identity.clients import NewClient
from core.identity.login_clients import NewLoginClient
from core.identity.scopes import IMS_SCOPES

MOST_SLUG = 24


@dataclass(frozen=True)
class Handover:
    """A new client, its login client if it has one, and the origin under which it finds us."""

    new: NewClient
    login: NewLoginClient | None
    origin: str

    @property
    def is_testing(self) -> bool:
        """Whether it may make users, classes and enrollments."""
        return self.new.client.mode == "testing"

    @cached_property
    def prefix(self) -> str:
        """What the ids of the examples begin with: its name, and enough of its client_id."""
        plain = unicodedata.normalize("NFKD", self.new.client.name).encode("ascii", "ignore")
        slug = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:MOST_SLUG]
        return f"{slug.strip('-') or 'partner'}-{self.new.client.client_id[-6:]}"

    def credentials(self) -> dict[str, Any]:
        """`credentials.json`: every secret of the bundle."""
        secrets: dict[str, Any] = {
            "client_id": self.new.client.client_id,
            "client_secret": self.new.client_secret,
        }
        if self.login is not None:
            secrets["login"] = {
                "client_id": self.login.client.client_id,
                "client_secret": self.login.client_secret,
                "redirect_uris": self.login.client.redirect_uris,
            }
        return secrets

    def endpoints(self) -> dict[str, Any]:
        """`endpoints.json`: where everything is, and the scopes in both spellings."""
        paths = {
            "rostering": "/rostering/1.0",
            "events": "/events/1.0/",
            "xp": "/xp/1.0",
            "analytics": "/analytics/1.0",
            "insights": "/insights/1.0",
            "gradebook": "/gradebook/1.0",
            "mastery": "/mastery/1.0",
            "explain": "/explain/1.0",
        }
        sign_in = {
            "discovery": "/.well-known/openid-configuration",
            "authorize": "/auth/1.0/authorize",
            "token": "/auth/1.0/token",
            "userinfo": "/auth/1.0/userinfo",
            "logout": "/auth/1.0/logout",
            "jwks": "/.well-known/jwks.json",
        }
        return {
            "base_url": self.origin,
            "token_url": f"{self.origin}/auth/1.0/token",
            "scopes": {scope: IMS_SCOPES[scope] for scope in self.new.client.scopes},
            "org": self.new.client.org_id,
            "api": {name: self.origin + path for name, path in paths.items()},
            "sign_in_with_timeback": {name: self.origin + path for name, path in sign_in.items()},
            "reference": f"{self.origin}/docs",
        }

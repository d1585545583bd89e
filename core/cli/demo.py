"""The living demo: two schools and three apps, made once and then played through the API."""

import json
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from core import context
from core.identity import clients, people
from core.settings import Settings
from core.simulation.bookmark import Bookmark
from core.simulation.client import Credentials
from core.simulation.plan import SimulationPlan
from core.simulation.play import Progress, play_history, play_live


@dataclass(frozen=True)
class SignIn:
    """Someone of the demo who can sign in to the dashboards."""

    role: str
    name: str
    email: str


@dataclass(frozen=True)
class Demo:
    """What the demo needs to go on, kept in the data directory for its owner alone."""

    password: str
    admin: tuple[str, str]
    partners: list[tuple[str, str, str]]  # name, client_id, client_secret
    sign_ins: list[SignIn]

    @property
    def partner_credentials(self) -> list[Credentials]:
        """Of the three apps' backends, in the plan's order."""
        return [Credentials(client_id, secret) for _, client_id, secret in self.partners]


def _file(settings: Settings) -> Path:
    return settings.root / "demo.json"


def _bookmark(settings: Settings) -> Path:
    return settings.root / "demo-played.json"


def is_played(settings: Settings) -> bool:
    """Whether the demo's history is in the journal."""
    return _file(settings).exists() and _bookmark(settings).exists()


def load_demo(settings: Settings) -> Demo | None:
    """The demo of this install, if it has one."""
    if not _file(settings).exists():
        return None
    kept = json.loads(_file(settings).read_text())
    return Demo(
        kept["password"],
        tuple(kept["admin"]),
        [tuple(partner) for partner in kept["partners"]],
        [SignIn(**sign_in) for sign_in in kept["sign_ins"]],
    )


def make_demo(settings: Settings, plan: SimulationPlan) -> Demo:
    """Register the demo's backends and people, once; later calls return the same."""
    known = load_demo(settings)
    if known is not None:
        return known
    password = f"demo-{secrets.token_hex(4)}"
    with psycopg.connect(context.prepare(settings)) as connection:
        alpha = clients.create_client(connection, "Demo roster", mode="admin")
        made = [clients.create_client(connection, app.name, mode="production") for app in plan.apps]
        sign_ins = []
        for email, name, user_id, role in plan.people():
            people.create_person(connection, email, password, user_id=user_id)
            sign_ins.append(SignIn(role, name, email))
        partner = made[0].client
        for role, email, options in (
            ("partner", "partner@demo.example", {"client_id": partner.client_id}),
            ("analyst", "analyst@demo.example", {"is_analyst": True}),
            ("platform admin", "platform@demo.example", {"is_platform_admin": True}),
        ):
            people.create_person(connection, email, password, **options)
            sign_ins.append(SignIn(role, partner.name if role == "partner" else "–", email))
        demo = Demo(
            password,
            (alpha.client.client_id, alpha.client_secret),
            [(new.client.name, new.client.client_id, new.client_secret) for new in made],
            sign_ins,
        )
        file = _file(settings)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(demo), indent=2))
    return demo


def play_past(
    settings: Settings,
    demo: Demo,
    plan: SimulationPlan,
    progress: Progress,
    *,
    api_url: str | None = None,
    stop: threading.Event | None = None,
) -> datetime:
    """Play the plan's history against an API (this install's); returns the moment it reached.

    With `stop`, it waits for an API that is unavailable until that is set.
    """
    url = api_url or settings.origin
    played_until = play_history(
        url, Credentials(*demo.admin), demo.partner_credentials, plan, progress, stop=stop
    )
    Bookmark.of(plan, played_until).save(_bookmark(settings))
    return played_until


def play_present(settings: Settings, stop: threading.Event) -> None:
    """Go on playing from where the demo was left, until `stop`."""
    demo = load_demo(settings)
    bookmark = Bookmark.load(_bookmark(settings))
    if demo is None or bookmark is None:
        return
    plan = bookmark.plan()

    def remember(played_until: datetime) -> None:
        Bookmark.of(plan, played_until).save(_bookmark(settings))

    play_live(
        settings.origin,
        demo.partner_credentials,
        plan,
        stop,
        since=bookmark.played_until,
        on_played=remember,
    )

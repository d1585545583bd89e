"""The hosted pages: rendered here, without a script and without anything from elsewhere."""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from core.identity.login_clients import LOOPBACK_HOSTS

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "style.css").read_text()
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
LOOPBACK_SOURCES = "http://localhost:* http://127.0.0.1:*"
OPTIONAL = {
    "problem": "",
    "advice": "",
    "is_wrong": False,
    "email": "",
    "learns": "",
    "action": "",
    "csrf": "",
    "detail": "",
}

_templates = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def page(
    name: str,
    /,
    *,
    status: int = 200,
    redirect_uri: str | None = None,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page that nobody may frame, keep or follow a referrer from.

    `redirect_uri` is where the page's form will lead in the end; a browser lets a form go nowhere
    else (Content Security Policy 3, `form-action`).
    """
    html = _templates.get_template(f"{name}.html").render(
        OPTIONAL | values,
        style=Markup(STYLE),  # noqa: S704  our own file
    )
    return HTMLResponse(
        html,
        status_code=status,
        headers={
            "Content-Security-Policy": _policy(redirect_uri),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            **(headers or {}),
        },
    )


def initials(name: str) -> str:
    """Up to two letters for someone's picture."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _policy(redirect_uri: str | None) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{STYLE_HASH}'",
            f"form-action 'self'{_form_targets(redirect_uri)}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _form_targets(redirect_uri: str | None) -> str:
    """Where the app may lead on after the redirect: https anywhere, or the own machine."""
    if redirect_uri is None:
        return ""
    parts = urlsplit(redirect_uri)
    if parts.scheme == "https":
        return " https:"
    if parts.hostname in LOOPBACK_HOSTS:
        return f" {LOOPBACK_SOURCES} {parts.scheme}://{parts.netloc}"
    return f" {parts.scheme}://{parts.netloc}"

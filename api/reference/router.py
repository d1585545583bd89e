"""The API reference at /docs: Scalar over our OpenAPI document, its script served from here."""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from scalar_fastapi import AgentScalarConfig, get_scalar_api_reference

from core.openapi import CLIENT_CREDENTIALS

SCRIPT = Path(__file__).parent / "scalar.js"  # `make setup` takes it from its npm package
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def read_reference(request: Request) -> HTMLResponse:
    """The reference as a page; it asks for a client's id and secret and tries requests here."""
    page: HTMLResponse = get_scalar_api_reference(
        openapi_url="/openapi.json",
        title=request.app.title,
        scalar_js_url="/docs/scalar.js",
        scalar_proxy_url="",
        telemetry=False,
        agent=AgentScalarConfig(disabled=True),
        hide_client_button=True,
        overrides={"mcp": {"disabled": True}},
        show_developer_tools="never",
        scalar_favicon_url="data:,",
        with_default_fonts=False,
        authentication={"preferredSecurityScheme": CLIENT_CREDENTIALS},
    )
    page.headers["Content-Security-Policy"] = policy(bytes(page.body).decode())
    page.headers["Cache-Control"] = "no-cache"
    return page


@router.get("/docs/scalar.js")
def read_script() -> FileResponse:
    """Scalar's script, as published."""
    return FileResponse(
        SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, no-cache"}
    )


def policy(page: str) -> str:
    """What the page may do: our script and its own first lines, requests to this origin alone."""
    digests = (hashlib.sha256(code.encode()).digest() for code in INLINE.findall(page))
    own = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {own}; connect-src 'self';"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

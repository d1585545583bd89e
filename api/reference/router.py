"""The API reference at /docs: Scalar over our OpenAPI document, its script served from here."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from scalar_fastapi import get_scalar_api_reference

SCRIPT = Path(__file__).parent / "scalar.js"  # `make setup` takes it from its npm package

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def read_reference(request: Request) -> HTMLResponse:
    """The reference as a page."""
    page: HTMLResponse = get_scalar_api_reference(
        openapi_url="/openapi.json",
        title=request.app.title,
        scalar_js_url="/docs/scalar.js",
        scalar_proxy_url="",
        telemetry=False,
        scalar_favicon_url="data:,",
        with_default_fonts=False,
    )
    return page


@router.get("/docs/scalar.js")
def read_script() -> FileResponse:
    """Scalar's script, as published."""
    return FileResponse(SCRIPT, media_type="text/javascript")

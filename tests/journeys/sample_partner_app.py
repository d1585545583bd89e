"""A partner's app as a partner writes it: Starlette and Authlib's client, nothing of TimeBack's.

A student clicks "Sign in with TimeBack", answers one question, and the app sends what they did.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.integrations.starlette_client import OAuth
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route


@dataclass(frozen=True)
class Bundle:
    """What the partner was handed: where TimeBack is, and two pairs of credentials."""

    origin: str
    login_client_id: str
    login_client_secret: str
    backend_client_id: str
    backend_client_secret: str
    redirect_uri: str
    course: str
    lesson: str


def create_app(bundle: Bundle) -> Starlette:
    """The app."""
    oauth = OAuth()
    oauth.register(
        "timeback",
        client_id=bundle.login_client_id,
        client_secret=bundle.login_client_secret,
        server_metadata_url=f"{bundle.origin}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )

    async def home(request: Request) -> Response:
        student = request.session.get("student")
        if student is None:
            return HTMLResponse('<a href="/login">Sign in with TimeBack</a>')
        return HTMLResponse(
            f"<h1>Hello {student['given_name']}</h1>"
            '<form method="post" action="/answer"><button>6 × 7 = 42</button></form>'
        )

    async def login(request: Request) -> Response:
        response: Response = await oauth.timeback.authorize_redirect(request, bundle.redirect_uri)
        return response

    async def callback(request: Request) -> Response:
        token = await oauth.timeback.authorize_access_token(request)
        claims = token["userinfo"]  # of the ID token, which Authlib verified
        known = ("sourcedId", "given_name", "roles", "org")
        request.session["student"] = {name: claims[name] for name in known}
        return RedirectResponse("/", 303)

    async def answer(request: Request) -> Response:
        event = graded(bundle, request.session["student"]["sourcedId"])
        async with AsyncOAuth2Client(
            bundle.backend_client_id, bundle.backend_client_secret
        ) as backend:
            await backend.fetch_token(
                f"{bundle.origin}/auth/1.0/token", grant_type="client_credentials"
            )
            sent = await backend.post(f"{bundle.origin}/events/1.0/", json=event)
        return HTMLResponse(f"<h1>Sent: {sent.status_code}</h1><p>{event['data'][0]['id']}</p>")

    return Starlette(
        routes=[
            Route("/", home),
            Route("/login", login),
            Route("/callback", callback),
            Route("/answer", answer, methods=["POST"]),
        ],
        middleware=[Middleware(SessionMiddleware, secret_key=uuid4().hex, session_cookie="rocket")],
    )


def graded(bundle: Bundle, sourced_id: str) -> dict[str, Any]:
    """A Caliper envelope: this student earned a point of XP."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {
        "sensor": "https://rocket.example",
        "sendTime": now,
        "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "data": [
            {
                "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
                "id": f"urn:uuid:{uuid4()}",
                "type": "GradeEvent",
                "actor": {"id": sourced_id, "type": "Person"},
                "action": "Graded",
                "object": {"id": f"https://rocket.example/attempts/{uuid4()}", "type": "Attempt"},
                "generated": {"type": "Score", "scoreType": "XP", "scoreGiven": 1},
                "eventTime": now,
                "extensions": {
                    "course": {"id": bundle.course},
                    "lesson": {"id": bundle.lesson},
                },
            }
        ],
    }

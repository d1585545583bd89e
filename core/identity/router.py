"""Token endpoints: client credentials for backends, a password for people, the public keys."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote_plus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from core import audit
from core.dependencies import AppContext, Database, address_of
from core.errors import UnauthorizedError
from core.identity import clients, people, tokens
from core.identity.scopes import parse_scopes
from core.openapi import TOO_MANY

router = APIRouter(tags=["Authentication"])
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MOST_BODY_BYTES = 16_384
MOST_ID_CHARACTERS = 64


class TokenAnswer(BaseModel):
    """An access token (RFC 6749 section 5.1)."""

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.")
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Seconds until it expires.", examples=[3600])
    scope: str = Field(description="What was granted.", examples=["events.write events.readonly"])


class Credentials(BaseModel):
    """What a person types to sign in."""

    email: str
    password: str


class SignedIn(TokenAnswer):
    """A person's access token, and who they are."""

    person: dict[str, Any] = Field(description="`name`, `email` and `roles` of the person.")


@dataclass(frozen=True)
class Grant:
    """What a caller of the token endpoint sent; `fault` says why it could not be read."""

    parameters: dict[str, str]
    is_json: bool
    fault: str | None = None


async def read_grant(request: Request) -> Grant:
    """The request's parameters, from HTTP Basic and a form or JSON body (RFC 6749 section 2.3)."""
    is_json = request.headers.get("content-type", "").startswith("application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            return Grant({}, is_json, "The body is too large.")
    try:
        if is_json:
            sent = {k: v for k, v in json.loads(body or b"{}").items() if isinstance(v, str)}
        else:
            sent = {k: v[0] for k, v in parse_qs(body.decode(), max_num_fields=50).items()}
    except (ValueError, AttributeError, RecursionError):  # ValueError: no text, too many fields
        return Grant({}, is_json, "The body is neither a form nor a JSON object.")
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return Grant({}, is_json, "The Authorization header is not HTTP Basic.")
        sent |= {"client_id": unquote_plus(user), "client_secret": unquote_plus(password)}
    return Grant(sent, is_json)


def refuse(status: int, error: str, description: str) -> JSONResponse:
    """An OAuth error (RFC 6749 section 5.2)."""
    headers = dict(NO_STORE)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="timeback"'
    return JSONResponse(
        {"error": error, "error_description": description}, status_code=status, headers=headers
    )


TOKEN_BODY = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string", "format": "password"},
                        "scope": {"type": "string"},
                    },
                }
            }
        }
    }
}


@router.post(
    "/auth/1.0/token",
    response_model=TokenAnswer,
    openapi_extra=TOKEN_BODY,
    responses={
        400: {"description": "`{error}`"},
        401: {"description": "`invalid_client`"},
        429: TOO_MANY,
    },
)
def issue_token(
    request: Request,
    context: AppContext,
    database: Database,
    grant: Annotated[Grant, Depends(read_grant)],
) -> JSONResponse:
    """An access token for your backend (OAuth 2 client credentials, RFC 6749 section 4.4).

    Send `client_id` and `client_secret` as HTTP Basic, or in the body as a form or as JSON.
    Scopes are `roster.readonly`, `roster.createput`, `events.write`, `events.readonly`, short or
    as IMS URLs; without `scope` you get all that you have. Errors are OAuth's: `invalid_request`,
    `invalid_client`, `unsupported_grant_type`, `invalid_scope`.
    """
    if grant.fault is not None:
        return refuse(400, "invalid_request", grant.fault)
    sent = grant.parameters
    grant_type = sent.get("grant_type", "client_credentials" if grant.is_json else "")
    if not grant_type:
        return refuse(400, "invalid_request", "grant_type is missing: send client_credentials.")
    if grant_type != "client_credentials":
        return refuse(400, "unsupported_grant_type", "The one grant here is client_credentials.")
    client_id, address = sent.get("client_id", ""), address_of(request)
    context.rates.tokens.take(f"{client_id[:MOST_ID_CHARACTERS]} {address}")
    client = clients.authenticate_client(database, client_id, sent.get("client_secret", ""))
    if client is None:
        context.rates.failures.take(address)
        return refuse(401, "invalid_client", "Unknown client_id or wrong client_secret.")
    asked = parse_scopes(sent.get("scope", ""))
    scopes = client.scopes
    if client.scope_mode == "requested" and asked:
        unknown = [scope for scope in asked if scope not in client.scopes]
        if unknown:
            return refuse(400, "invalid_scope", f"This client does not have {unknown[0]}.")
        scopes = asked
    token = tokens.issue_to_client(
        context.keyring, client, scopes,
        issuer=context.settings.origin, seconds=context.settings.token_seconds,
    )  # fmt: skip
    audit.record(
        database,
        actor_kind="client", actor_id=client.client_id, action="token.issue",
        details={"scope": token.scope},
    )  # fmt: skip
    answer = TokenAnswer(**vars(token), token_type="Bearer")  # noqa: S106
    return JSONResponse(answer.model_dump(), headers=NO_STORE)


@router.post("/auth/1.0/people/token", response_model=SignedIn, include_in_schema=False)
def sign_in(context: AppContext, database: Database, credentials: Credentials) -> JSONResponse:
    """A person's access token for e-mail and password; 401 if the two don't match."""
    person = people.sign_in(database, credentials.email, credentials.password)
    if person is None:
        raise UnauthorizedError("E-mail and password do not match.", error="invalid_grant")
    token = tokens.issue_to_person(
        context.keyring, person,
        issuer=context.settings.origin, seconds=context.settings.token_seconds,
    )  # fmt: skip
    who = {"name": person.name, "email": person.email, "roles": sorted(person.roles)}
    answer = SignedIn(**vars(token), token_type="Bearer", person=who)  # noqa: S106
    return JSONResponse(answer.model_dump(), headers=NO_STORE)


@router.get("/.well-known/jwks.json")
def read_public_keys(context: AppContext) -> dict[str, Any]:
    """The keys that verify our tokens, as a JWK set (RFC 7517)."""
    return context.keyring.public_jwks()

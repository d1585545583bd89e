"""The token endpoint, for backends and for apps in which people sign in, and the public keys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from core import audit
from core.dependencies import AppContext, Database, address_of
from core.identity import clients, tokens
from core.identity.documents import REVOKE_BODY, TOKEN_BODY
from core.identity.oidc.adapters import AUTHORIZATION_CODE, REFRESH_TOKEN, ProtocolRequest
from core.identity.oidc.provider import Provider
from core.identity.oidc.router import router as sign_in_router
from core.identity.scopes import parse_scopes
from core.identity.token_request import Grant, read_grant
from core.openapi import TOO_MANY

router = APIRouter(tags=["Authentication"])
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MOST_ID_CHARACTERS = 64


class TokenAnswer(BaseModel):
    """An access token (RFC 6749 section 5.1)."""

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.")
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Seconds until it expires.", examples=[3600])
    scope: str = Field(description="What was granted.", examples=["events.write events.readonly"])
    id_token: str | None = Field(
        None, description="Who signed in: a JWT signed with ES256 (OIDC Core section 2)."
    )
    refresh_token: str | None = Field(
        None, description="Gets the next access token, once; keep it like a password."
    )


def refuse(status: int, error: str, description: str) -> JSONResponse:
    """An OAuth error (RFC 6749 section 5.2)."""
    headers = dict(NO_STORE)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="timeback"'
    return JSONResponse(
        {"error": error, "error_description": description}, status_code=status, headers=headers
    )


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
    """An access token for your backend, or for an app in which someone signed in.

    Your backend uses client credentials (RFC 6749 section 4.4). Send `client_id` and
    `client_secret` as HTTP Basic, or in the body as a form or as JSON. Scopes are
    `roster.readonly`, `roster.createput`, `events.write`, `events.readonly`, short or as IMS URLs;
    without `scope` you get all that you have. Errors are OAuth's: `invalid_request`,
    `invalid_client`, `unsupported_grant_type`, `invalid_scope`.

    An app to which someone came back from Sign in with TimeBack sends `authorization_code` with
    `code`, `redirect_uri` and `code_verifier` (PKCE, S256), later `refresh_token`, with the
    credentials of its login client. It also gets `id_token` and `refresh_token`; errors are then
    `invalid_grant` too. A refresh token is good once: each answer brings the next one.
    """
    if grant.fault is not None:
        return refuse(400, "invalid_request", grant.fault)
    sent, address = grant.parameters, address_of(request)
    if sent.get("resource", context.settings.origin).rstrip("/") != context.settings.origin:
        return refuse(400, "invalid_target", f"resource may only be {context.settings.origin}.")
    grant_type = sent.get("grant_type", "client_credentials" if grant.is_json else "")
    if not grant_type:
        return refuse(400, "invalid_request", "grant_type is missing: send client_credentials.")
    if grant_type in {AUTHORIZATION_CODE, REFRESH_TOKEN}:
        asked_for = ProtocolRequest("POST", "/auth/1.0/token", grant.all_parameters)
        exchanged: JSONResponse = Provider(context, database).create_token_response(asked_for)
        if exchanged.status_code == 401:
            context.rates.failures.take(address)
        return exchanged
    if grant_type != "client_credentials":
        return refuse(
            400,
            "unsupported_grant_type",
            "Send client_credentials, authorization_code or refresh_token.",
        )
    client_id = sent.get("client_id", "")
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
        context.keyring,
        client,
        scopes,
        issuer=context.settings.origin,
        seconds=context.settings.token_seconds,
    )
    audit.record(
        database,
        actor_kind="client",
        actor_id=client.client_id,
        action="token.issue",
        details={"scope": token.scope},
    )
    answer = TokenAnswer(**vars(token), token_type="Bearer")  # noqa: S106
    return JSONResponse(answer.model_dump(exclude_none=True), headers=NO_STORE)


@router.post(
    "/auth/1.0/revoke",
    openapi_extra=REVOKE_BODY,
    responses={400: {"description": "`{error}`"}, 401: {"description": "`invalid_client`"}},
)
def revoke_token(
    context: AppContext,
    database: Database,
    grant: Annotated[Grant, Depends(read_grant)],
) -> JSONResponse:
    """Give back a refresh or access token (`token`), with your app's credentials (RFC 7009).

    It and all tokens of the same sign-in are worth nothing from now on. 200 as well for a token
    that is none.
    """
    if grant.fault is not None:
        return refuse(400, "invalid_request", grant.fault)
    sent = ProtocolRequest("POST", "/auth/1.0/revoke", grant.all_parameters)
    answer: JSONResponse = Provider(context, database).create_endpoint_response("revocation", sent)
    return answer


@router.get("/.well-known/jwks.json")
def read_public_keys(context: AppContext) -> JSONResponse:
    """The keys that verify our tokens, as a JWK set (RFC 7517).

    Look again when a token names a key that you don't know; a new key is here 5 minutes before
    it signs.
    """
    headers = {"Cache-Control": "public, max-age=60"}
    return JSONResponse(context.keyring.public_jwks(), headers=headers)


router.include_router(sign_in_router)

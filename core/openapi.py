"""The OpenAPI document says what this API does, not what FastAPI would do by itself."""

from typing import Any

from fastapi import FastAPI

from core.identity.scopes import CLIENT_SCOPES, MEANINGS

VALIDATION = "HTTPValidationError"
BEARER = "HTTPBearer"
CLIENT_CREDENTIALS = "ClientCredentials"
SCHEME = {
    "type": "oauth2",
    "description": "A partner's backend, with the client_id and client_secret of its bundle.",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "/auth/1.0/token",
            "scopes": {scope: MEANINGS[scope] for scope in CLIENT_SCOPES},
        }
    },
}
TOO_MANY = {
    "description": "Too many requests; `Retry-After` says in how many seconds to come back.",
    "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
    "content": {"application/problem+json": {}},
}


def tell_as_it_is(app: FastAPI) -> None:
    """Make the app's document tell how to authorize, and which refusals there are.

    A parameter or body that does not fit is 400 here, never FastAPI's own 422. Whatever takes a
    token takes one of the client credentials grant, and may be asked too often (429).
    """
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        for operations in document["paths"].values():
            for operation in operations.values():
                _tell(operation)
        components = document.setdefault("components", {})
        for name in (VALIDATION, "ValidationError"):
            components.get("schemas", {}).pop(name, None)
        components.setdefault("securitySchemes", {})[CLIENT_CREDENTIALS] = SCHEME
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way to extend it


def _tell(operation: dict[str, Any]) -> None:
    if VALIDATION in str(operation["responses"].get("422")):
        del operation["responses"]["422"]
    for requirement in operation.get("security", ()):
        if BEARER in requirement:
            operation["security"] = alternatives(requirement[BEARER])
            operation["responses"].setdefault("429", TOO_MANY)
            return


def alternatives(scopes: list[str]) -> list[dict[str, list[str]]]:
    """The security of an operation that needs a token with these scopes."""
    return [{CLIENT_CREDENTIALS: scopes}, {BEARER: scopes}]

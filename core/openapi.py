"""The OpenAPI document says what this API does, not what FastAPI would do by itself."""

from typing import Any

from fastapi import FastAPI

VALIDATION = "HTTPValidationError"


def tell_refusals_as_they_are(app: FastAPI) -> None:
    """Leave out FastAPI's own 422: a parameter or body that does not fit is a 400 here."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        for operations in document["paths"].values():
            for operation in operations.values():
                if VALIDATION in str(operation["responses"].get("422")):
                    del operation["responses"]["422"]
        for name in (VALIDATION, "ValidationError"):
            document.get("components", {}).get("schemas", {}).pop(name, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's way to extend it

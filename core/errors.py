"""Errors that callers see: one tree, one JSON form.

The form is RFC 9457 (`application/problem+json`) and carries what OneRoster clients read
(`imsx_*`, OneRoster 1.2 section 3.4) beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where it is (a JSON path or parameter name) and what is wrong."""

    path: str
    message: str


class AppError(Exception):
    """A refusal that the caller can read and act on."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    minor: ClassVar[str] = "invaliddata"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = code or self.code
        self.faults = faults
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self, *, instance: str, request_id: str) -> dict[str, Any]:
        """The response body."""
        return {
            "type": f"urn:timeback:error:{self.reason}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "message": self.detail,
            "requestId": request_id,
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": self.detail,
            "imsx_CodeMinor": {
                "imsx_codeMinorField": [
                    {
                        "imsx_codeMinorFieldName": "TargetEndSystem",
                        "imsx_codeMinorFieldValue": self.minor,
                    }
                ]
            },
            "imsx_error_details": [
                {"path": fault.path, "message": fault.message} for fault in self.faults
            ],
            **self.extra,
        }


class MalformedError(AppError):
    """400: the request cannot be read."""


class UnauthorizedError(AppError):
    """401: no token, or one that is not good (RFC 6750 section 3)."""

    status = 401
    code = "invalid_token"
    minor = "unauthorisedrequest"

    def __init__(self, detail: str, *, error: str | None = "invalid_token") -> None:
        challenge = 'Bearer realm="timeback"'
        if error:
            challenge += f', error="{error}", error_description="{detail}"'
        super().__init__(detail, code=error, headers={"WWW-Authenticate": challenge})


class ForbiddenError(AppError):
    """403: refused for what can be decided without the record (scope, role, client mode)."""

    status = 403
    code = "forbidden"
    minor = "forbidden"


class NotFoundError(AppError):
    """404: not there, or not the caller's to see; the two read the same."""

    status = 404
    code = "not_found"
    minor = "unknownobject"


class MethodNotAllowedError(AppError):
    """405: the path is there, the method is not."""

    status = 405
    code = "method_not_allowed"


class SlowError(AppError):
    """408: the body did not come in time; the connection is closed."""

    status = 408
    code = "body_too_slow"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Connection": "close"})


class GoneError(AppError):
    """410: it was there and is not kept any more."""

    status = 410
    code = "gone"
    minor = "unknownobject"


class ConflictError(AppError):
    """409: the record's state or owner forbids it."""

    status = 409
    code = "conflict"


class StaleError(AppError):
    """412: the record changed since the caller read it."""

    status = 412
    code = "stale_etag"


class TooLargeError(AppError):
    """413: the body is larger than the limit."""

    status = 413
    code = "body_too_large"


class MediaTypeError(AppError):
    """415: the body's type or encoding is not one that is read here."""

    status = 415
    code = "unsupported_media_type"


class UnacceptableError(AppError):
    """422: well-formed, and nothing in it can be taken."""

    status = 422
    code = "unprocessable"


class TooManyRequestsError(AppError):
    """429: the caller's rate limit is used up; `Retry-After` says when to come back (seconds)."""

    status = 429
    code = "too_many_requests"
    minor = "server_busy"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class HeadersTooLargeError(AppError):
    """431: the request's headers are larger than the limit (RFC 6585 section 5)."""

    status = 431
    code = "headers_too_large"


class AddressTooLongError(AppError):
    """414: the request's address is longer than the limit."""

    status = 414
    code = "address_too_long"


class UnavailableError(AppError):
    """503: a store cannot take or give it now; `Retry-After` says when to come back."""

    status = 503
    code = "unavailable"
    minor = "server_busy"

    def __init__(self, detail: str, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class NoBuildYetError(UnavailableError):
    """503: it is read from a published build, and the first is being made."""

    code = "no_build_yet"


class InternalError(AppError):
    """500: our fault; the request id finds it in the log."""

    status = 500
    code = "internal_error"
    minor = "internal_server_error"

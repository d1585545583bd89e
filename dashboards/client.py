"""The read API, asked with the viewer's own token: dashboards know nothing else."""

import os
from collections.abc import Callable
from typing import Any, Self

import httpx

Answer = dict[str, Any]
TIMEOUT_SECONDS = 20.0
SQL_TIMEOUT_SECONDS = 45.0  # a query has 30 of its own


class ReadError(Exception):
    """The API did not give an answer; `str()` says why in words for the page."""


class SignedOutError(ReadError):
    """The token is no longer good."""


class NotAllowedError(ReadError):
    """The viewer's role has no such report, or what was asked for is not theirs to see."""


class UnavailableError(ReadError):
    """The API cannot be reached, or has nothing published yet."""


def api_url() -> str:
    """Origin of the read API (`TIMEBACK_API_URL`)."""
    return os.environ.get("TIMEBACK_API_URL", "http://127.0.0.1:8000").rstrip("/")


class ReadApi:
    """One viewer's view of the API. `token` None: only signing in is possible."""

    def __init__(
        self,
        http: httpx.Client,
        token: str | None = None,
        shape: Callable[[Answer], Answer] | None = None,
    ) -> None:
        self._http = http
        self._token = token
        self._shape = shape

    @classmethod
    def connect(cls) -> Self:
        """An API client without a viewer, with connections of its own."""
        return cls(httpx.Client(base_url=api_url(), timeout=TIMEOUT_SECONDS))

    def signed_in(self, token: str) -> "ReadApi":
        """The same connections for one viewer."""
        return ReadApi(self._http, token)

    def reach_sign_in(self) -> None:
        """Do nothing if people can be sent to sign in now; ReadError if not."""
        self._ask("GET", "/.well-known/openid-configuration")

    def shaped(self, shape: Callable[[Answer], Answer]) -> "ReadApi":
        """The same viewer, with every answer as `shape` makes it."""
        return ReadApi(self._http, self._token, shape)

    def report(self, path: str, **parameters: Any) -> Answer:
        """The report at `/reports/1.0/…`; parameters that are None are left out."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        return self._ask("GET", f"/reports/1.0/{path}", params=sent)

    def explain_entry(self, entry_id: str) -> Answer:
        """An entry of the XP ledger down to the rule and the event as sent."""
        return self._ask("GET", f"/explain/1.0/xp-entry/{entry_id}")

    def read(self, path: str, **parameters: Any) -> Answer:
        """What a read route answers; parameters that are None are left out."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        return self._ask("GET", path, params=sent)

    def documentation_link(self) -> Answer:
        """A link to the dbt docs that a browser can open: `{url, expires_in}`."""
        return self._ask("POST", "/dbt-docs/links")

    def sql_tables(self) -> Answer:
        """The tables that SQL can ask, with their columns: `{tables, mayReadNames}`."""
        return self._ask("GET", "/sql/1.0/tables")

    def sql(self, query: str, *, with_names: bool = False) -> Answer:
        """The rows of a query; ReadError says what is wrong with it."""
        body = {"sql": query, "withNames": with_names}
        return self._ask("POST", "/sql/1.0/query", json=body, timeout=SQL_TIMEOUT_SECONDS)

    def _ask(self, method: str, path: str, **sent: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            response = self._http.request(method, path, headers=headers, **sent)
        except httpx.TransportError as error:
            raise UnavailableError("The read API cannot be reached.") from error
        if response.is_success:
            answer: Answer = response.json()
            return self._shape(answer) if self._shape else answer
        detail = _detail(response)
        match response.status_code:
            case 401:
                raise SignedOutError(detail)
            case 403 | 404:
                raise NotAllowedError(detail)
            case status if status >= 500:
                raise UnavailableError(detail)
            case _:
                raise ReadError(detail)


def _detail(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return f"The read API answered {response.status_code}."
    return str(body.get("detail") or f"The read API answered {response.status_code}.")

"""The read API, asked with the viewer's own token: dashboards know nothing else."""

import os
from collections.abc import Callable
from typing import Any, Self

import httpx

from dashboards.answers import Answers, question

Answer = dict[str, Any]
TIMEOUT_SECONDS = 20.0
NO_BUILD_YET = "urn:timeback:error:no_build_yet"
SIGN_IN_TIMEOUT_SECONDS = 60.0  # right after a start, beside the first build, answers come late
SQL_TIMEOUT_SECONDS = 45.0  # a query has 30 of its own


class ReadError(Exception):
    """The API did not give an answer; `str()` says why in words for the page."""


class SignedOutError(ReadError):
    """The token is no longer good."""


class NotAllowedError(ReadError):
    """The viewer's role has no such report, or what was asked for is not theirs to see."""


class UnavailableError(ReadError):
    """The API cannot be reached, or cannot answer now."""


class NoBuildYetError(UnavailableError):
    """The first build is being made; `str()` says how far it is."""


def api_url() -> str:
    """Origin of the read API (`TIMEBACK_API_URL`)."""
    return os.environ.get("TIMEBACK_API_URL", "http://127.0.0.1:8000").rstrip("/")


class ReadApi:
    """One viewer's view of the API. `token` None: only signing in is possible."""

    def __init__(
        self,
        http: httpx.Client,
        token: str | None = None,
        answers: Answers | None = None,
        shape: Callable[[Answer], Answer] = lambda answer: answer,
    ) -> None:
        self._http = http
        self._token = token
        self._answers = answers
        self._shape = shape

    @classmethod
    def connect(cls) -> Self:
        """An API client without a viewer, with connections of its own."""
        return cls(httpx.Client(base_url=api_url(), timeout=TIMEOUT_SECONDS))

    def signed_in(self, token: str, answers: Answers | None = None) -> "ReadApi":
        """The same connections for one viewer; `answers` are what their session knows already."""
        return ReadApi(self._http, token, answers)

    def reach_sign_in(self) -> None:
        """Do nothing if people can be sent to sign in now; ReadError if not."""
        path = "/.well-known/openid-configuration"
        self._ask("GET", path, timeout=SIGN_IN_TIMEOUT_SECONDS)

    def shaped(self, shape: Callable[[Answer], Answer]) -> "ReadApi":
        """The same viewer, with every answer as `shape` makes it."""
        return ReadApi(self._http, self._token, self._answers, shape)

    def report(self, path: str, **parameters: Any) -> Answer:
        """The report at `/reports/1.0/…`; parameters that are None are left out."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        answers, asked = self._answers, question(self._token or "", path, sent)
        if answers is not None and (known := answers.find(asked)) is not None:
            return self._shape(known)
        answer = self._fetch("GET", f"/reports/1.0/{path}", params=sent)
        if answers is not None:
            answers.keep(asked, answer)
        return self._shape(answer)

    def freshness(self) -> Answer:
        """How new the figures are, always asked anew; older answers are no longer good."""
        answer = self._ask("GET", "/reports/1.0/freshness")
        if self._answers is not None:
            self._answers.newest_build = answer["build_id"]
        return answer

    def reconcile(self, sheet: bytes) -> Answer:
        """Compare a partner's CSV of event ids or daily counts with what the warehouse has."""
        headers = {"Content-Type": "text/csv"}
        return self._ask("POST", "/reports/1.0/partner/reconcile", content=sheet, headers=headers)

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
        return self._shape(self._fetch(method, path, **sent))

    def _fetch(self, method: str, path: str, **sent: Any) -> Answer:
        headers = sent.pop("headers", {})
        if self._token:
            headers = {"Authorization": f"Bearer {self._token}", **headers}
        try:
            response = self._http.request(method, path, headers=headers, **sent)
        except httpx.TransportError as error:
            raise UnavailableError("The read API cannot be reached.") from error
        if response.is_success:
            answer: Answer = response.json()
            return answer
        problem = _problem(response)
        detail = str(problem.get("detail") or f"The read API answered {response.status_code}.")
        match response.status_code:
            case 401:
                raise SignedOutError(detail)
            case 403 | 404:
                raise NotAllowedError(detail)
            case 503 if problem.get("type") == NO_BUILD_YET:
                raise NoBuildYetError(detail)
            case status if status >= 500:
                raise UnavailableError(detail)
            case _:
                raise ReadError(detail)


def _problem(response: httpx.Response) -> Answer:
    """What the API says of a refusal; empty if it is not the API's."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

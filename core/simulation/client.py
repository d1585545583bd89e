"""A small client of the platform's HTTP API, as a partner's or an admin's backend has one."""

import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

RETRIED = {429, 502, 503, 504}
LONGEST_PAUSE_SECONDS = 10.0


class SimulationError(RuntimeError):
    """The API refused what the simulation must be able to do."""


@dataclass(frozen=True)
class Credentials:
    """An OAuth 2 client."""

    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Receipt:
    """How many events of a post the door took and refused."""

    accepted: int
    rejected: int


class ApiClient:
    """Calls the API with a token of its own; safe to share between threads.

    Answers 429 and 503 and lost connections are tried again, for `patience_seconds` or until
    `stop`; sending an event again is always safe.
    """

    def __init__(
        self,
        api_url: str,
        credentials: Credentials,
        *,
        patience_seconds: float = 60.0,
        stop: threading.Event | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=api_url, timeout=60.0)
        self._credentials = credentials
        self._patience_seconds = patience_seconds
        self._stop = stop or threading.Event()
        self._token = ""
        self._token_lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def put(self, path: str, body: dict[str, Any]) -> None:
        """Create or replace one record; SimulationError if it is refused."""
        response = self._request("PUT", path, body)
        if response.is_error:
            raise SimulationError(f"PUT {path}: {response.status_code} {response.text[:500]}")

    def post_events(self, envelope: dict[str, Any]) -> Receipt:
        """Send one envelope. That every event of it was refused is an answer, not an error."""
        response = self._request("POST", "/events/1.0/?verbose=false", envelope)
        if response.is_error and response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise SimulationError(f"POST events: {response.status_code} {response.text[:500]}")
        answer = response.json()
        if "accepted" not in answer:
            raise SimulationError(f"POST events: {response.status_code} {response.text[:500]}")
        return Receipt(answer["accepted"], answer["rejected"])

    def _request(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        content = msgspec.json.encode(body)
        deadline = time.monotonic() + self._patience_seconds
        pause = 0.2
        while True:
            try:
                response = self._send(method, path, content)
                if response.status_code not in RETRIED:
                    return response
                pause = float(response.headers.get("retry-after", pause))
            except httpx.TransportError as error:
                if self._stop.is_set() or time.monotonic() > deadline:
                    raise SimulationError(f"{method} {path}: {error}") from error
            if self._stop.is_set() or time.monotonic() > deadline:
                raise SimulationError(f"{method} {path}: the API stayed unavailable.")
            self._stop.wait(min(pause, LONGEST_PAUSE_SECONDS))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _send(self, method: str, path: str, content: bytes) -> httpx.Response:
        token = self._token or self._renew("")
        response = self._authorized(method, path, content, token)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response = self._authorized(method, path, content, self._renew(token))
        return response

    def _authorized(self, method: str, path: str, content: bytes, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._http.request(method, path, content=content, headers=headers)

    def _renew(self, stale: str) -> str:
        """A new token, unless another thread has fetched one meanwhile."""
        with self._token_lock:
            if self._token == stale:
                response = self._http.post(
                    "/auth/1.0/token",
                    data={"grant_type": "client_credentials"},
                    auth=(self._credentials.client_id, self._credentials.client_secret),
                )
                if response.status_code in RETRIED:
                    raise httpx.ConnectError("The token endpoint is not available.")
                if response.is_error:
                    raise SimulationError(f"No token: {response.status_code} {response.text[:500]}")
                self._token = response.json()["access_token"]
            return self._token

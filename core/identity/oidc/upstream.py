"""An external identity provider, as a relying party sees it: discovery, code exchange, ID token."""

import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from core.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

TIMEOUT_SECONDS = 10.0
METADATA_SECONDS = 3600.0
LEEWAY_SECONDS = 60
SCOPE = "openid profile email"
ALGORITHMS = ("ES256", "RS256", "PS256", "ES384", "RS384", "EdDSA", "Ed25519")
CALLBACK = "/auth/1.0/callback"


class UpstreamError(Exception):
    """The provider cannot be reached, refused, or sent what cannot be trusted; `str()` says it."""


class Upstream:
    """One provider; keeps its metadata and keys for METADATA_SECONDS."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = (settings.oidc_issuer or "").rstrip("/")
        self._client_id = settings.oidc_client_id or ""
        secret = settings.oidc_client_secret
        self._secret = secret.get_secret_value() if secret else None
        self._redirect_uri = settings.origin + CALLBACK
        self._lock = threading.Lock()
        self._kept: tuple[float, dict[str, Any], KeySet] | None = None

    def authorization_url(
        self, *, state: str, nonce: str, code_verifier: str, **wishes: str | None
    ) -> str:
        """Where a browser signs in; `wishes` (`prompt`, `login_hint`) are left out if None."""
        metadata, _ = self._known()
        asked = {name: value for name, value in wishes.items() if value}
        with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=code_verifier,
                **asked,
            )
        return str(url)

    def claims(self, code: str, *, nonce: str, code_verifier: str) -> dict[str, Any]:
        """The claims of the ID token that a code is good for, all checked."""
        metadata, _ = self._known()
        try:
            with self._client() as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=code_verifier,
                )
        except Exception as error:  # Authlib's own, or of whichever HTTP library it runs on
            raise UpstreamError("It did not take the code.") from error
        return self._verify(str(token.get("id_token", "")), nonce)

    def _client(self) -> "OAuth2Client":
        from authlib.integrations.httpx_client import OAuth2Client  # warns of httpx when imported

        return OAuth2Client(
            self._client_id,
            self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
        )

    def _verify(self, id_token: str, nonce: str) -> dict[str, Any]:
        """OIDC Core section 3.1.3.7; a key that is new to us is looked for once."""
        metadata, keys = self._known()
        try:
            try:
                decoded = jwt.decode(id_token, keys, list(ALGORITHMS))
            except (JoseError, ValueError):
                _, keys = self._known(anew=True)
                decoded = jwt.decode(id_token, keys, list(ALGORITHMS))
            JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": metadata["issuer"]},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise UpstreamError("Its ID token cannot be trusted.") from error
        return decoded.claims

    def _known(self, *, anew: bool = False) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            kept = self._kept
            if kept is None or anew or time.monotonic() - kept[0] > METADATA_SECONDS:
                kept = (time.monotonic(), *self._discover())
                self._kept = kept
            return kept[1], kept[2]

    def _discover(self) -> tuple[dict[str, Any], KeySet]:
        url = f"{self._issuer}/.well-known/openid-configuration"
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
                metadata = client.get(url).raise_for_status().json()
                keys = client.get(metadata["jwks_uri"]).raise_for_status().json()
            is_ours = str(metadata["issuer"]).rstrip("/") == self._issuer
            known = KeySet.import_key_set(keys)
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise UpstreamError("It cannot be reached.") from error
        if not is_ours:
            raise UpstreamError("It is not the issuer that it says it is.")
        return metadata, known


@cache
def upstream(settings: Settings) -> Upstream:
    """The provider of an install."""
    return Upstream(settings)

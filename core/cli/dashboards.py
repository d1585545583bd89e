"""How the dashboards are started, and what they need to let people sign in."""

import hashlib
import hmac
import json
import secrets
import sys
import tomllib
from pathlib import Path
from typing import Any

import psycopg

from core.identity.login_clients import save_login_client
from core.identity.scopes import OPENID, PERSON_SCOPES, PROFILE
from core.settings import Settings

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
CLIENT_ID = "dashboards"
SIGN_IN_TIMEOUT_SECONDS = 60


def register(settings: Settings, connection: psycopg.Connection[Any]) -> Path:
    """Register the dashboards as an app of ours; returns the file that Streamlit reads.

    Safe to repeat: what was made the first time stays good. The file is for its owner alone.
    """
    file = settings.root / "dashboards-secrets.toml"
    secret = _secret(settings, file)
    client_secret, cookie_secret = _derived(secret, "client"), _derived(secret, "cookie")
    redirect_uri = f"{settings.dashboards_origin}/oauth2callback"
    save_login_client(
        connection,
        CLIENT_ID,
        "TimeBack dashboards",
        partner_client_id=None,
        redirect_uris=[redirect_uri],
        post_logout_redirect_uris=[redirect_uri],  # the one address that st.logout names
        client_secret=client_secret,
    )
    text: dict[str, dict[str, object]] = {
        "auth": {
            "client_id": CLIENT_ID,
            "client_secret": client_secret,
            "cookie_secret": cookie_secret,
            "redirect_uri": redirect_uri,
            "server_metadata_url": f"{settings.origin}/.well-known/openid-configuration",
            "expose_tokens": ["access"],
        },
        "auth.client_kwargs": {
            "scope": " ".join([OPENID, PROFILE, *PERSON_SCOPES]),
            "prompt": "",  # else Streamlit asks which account each time
            "code_challenge_method": "S256",
            "timeout": SIGN_IN_TIMEOUT_SECONDS,  # else 5 seconds, and then a bare error page
        },
        "timeback": {"secret": secret},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(
        "\n".join(
            f"[{section}]\n"
            + "".join(f"{name} = {json.dumps(value)}\n" for name, value in rows.items())
            for section, rows in text.items()
        )
    )
    return file


def command(settings: Settings, secrets_file: Path) -> list[str]:
    """How Streamlit is started."""
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP),
        "--server.address",
        settings.host,
        "--server.port",
        str(settings.dashboards_port),
        "--server.headless",
        "true",
        "--browser.gatherUsageStats",
        "false",
        "--secrets.files",
        str(secrets_file),
    ]


def _secret(settings: Settings, file: Path) -> str:
    """The secret of the settings, else the one that was made before, else a new one."""
    if settings.dashboards_secret is not None:
        return settings.dashboards_secret.get_secret_value()
    if file.exists():
        return str(tomllib.loads(file.read_text())["timeback"]["secret"])
    return secrets.token_urlsafe(32)


def _derived(secret: str, purpose: str) -> str:
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256).hex()

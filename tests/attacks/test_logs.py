"""What a whole journey leaves in the logs: no secret, no token, nobody's name, address or id."""

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from psycopg.conninfo import conninfo_to_dict

from core import embedded
from core.context import Context
from core.http import create_app
from core.identity.login_clients import create_login_client
from core.settings import Settings
from ingest.events.examples import ENVELOPE, EXAMPLES
from tests.api import people
from tests.attacks.conftest import Server, publish_catalog

CALLBACK = "https://reading.example.org/callback"
NAME, FAMILY, STUDENT = "Zebulon", "Quartermain", "stu-zq-4711"
EMAIL = "zebulon.quartermain@home.example"
PASSWORD = "guessed-pass-phrase-42"


def live_a_day(server: Server) -> list[str]:
    """Everything that happens to a partner and a student; returns what must stay out of the log."""
    client_id, secret = server.secrets["tryout"]
    token = server.sign_in("tryout")
    with server.client() as http:
        publish_catalog(http, "log-course")
        user = {"givenName": NAME, "familyName": FAMILY, "email": EMAIL}
        assert http.put(f"/rostering/1.0/users/{STUDENT}", json=user).status_code == 201
        places = {"course": {"id": "log-course"}, "lesson": {"id": "log-course-l"}}
        event = EXAMPLES["GradeEvent"] | {"actor": STUDENT, "extensions": places}
        lacking = {**event, "id": "urn:uuid:lacking", "extensions": {}}
        sent = http.post("/events/1.0/", json={**ENVELOPE, "data": [event, lacking]}).json()
        assert (sent["accepted"], sent["rejected"]) == (1, 1)
        for path in (
            f"/rostering/1.0/users?filter=email='{EMAIL}'",
            f"/rostering/1.0/users/{STUDENT}",
            f"/xp/1.0/users/{STUDENT}/entries",
            f"/analytics/1.0/activity?studentId={STUDENT}",
            f"/analytics/1.0/activity?email={EMAIL}",
            f"/insights/1.0/users/{STUDENT}",
            f"/nothing/{STUDENT}",
            f"/rostering/1.0/users?limit={STUDENT}",
        ):
            assert http.get(path).status_code < 500
        broken = json.dumps(user)[:-1].encode()
        json_type = {"Content-Type": "application/json"}
        for method, path in (("PUT", f"/rostering/1.0/users/{STUDENT}"), ("POST", "/events/1.0/")):
            assert http.request(method, path, content=broken, headers=json_type).is_client_error
        bad = {"givenName": 5, "familyName": FAMILY, "email": [EMAIL]}
        assert http.put(f"/rostering/1.0/users/{STUDENT}", json=bad).status_code == 422
    with httpx.Client(base_url=server.origin) as stranger:
        grant = {"grant_type": "client_credentials"}
        stranger.post("/auth/1.0/token", data=grant, auth=(client_id, PASSWORD))
        stranger.post("/auth/1.0/token", json={"client_id": client_id, "client_secret": PASSWORD})
        stranger.get("/rostering/1.0/users", headers={"Authorization": f"Bearer {token}x"})
        stranger.get(f"/health/{token}?access_token={token}")
    sign_in(server, EMAIL, PASSWORD)
    assert "code=" in sign_in(server, "ana@maple.example", people.PASSWORD)
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    personal = [NAME, FAMILY, STUDENT, EMAIL, "ana@maple.example", PASSWORD, people.PASSWORD]
    return [secret, token, token.split(".")[2], basic, *personal]


def sign_in(server: Server, email: str, password: str) -> str:
    """Send the hosted page's form; returns where the browser is sent, if it is."""
    with psycopg.connect(str(server.settings.database_url)) as connection:
        app = create_login_client(
            connection,
            "Reading",
            partner_client_id=server.partners.reading,
            redirect_uris=[CALLBACK],
        ).client
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": "s",
        "nonce": "n",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    with httpx.Client(base_url=server.origin, timeout=30) as browser:
        page = browser.get("/auth/1.0/authorize", params=asked)
        action = html.unescape(re.findall(r'action="([^"]+)"', page.text)[0])
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
        form = {"csrf": csrf, "email": email, "password": password, "do": "sign_in"}
        return str(browser.post(action, data=form).headers.get("location", ""))


def logs_of(server: Server) -> Iterator[tuple[Path, str]]:
    """The API's log and PostgreSQL's."""
    yield server.log, server.log.read_text()
    folder = conninfo_to_dict(str(server.settings.database_url))["host"]
    path = Path(str(folder)) / embedded.LOG
    yield path, path.read_text(errors="replace")


def test_no_log_holds_a_secret_or_a_person(server: Server) -> None:
    hidden = live_a_day(server)
    with pytest.raises(psycopg.errors.UniqueViolation):  # as a bug of ours would
        server.rows(
            "insert into registry.records (record_type, sourced_id, payload)"
            " values ('user', %s, %s)",
            STUDENT,
            json.dumps({"email": EMAIL}),
        )
    logs = dict(logs_of(server))
    assert "Uvicorn running" in logs[server.log]  # they are the logs
    assert any("duplicate key" in log for log in logs.values())
    found = [(path.name, text) for path, log in logs.items() for text in hidden if text in log]
    assert found == []


def test_our_own_fault_is_told_by_its_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    router = APIRouter()

    @router.get("/fails/{who}")
    def fail(who: str) -> None:
        try:
            raise KeyError(who)
        except KeyError as error:
            raise ValueError(f"no mail for {who}") from error

    settings = Settings(data_dir=Path("unopened"))
    context = Context(settings, "", *[None] * 5)  # type: ignore[arg-type]
    answer = TestClient(create_app(settings, [router], context=context)).get(f"/fails/{EMAIL}")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "no mail for" not in answer.text
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert answer.json()["requestId"] in told
    assert "ValueError from KeyError at " in told
    assert "test_logs.py" in told
    assert EMAIL not in caplog.text

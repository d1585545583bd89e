"""A partner's app in which a student signed in reads no record, at any route of the product."""

import re

from fastapi.testclient import TestClient

from core.cli.server import create_app
from core.identity.login_clients import NewLoginClient
from tests.core.identity.conftest import Backend, Install, Person

OPEN_TO_ALL = re.compile(r"/(auth/1\.0|\.well-known)/")
METHODS = {"get", "post", "put", "patch", "delete"}
UNDOCUMENTED = [("post", "/dbt-docs/links")]


def test_no_route_but_userinfo_takes_the_token(
    person: Person, rocket: NewLoginClient, backend: Backend, install: Install
) -> None:
    token = backend.exchange(rocket, person.code(rocket)).json()["access_token"]
    assert backend.get("/auth/1.0/userinfo", token).status_code == 200
    app = create_app(install.settings, context=install.context)
    closed = UNDOCUMENTED + [
        (method, path)
        for path, operations in app.openapi()["paths"].items()
        for method in METHODS & operations.keys()
        if not OPEN_TO_ALL.match(path)
    ]
    assert len(closed) > 60
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as http:
        for method, path in closed:
            answer = http.request(method, re.sub(r"{[^}]+}", "x", path))
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json()["type"] == "urn:timeback:error:insufficient_scope", path

"""A partner's bundle as its reader uses it: the page's commands, the collection's requests."""

import html
import json
import re
import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

BLOCK = re.compile(r'<pre class="sh"><code>(.*?)</code></pre>', re.DOTALL)


def commands(page: str) -> str:
    """The shell blocks of a page, as they are copied from it, in order."""
    blocks = [html.unescape(block) for block in BLOCK.findall(page)]
    assert len(blocks) >= 4
    return "\n".join(blocks)


def start(folder: Path) -> subprocess.Popen[str]:
    """Paste every block of the folder's page into one shell there, which ends at a failure."""
    script = "set -eu\n" + commands((folder / "getting-started.html").read_text())
    return subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class Player:
    """Sends the requests of a Postman collection, as far as ours use its language."""

    def __init__(self, collection: dict[str, Any], client_secret: str) -> None:
        self._items = collection["item"]
        self._variables = {one["key"]: one["value"] for one in collection["variable"]}
        self._variables["client_secret"] = client_secret

    def play(self, http: httpx.Client) -> dict[str, httpx.Response]:
        """Every answer, by the request's name."""
        answers: dict[str, httpx.Response] = {}
        for item in self._items:
            for one in item.get("item", [item]):
                answers[one["name"]] = self._send(http, one)
        return answers

    def _send(self, http: httpx.Client, item: dict[str, Any]) -> httpx.Response:
        request = item["request"]
        body = request.get("body", {})
        headers = {one["key"]: one["value"] for one in request.get("header", [])}
        if request.get("auth", {}).get("type") != "noauth":
            headers["Authorization"] = self._filled("Bearer {{token}}")
        answer = http.request(
            request["method"],
            self._filled(request["url"]),
            headers=headers,
            content=self._filled(body["raw"]) if "raw" in body else None,
            data={one["key"]: self._filled(one["value"]) for one in body.get("urlencoded", [])},
        )
        for event in item.get("event", []):
            assert event["script"]["exec"] == [
                'pm.collectionVariables.set("token", pm.response.json().access_token);'
            ]
            self._variables["token"] = answer.json()["access_token"]
        return answer

    def _filled(self, text: str) -> str:
        text = text.replace("{{$guid}}", str(uuid.uuid4()))
        text = text.replace("{{$isoTimestamp}}", datetime.now(UTC).isoformat())
        return re.sub(r"\{\{(\w+)\}\}", lambda named: str(self._variables[named[1]]), text)


def load(folder: Path, name: str) -> Any:
    """A JSON file of the bundle."""
    return json.loads((folder / name).read_text())

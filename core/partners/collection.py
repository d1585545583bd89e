"""The requests as a Postman collection (format 2.1), which Bruno and Insomnia import too.

Its first request gets a token and keeps it; `client_secret` is to be filled in once.
"""

import json
from typing import Any

from core.partners.handover import Handover
from core.partners.steps import NEW_ID, NOW, Step, Steps

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ON_ANSWER = 'pm.collectionVariables.set("token", pm.response.json().access_token);'
JSON_TYPE = {"key": "Content-Type", "value": "application/json"}
FORM = ("grant_type", "client_id", "client_secret")


def collection(handover: Handover) -> dict[str, Any]:
    """The collection of one partner; a production client's makes no users and sends no events."""
    steps = Steps(handover.prefix)
    folders = {"Publish your catalog": steps.catalog()}
    if handover.is_testing:
        folders |= {
            "Make test users (testing only)": steps.scaffolding(),
            "Send events": steps.events(),
            "Read back": steps.reading(),
        }
    variables = {
        "base_url": handover.origin,
        "client_id": handover.new.client.client_id,
        "client_secret": "",
        "token": "",
    }
    return {
        "info": {
            "name": f"TimeBack for {handover.new.client.name}",
            "description": "Fill in the variable client_secret (credentials.json), then send"
            " “Get a token” and the rest in order.",
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [_variable("token", "{{token}}")]},
        "variable": [_variable(key, value) for key, value in variables.items()],
        "item": [
            _token_request(),
            *(
                {"name": name, "item": [_request(step) for step in requests]}
                for name, requests in folders.items()
            ),
        ],
    }


def _variable(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value, "type": "string"}


def _token_request() -> dict[str, Any]:
    values = ("client_credentials", "{{client_id}}", "{{client_secret}}")
    form = [{"key": key, "value": value} for key, value in zip(FORM, values, strict=True)]
    return {
        "name": "Get a token",
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": [ON_ANSWER]}}],
        "request": {
            "method": "POST",
            "auth": {"type": "noauth"},
            "url": "{{base_url}}/auth/1.0/token",
            "body": {"mode": "urlencoded", "urlencoded": form},
        },
    }


def _request(step: Step) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": step.method,
        "header": [],
        "url": "{{base_url}}" + step.path,
    }
    if step.body is not None:
        raw = json.dumps(step.body, indent=2)
        raw = raw.replace(NEW_ID, "{{$guid}}").replace(NOW, "{{$isoTimestamp}}")
        request["header"] = [JSON_TYPE]
        request["body"] = {
            "mode": "raw",
            "raw": raw,
            "options": {"raw": {"language": "json"}},
        }
    return {"name": step.title, "request": request}

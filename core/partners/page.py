"""`getting-started.html`: one page that needs nothing else, every command as it runs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.identity.scopes import IMS_SCOPES, MEANINGS
from core.partners.handover import Handover
from core.partners.processing import REFUSALS, VERDICTS, WARNINGS
from core.partners.steps import NEW_ID, NOW, Step, Steps
from core.settings import Settings

UNREGISTERED = "https://your-app.example.org/callback"  # where none is known
TEMPLATES = Path(__file__).parent / "templates"


def getting_started(handover: Handover, settings: Settings, mends: Mapping[str, str]) -> str:
    """The page of one partner; `mends` says for each reason of a quarantine what to do."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shell"] = shell
    login = handover.login.client if handover.login else None
    callback = login.redirect_uris[0] if login else UNREGISTERED
    return environment.get_template("getting_started.html").render(
        client=handover.new.client,
        login=login,
        callback=callback,
        callback_path=urlsplit(callback).path or "/",
        base=handover.origin,
        is_testing=handover.is_testing,
        endpoints=handover.endpoints(),
        steps=Steps(handover.prefix),
        scopes=IMS_SCOPES,
        meanings=MEANINGS,
        settings=settings,
        verdicts=VERDICTS,
        refusals=REFUSALS,
        warnings=WARNINGS,
        mends=mends,
        new_id=NEW_ID,
        now=NOW,
        megabytes=f"{settings.max_body_bytes / 1_000_000:g}",
    )


def shell(step: Step) -> str:
    """A request as a shell command; `call`, `new_id` and `now` are functions of the page."""
    if step.method == "GET":
        return f'call "$BASE{step.path}"'
    body = filled(step.body or {})
    return f'call -X {step.method} "$BASE{step.path}" --data @- <<JSON\n{body}\nJSON'


def filled(body: Mapping[str, Any]) -> str:
    """A body as it stands in a shell script, which fills in the id and the time."""
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return text.replace(NEW_ID, "$(new_id)").replace(NOW, "$(now)")

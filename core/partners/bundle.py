"""The bundle as a folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ConflictError
from core.partners.collection import collection
from core.partners.handover import Handover
from core.partners.page import getting_started
from core.settings import Settings

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def require_free(folder: Path) -> None:
    """409 if something lies where the bundle is to be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConflictError(f"{folder} is not empty; say another --out.", code="folder_not_empty")


def write_bundle(
    folder: Path,
    handover: Handover,
    settings: Settings,
    *,
    document: Mapping[str, Any],
    mends: Mapping[str, str],
) -> None:
    """Write the partner's files: readable by their owner alone, as one of them holds the secrets.

    `document` is the OpenAPI document of the API; `mends` what to do for a quarantined event.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    reference = {**document, "servers": [{"url": handover.origin}]}
    for name, text in (
        ("credentials.json", _lines_of(handover.credentials())),
        ("endpoints.json", _lines_of(handover.endpoints())),
        ("postman_collection.json", _lines_of(collection(handover))),
        ("openapi.json", json.dumps(reference)),
        ("getting-started.html", getting_started(handover, settings, mends)),
    ):
        file = folder / name
        file.touch(mode=FILE_MODE)
        file.write_text(text, encoding="utf-8")


def _lines_of(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

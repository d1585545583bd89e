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
SECRET_MODE = 0o600


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
    folder.chmod(FOLDER_MODE)
    credentials = folder / "credentials.json"
    credentials.touch(mode=SECRET_MODE)
    credentials.chmod(SECRET_MODE)
    reference = {**document, "servers": [{"url": handover.origin}]}
    for file, content in (
        (credentials, handover.credentials()),
        (folder / "endpoints.json", handover.endpoints()),
        (folder / "postman_collection.json", collection(handover)),
    ):
        file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "openapi.json").write_text(json.dumps(reference), encoding="utf-8")
    page = getting_started(handover, settings, mends)
    (folder / "getting-started.html").write_text(page, encoding="utf-8")

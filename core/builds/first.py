"""Before the first build: what a read of the marts is answered."""

from typing import Any

import psycopg

from core.builds import registry

RETRY_SECONDS = 5


def outlook(connection: psycopg.Connection[Any]) -> str:
    """How far the first build is, in a sentence or two."""
    build = registry.running(connection)
    told = "The first build is being made"
    if build is not None and build.percent is not None:
        told += f" ({build.percent} %)"
    if registry.last_failure(connection) is not None:
        told += "; the last try failed"
    return f"{told}. Come back in a moment."

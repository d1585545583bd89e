"""Before the first build: what a read of the marts is answered."""

import psycopg

from core.builds import registry
from core.errors import NoBuildYetError

RETRY_SECONDS = 5


def no_build_yet(database_url: str) -> NoBuildYetError:
    """The refusal of a read before the first build: how far that is, and when to come back."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        if registry.latest(connection) is not None:
            detail = "The first build is published and is being opened."
            return NoBuildYetError(detail, retry_after=1)
        build = registry.running(connection)
        has_failed = registry.last_failure(connection) is not None
    detail = "The first build is being made"
    if build is not None and build.percent is not None:
        detail += f" ({build.percent} %)"
    if has_failed:
        detail += "; the last try failed"
    return NoBuildYetError(f"{detail}. Come back in a moment.", retry_after=RETRY_SECONDS)

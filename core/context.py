"""What a running API holds: its settings and one handle for each store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg_pool import ConnectionPool

from core import lake, moved, postgres
from core.builds.reader import LakeReader
from core.identity.keys import Keyring
from core.identity.tokens import TokenVerifier
from core.privacy import ledger
from core.rates import Rates
from core.settings import Settings


@dataclass(frozen=True)
class Context:
    """The handles that requests share; made once per process."""

    settings: Settings
    database_url: str
    database: ConnectionPool
    lake: LakeReader
    keyring: Keyring
    tokens: TokenVerifier
    rates: Rates


def prepare(settings: Settings) -> str:
    """Make an install ready to serve (schema, raw tables); returns the database URL.

    Safe to repeat. Raises ErasuresMissingError if a restored backup brought erased students back.
    """
    url = make_ready(settings)
    ledger.require_applied(settings, url)
    return url


def make_ready(settings: Settings) -> str:
    """Bring the schema and the raw tables to the newest; returns the database URL.

    Raises EmbeddedPostgresError or LakeElsewhereError if one of the two stores does not open.
    """
    settings.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = postgres.database_url(settings)
    postgres.migrate(url)
    moved.follow(settings, url)
    lake.create_raw_schema(settings, url)
    return url


@contextmanager
def open_context(settings: Settings) -> Iterator[Context]:
    """Open the stores of a prepared install; closes them on leaving."""
    url = prepare(settings)
    with (
        ConnectionPool(url, min_size=2, max_size=24, name="timeback-api") as database,
        LakeReader(settings, url) as reader,
    ):
        keyring = Keyring(database)
        tokens = TokenVerifier(database, keyring, issuer=settings.origin)
        yield Context(settings, url, database, reader, keyring, tokens, Rates.of(settings))

"""PostgreSQL: the one transactional store (journal, registry, identity, lake catalog).

By default a server lives inside the data directory and runs while any process of this
install uses it; `TIMEBACK_DATABASE_URL` names a real one instead. One code path, one dialect.
"""

import re
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from core import embedded
from core.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"

TO_ESCAPE = re.compile(r"[\\' ]")  # in a value of a connection string (PostgreSQL 18, 32.1.1.1)
BACKSLASHED = r"\\\g<0>"

SERVER_CONFIG = """
max_connections = 300
shared_buffers = 256MB
synchronous_commit = on
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_completion_target = 0.9
log_min_messages = warning
log_error_verbosity = terse        # no DETAIL or CONTEXT: they quote rows, which hold people
log_min_error_statement = panic    # nor the statement
log_parameter_max_length_on_error = 0
"""


def database_url(settings: Settings) -> str:
    """The server's URL; starts the embedded server if none was named and none runs.

    The embedded server stops with the last process that called this. Raises EmbeddedPostgresError
    if it cannot run.
    """
    if settings.database_url:
        return settings.database_url
    cluster = settings.cluster
    settings.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.mkdir(mode=0o700, exist_ok=True)
    return embedded.start(cluster, SERVER_CONFIG)


def migrate(url: str) -> None:
    """Bring the database to the newest schema: every file of `migrations/` once, in order."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('timeback.migrate'))")
        connection.execute(
            "create table if not exists public.timeback_migrations"
            " (name text primary key, applied_at timestamptz not null default now())"
        )
        applied = {
            name for (name,) in connection.execute("select name from public.timeback_migrations")
        }
        for path in sorted(MIGRATIONS.glob("*.sql")):
            if path.name not in applied:
                connection.execute(path.read_bytes())
                connection.execute(
                    "insert into public.timeback_migrations (name) values (%s)", [path.name]
                )


def libpq_dsn(url: str, application_name: str) -> str:
    """The URL as key=value words, the only form that DuckDB's attach takes."""
    words = conninfo_to_dict(url) | {"application_name": application_name}
    return " ".join(
        f"{key}={TO_ESCAPE.sub(BACKSLASHED, str(value))}" for key, value in words.items() if value
    )

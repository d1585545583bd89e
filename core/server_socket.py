"""Where the socket of the embedded PostgreSQL lies: who reaches it is a superuser there."""

import hashlib
import os
import stat
from pathlib import Path

from core.server_user import EmbeddedPostgresError, ServerUser

SOCKET = ".s.PGSQL.5432"
MOST_SOCKET_BYTES = 103  # of its path: unix(7) has 108 on Linux, 104 on macOS, with a last zero


def socket_folder(cluster: Path) -> Path:
    """Where the server's socket lies: in the cluster, unless that makes its path too long."""
    if len(os.fsencode(cluster / SOCKET)) <= MOST_SOCKET_BYTES:
        return cluster
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path("/run" if os.geteuid() == 0 else "/tmp") / f"timeback-{digest}"  # noqa: S108


def make_private(folder: Path, user: ServerUser | None) -> None:
    """Make a folder for the socket of a server that runs as `user` (None: as we)."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
    require_private(folder, os.geteuid() if user is None else user.uid)


def require_private(folder: Path, uid: int) -> None:
    """Refuse a folder in which someone else could wait for us with a server of theirs."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} is not ours alone: remove it.")

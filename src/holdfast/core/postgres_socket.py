"""The private directory of the embedded PostgreSQL's socket. Whoever may enter it may do anything in the database."""

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from holdfast.core.postgres_account import Account
from holdfast.core.postgres_binaries import EmbeddedPostgresError

LONGEST_PATH = 107 if sys.platform == "linux" else 103  # bytes: sun_path in sys/un.h, less the final zero


def socket_directory(home: Path, *, account: Account | None, port: int) -> Path:
    """Beside the data if the path is short enough, else a short one that the data's path decides. Made, mode 0700."""
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    places = [home / "run"]
    if account is None and (runtime := os.environ.get("XDG_RUNTIME_DIR")):
        places.append(Path(runtime) / f"holdfast-{key}")
    places.append(Path("/tmp") / f"holdfast-{key}")  # noqa: S108 (make_private refuses what others put there)
    for place in places:
        if len(os.fsencode(place / f".s.PGSQL.{port}")) <= LONGEST_PATH:
            with contextlib.suppress(OSError):
                return make_private(place, account)
    tried = ", ".join(str(place) for place in places)
    raise EmbeddedPostgresError(f"PostgreSQL needs a directory with a short path for its socket; tried {tried}.")


def make_private(path: Path, account: Account | None) -> Path:
    """Create `path` if need be, for the account (or us) alone. Refuses one that somebody else put there first."""
    owner = os.geteuid() if account is None else account.uid
    try:
        path.mkdir(mode=0o700)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        found = path.lstat()
        if path.is_symlink() or not path.is_dir() or found.st_uid != owner:
            raise EmbeddedPostgresError(
                f"{path} is not a directory of our own (user {owner}). Remove it and start again."
            ) from None
        path.chmod(0o700)
    return path

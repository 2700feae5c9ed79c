"""As whom and where the embedded PostgreSQL runs: it refuses to be root, and cannot reach what is closed to it."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from holdfast.core.postgres_binaries import Binaries, EmbeddedPostgresError

SYSTEM_HOME = Path("/var/lib/holdfast")
POINTER = "elsewhere"  # a link in the data directory to where the data really is


@dataclass(frozen=True)
class Account:
    """The unprivileged user PostgreSQL runs as when we are root."""

    name: str
    uid: int
    gid: int

    def can(self, test: str, path: Path) -> bool:
        """Whether this user passes `test -x path` (or -r, -w): tried for real, since access lists and mounts count."""
        tried = subprocess.run(
            ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)],
            user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return tried.returncode == 0


def choose_account(data_dir: Path, cluster: Path) -> Account | None:
    """None when we are not root: then PostgreSQL runs as ourselves.

    As root: the owner of the existing data, else the owner of the directory for it (who may come back without root),
    else $HOLDFAST_PG_USER, else `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid == 0:
        raise EmbeddedPostgresError(
            f"{cluster} belongs to root, but PostgreSQL refuses to run as root. "
            "Give it to the user it was made by: chown -R postgres <that directory>."
        )
    for place in (cluster, data_dir):
        if place.exists() and (uid := place.stat().st_uid) != 0:
            return _account_of(uid, gid=place.stat().st_gid)
    wanted = os.environ.get("HOLDFAST_PG_USER")
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedPostgresError(
        f"PostgreSQL refuses to run as root and there is no user {wanted or 'postgres or nobody'}. Run holdfast as "
        "an ordinary user, create one and name it in HOLDFAST_PG_USER, or set DATABASE_URL."
    )


def _account_of(uid: int, *, gid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # data from another machine or container: the number is enough
        return Account(name=str(uid), uid=uid, gid=gid)
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid)


def home_of(data_dir: Path) -> Path:
    """Where the data of this directory is kept: in itself, or where its link points to."""
    pointer = data_dir / POINTER
    return pointer.resolve() if pointer.is_symlink() else data_dir


def settle_home(data_dir: Path, *, system_home: Path = SYSTEM_HOME) -> Path:
    """Where the cluster and its socket live: the data directory itself, unless root keeps it where PostgreSQL's user
    cannot go (/root is closed to all others). Then a new directory under `system_home`, which a link in the data
    directory points to from then on. Data already in place never moves.
    """
    home = home_of(data_dir)
    if home != data_dir:
        if not home.is_dir():
            raise EmbeddedPostgresError(
                f"The data of {data_dir} was kept in {home}, which is gone. Restore it from a backup, "
                f"or remove {data_dir / POINTER} to begin with empty data."
            )
        return home
    account = choose_account(data_dir, data_dir / "cluster")
    if account is None or account.can("-x", data_dir):
        return data_dir
    if (data_dir / "cluster").exists():
        raise EmbeddedPostgresError(
            f"The user {account.name} owns {data_dir / 'cluster'} but cannot enter it. "
            "Open the directories above it with chmod o+x, or run holdfast as that user."
        )
    system_home.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = system_home / f"data-{secrets.token_hex(4)}"
    home.mkdir(mode=0o755)
    home.chmod(0o755)  # whatever the umask says: PostgreSQL's user must pass
    if not account.can("-x", home):
        home.rmdir()
        raise EmbeddedPostgresError(
            f"PostgreSQL must run as {account.name}, who can enter neither {data_dir} nor {system_home}. "
            "Choose a data directory that user can enter, run holdfast as an ordinary user, or set DATABASE_URL."
        )
    (data_dir / POINTER).symlink_to(home)
    return home


def reachable_binaries(binaries: Binaries, *, account: Account | None, home: Path) -> Binaries:
    """The same programs, copied beside the data if the account cannot run them where they are (a venv under /root)."""
    if account is None or account.can("-x", binaries.postgres):
        return binaries
    if not binaries.from_wheel:
        raise EmbeddedPostgresError(
            f"The user {account.name} cannot run {binaries.postgres}. "
            "Open the directories above it with chmod o+x, or unset HOLDFAST_PG_BIN."
        )
    source = binaries.bin_dir.parent
    stamp = binaries.postgres.stat()
    copy = home / f"postgresql-{binaries.major}-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=home, prefix=".copying-") as unfinished:
            shutil.copytree(source, Path(unfinished) / "it", symlinks=True)
            _open_to_all(Path(unfinished) / "it")
            (Path(unfinished) / "it").rename(copy)  # whole or not at all
    return Binaries(copy / "bin", binaries.major, from_wheel=True)


def _open_to_all(top: Path) -> None:
    """Readable by everyone, writable by root alone: the account must not be able to change what it runs."""
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)

"""The cluster's contents: initdb, its settings, our roles and databases. Everything here may be run again."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from holdfast.core.postgres_account import Account
from holdfast.core.postgres_binaries import Binaries, EmbeddedPostgresError

SUPERUSER = "postgres"
OWNER = "holdfast_owner"  # owns the databases, runs migrations
APP = "holdfast_app"  # all the rest; row-level security holds for it
DATABASE = "holdfast"
EXTENSIONS = ("btree_gist",)

_BUILTIN_LOCALE_MAJOR = 17  # from here on PostgreSQL brings C.UTF-8 itself and does not need the system's
_MIB = 1024 * 1024

TUNING = {
    "max_connections": "100",
    "jit": "off",  # our queries are short: compiling them costs more than it saves
    "random_page_cost": "1.1",  # solid-state disks
    "wal_compression": "on",
    "min_wal_size": "160MB",
    "max_wal_size": "1GB",  # bounds the recovery after a crash as well
    "checkpoint_timeout": "5min",
    "autovacuum_naptime": "15s",  # holds and jobs come and go all day
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_lock_waits": "on",
    "log_min_duration_statement": "2s",
}

_ACCESS = """\
# Written by holdfast at every start. The socket's directory is open to holdfast's own user alone.
local all all trust
local replication postgres trust
host all postgres all reject
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


def existing_major(cluster: Path) -> int | None:
    """The PostgreSQL version the data was made with; None when there is no data yet."""
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def create_cluster(cluster: Path, *, binaries: Binaries, account: Account | None) -> None:
    """initdb, whole or not at all: made aside and renamed, so an interrupted first start leaves nothing half done."""
    _require_a_name(os.geteuid() if account is None else account.uid)
    unfinished = cluster.with_name(cluster.name + ".unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
    output = _initdb(unfinished, locale=_locale(binaries), binaries=binaries, account=account)
    if output is not None and "locale" in output:  # the system has no C.UTF-8: bytes compare the same way in C
        output = _initdb(unfinished, locale=["--locale=C"], binaries=binaries, account=account)
    if output is not None:
        shutil.rmtree(unfinished)
        raise EmbeddedPostgresError(f"PostgreSQL could not create its data in {cluster}:\n{output}")
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude_if_exists = 'holdfast.conf'\n# Your own settings go below and win over holdfast's.\n")
    unfinished.rename(cluster)


def _require_a_name(uid: int) -> None:
    """initdb looks its user up; a container started with a bare number for a user has none."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresError(
            f"PostgreSQL cannot create its data as user number {uid}, which has no name on this machine. "
            "Run holdfast as a user listed in /etc/passwd, or set DATABASE_URL."
        ) from None


def _locale(binaries: Binaries) -> list[str]:
    if binaries.major >= _BUILTIN_LOCALE_MAJOR:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _initdb(target: Path, *, locale: list[str], binaries: Binaries, account: Account | None) -> str | None:
    """None when done, else what initdb said."""
    done = subprocess.run(
        [
            str(binaries.initdb), "--pgdata", str(target), "--username", SUPERUSER, "--encoding=UTF8", *locale,
            "--lc-messages=C", "--auth-local=trust", "--auth-host=scram-sha-256", "--data-checksums",
            "--no-instructions",
        ],
        env=server_environment(target),
        cwd=target.parent,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )  # fmt: skip
    return None if done.returncode == 0 else done.stdout.strip()


def server_environment(home: Path) -> dict[str, str]:
    """Nothing of ours: a stray PGPORT or LC_ALL must not change the server."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}


def write_settings(cluster: Path, changes: Mapping[str, str], *, account: Account | None) -> None:
    """Who may enter (pg_hba.conf) and the tuning (holdfast.conf; what is below its mention in postgresql.conf wins)."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MIB
    by_size = {
        "shared_buffers": f"{max(128, min(memory // 8, 1024))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
    }
    lines = "".join(f"{name} = '{value}'\n" for name, value in {**by_size, **TUNING, **changes}.items())
    _write(
        cluster / "holdfast.conf", f"# Written by holdfast at every start; change postgresql.conf.\n{lines}", account
    )
    _write(cluster / "pg_hba.conf", _ACCESS, account)


def _write(path: Path, text: str, account: Account | None) -> None:
    """Whole or not at all, and only when it changes."""
    if path.exists() and path.read_text() == text:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text)
    fresh.chmod(0o600)
    if account is not None:
        os.chown(fresh, account.uid, account.gid)
    fresh.rename(path)


def ensure_roles(admin: psycopg.Connection) -> None:
    """Both roles, able to sign in and nothing more: neither may look past row-level security."""
    wanted = (True, False, False, False, False)
    for role in (OWNER, APP):
        found = admin.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s",
            [role],
        ).fetchone()
        if found != wanted:
            verb = "CREATE" if found is None else "ALTER"
            admin.execute(
                sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(role)
                )
            )


def ensure_database(admin: psycopg.Connection, name: str) -> None:
    """The database, owned by the owner role and closed to all roles but ours. `admin` must be in autocommit mode."""
    known = admin.execute("SELECT datacl FROM pg_database WHERE datname = %s", [name]).fetchone()
    database, owner, app = sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(APP)
    if known is None:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
    if known is None or known[0] is None:  # a start cut short between the two leaves the list of rights empty
        with admin.transaction():
            admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            admin.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))


def ensure_extensions(admin_there: psycopg.Connection) -> None:
    """What the schema needs and only a superuser may install, in the database `admin_there` is connected to."""
    for name in EXTENSIONS:
        if admin_there.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone() is None:
            try:
                admin_there.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            except psycopg.errors.FeatureNotSupported as missing:
                raise EmbeddedPostgresError(
                    f"This PostgreSQL has no extension {name}. Install its contrib package (postgresql-contrib)."
                ) from missing


def set_password(admin: psycopg.Connection, role: str, password: str) -> None:
    """For TCP; the socket asks for none."""
    admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))

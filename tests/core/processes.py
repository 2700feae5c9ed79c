"""Watching processes come and go."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def gone(pid: int) -> bool:
    """Neither alive nor waiting to be collected (an orphan's end is the business of the system's first process)."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc").is_dir():
        try:
            return status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 15.0, what: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen in {seconds:.0f} s {what()}"
        time.sleep(0.01)

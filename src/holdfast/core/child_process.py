"""Start a program whose life is tied to ours: when we die, however we die, it is told to go."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# Reads until the writer (us) is gone, then signals the program. `-I -S` keeps its start at about 10 ms.
_WATCHDOG = "import os,sys; os.read(0, 1); os.kill(int(sys.argv[1]), int(sys.argv[2]))"


def start_child(
    argv: Sequence[str],
    *,
    on_parent_death: signal.Signals,
    env: Mapping[str, str],
    cwd: Path | None = None,
    output: int | IO[bytes] = subprocess.PIPE,
    user: int | None = None,
    group: int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own (the terminal's Ctrl-C reaches only us) with stdout and stderr to `output`.

    On Linux the kernel sends `on_parent_death` when the *thread* that started the child ends, so that way is taken
    from the main thread only; anywhere else a small watchdog process does the same. `user` and `group` are numeric
    ids to drop to; all supplementary groups are dropped with them. Raises OSError if `argv[0]` cannot be run.
    """
    by_kernel = _LIBC is not None and threading.current_thread() is threading.main_thread()
    child = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        start_new_session=True,
        pass_fds=tuple(pass_fds),
        preexec_fn=_ask_kernel(on_parent_death) if by_kernel else None,
    )
    if not by_kernel:
        _start_watchdog(child, on_parent_death)
    return child


def _ask_kernel(death_signal: signal.Signals) -> Callable[[], None]:
    """Runs in the child after it dropped its privileges (changing them forgets the request) and before exec."""
    parent = os.getpid()
    libc = _LIBC
    assert libc is not None  # noqa: S101 (only called where the kernel can do it)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # we died between fork and prctl: the signal would never come
            os._exit(1)

    return ask


def _start_watchdog(child: subprocess.Popen[bytes], death_signal: signal.Signals) -> None:
    watchdog = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCHDOG, str(child.pid), str(int(death_signal))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def dismiss() -> None:
        child.wait()
        watchdog.kill()  # before its pipe closes: the child's number may soon belong to somebody else
        watchdog.communicate()

    threading.Thread(target=dismiss, name=f"watchdog of {child.pid}", daemon=True).start()

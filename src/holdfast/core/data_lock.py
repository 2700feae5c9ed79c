"""Who runs the database in a data directory: a lock the kernel takes back however its holder dies."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerAddress:
    """Where a running server is reached on this machine."""

    socket_directory: str
    port: int


class DataLock:
    """flock on a file, in which the holder writes its process number and, once there is one, its server's address."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        """True if the lock is ours (already or now); False if another process holds it."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if not _locked(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self.give_to_owner(self.path)
        self._write({"pid": os.getpid()})
        return True

    def announce(self, address: ServerAddress) -> None:
        """Tell other processes that the server is ready for them."""
        self._write({"pid": os.getpid(), "address": asdict(address)})

    def release(self) -> None:
        if self._descriptor is not None:
            self._write({})
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The holder's process number, as far as it is known."""
        pid = self._read().get("pid")
        return pid if isinstance(pid, int) else None

    def address_of_holder(self) -> ServerAddress | None:
        """The server of the process that holds the lock; None if nobody holds it or its server is not ready."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            address = self._read().get("address")
            return ServerAddress(**address) if isinstance(address, dict) else None
        finally:
            os.close(descriptor)
        return None

    def give_to_owner(self, path: Path) -> None:
        """What root makes here, the directory's owner must be able to open later."""
        if os.geteuid() == 0:
            there = self.path.parent.stat()
            os.chown(path, there.st_uid, there.st_gid)

    def _write(self, state: dict[str, object]) -> None:
        assert self._descriptor is not None  # noqa: S101 (callers hold the lock)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(state).encode(), 0)

    def _read(self) -> dict[str, object]:
        try:
            state = json.loads(self.path.read_bytes() or b"{}")
        except (FileNotFoundError, ValueError):  # a reader between the holder's two steps: ask again later
            return {}
        return state if isinstance(state, dict) else {}


def _locked(descriptor: int) -> bool:
    """A few tries: `address_of_holder` in another process holds the lock for an instant to see if it is free."""
    for _ in range(5):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            return True
    return False

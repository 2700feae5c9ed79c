"""A program's log, kept to a reasonable size and quoted when the program fails."""

import os
from pathlib import Path

LARGEST = 10 * 1024 * 1024  # bytes; past it the next start begins a new file and keeps the last one


class LogFile:
    """A file a program appends to; `begin()` marks where its present life starts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begins = 0

    def begin(self) -> None:
        """Put an old, large log aside and remember where the next line will be written."""
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.path.with_name(self.path.name + ".1"))
        self.path.touch(mode=0o600)
        if os.geteuid() == 0:  # what root makes here, the directory's owner must be able to open later
            there = self.path.parent.stat()
            os.chown(self.path, there.st_uid, there.st_gid)
        self._begins = self.path.stat().st_size

    def since_begin(self) -> str:
        with self.path.open("rb") as log:
            log.seek(self._begins)
            return log.read().decode(errors="replace")

    def last_lines(self, count: int = 12) -> str:
        return "\n".join(f"    {line}" for line in self.since_begin().splitlines()[-count:])

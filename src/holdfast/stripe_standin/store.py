"""Everything the stand-in remembers, in SQLite: in memory for tests, in a file where a restart must find it again."""

import json
import secrets
import sqlite3
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdfast.core import clock

Object = dict[str, Any]
_LETTERS = string.ascii_letters + string.digits
_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_kind ON object (account, kind, created);
CREATE TABLE IF NOT EXISTS answer (
    account TEXT NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL, request TEXT NOT NULL,
    at INTEGER NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, status INTEGER, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (done, due);
CREATE TABLE IF NOT EXISTS alarm (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(_LETTERS) for _ in range(length))


class Store:
    """Objects are JSON; names that begin with `_` are what Stripe knows of an object and does not show."""

    def __init__(self, path: str = ":memory:") -> None:
        self.database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.database.executescript(_TABLES)
        row = self.database.execute("SELECT value FROM setting WHERE name = 'ahead'").fetchone()
        self._ahead = row[0] if row else 0.0

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; an error that says so (`commits`) leaves what was written."""
        self.database.execute("BEGIN")
        try:
            yield
        except Exception as error:
            self.database.execute("COMMIT" if getattr(error, "commits", False) else "ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def moment(self) -> float:
        """Unix seconds by the stand-in's clock, which may run ahead."""
        return clock.now().timestamp() + self._ahead

    def now(self) -> int:
        return int(self.moment())

    def advance(self, seconds: float) -> None:
        """Let the clock run ahead: sessions expire, authorizations lapse, keys are forgotten."""
        self._ahead += seconds
        self.database.execute("INSERT OR REPLACE INTO setting VALUES ('ahead', ?)", [self._ahead])

    def add(self, account: str, body: Object) -> Object:
        self.database.execute(
            "INSERT INTO object (account, kind, id, created, body) VALUES (?, ?, ?, ?, ?)",
            [account, body["object"], body["id"], body["created"], json.dumps(body)],
        )
        return body

    def save(self, body: Object) -> Object:
        self.database.execute("UPDATE object SET body = ? WHERE id = ?", [json.dumps(body), body["id"]])
        return body

    def remove(self, identifier: str) -> None:
        self.database.execute("DELETE FROM object WHERE id = ?", [identifier])

    def get(self, account: str, kind: str, identifier: str) -> Object | None:
        row = self.database.execute(
            "SELECT body FROM object WHERE id = ? AND account = ? AND kind = ?", [identifier, account, kind]
        ).fetchone()
        return json.loads(row[0]) if row else None

    def anywhere(self, identifier: str) -> tuple[str, Object] | None:
        """(account, object) by an id alone: for links, which name no account."""
        row = self.database.execute("SELECT account, body FROM object WHERE id = ?", [identifier]).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def find(self, account: str, kind: str, **wanted: Any) -> list[Object]:
        """Newest first; `wanted` are fields of the object and their values."""
        conditions = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in wanted)
        rows = self.database.execute(
            f"SELECT body FROM object WHERE account = ? AND kind = ?{conditions} ORDER BY seq DESC",  # noqa: S608 - names of ours
            [account, kind, *wanted.values()],
        )
        return [json.loads(row[0]) for row in rows]

    def wake(self, at: int, identifier: str) -> None:
        """Look at this object again at that time."""
        self.database.execute("INSERT INTO alarm (at, id) VALUES (?, ?)", [at, identifier])

    def due(self) -> list[str]:
        """The ids whose time has come, each once."""
        rows = self.database.execute(
            "SELECT seq, id FROM alarm WHERE at <= ? ORDER BY at, seq", [self.now()]
        ).fetchall()
        self.database.executemany("DELETE FROM alarm WHERE seq = ?", [[seq] for seq, _ in rows])
        return [identifier for _, identifier in rows]

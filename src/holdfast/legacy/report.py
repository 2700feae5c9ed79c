"""What an import found and did, row by row: for people (`cli/` prints it) and as JSON for programs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

# An error or a clash keeps the whole file out; a notice says how something ambiguous was understood.
Level = Literal["error", "clash", "notice"]
Outcome = Literal["imported", "already_there", "changed", "refused"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a row. `line` counts from 1 in the file; None is the file as a whole."""

    line: int | None
    legacy_id: str
    level: Level
    code: str
    message: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row. `reference` and `resources` (slugs) belong to its booking; in a dry run to a trial one."""

    line: int
    legacy_id: str
    outcome: Outcome
    reference: str = ""
    state: str = ""
    starts_at: str = ""
    service: str = ""
    resources: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """`written`: whether the database was changed. `mapping`: per kind of name, old → ours."""

    file: str
    organization: str
    time_zone: str
    dry_run: bool
    written: bool = False
    rows: list[RowResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    mapping: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether something keeps the file out."""
        return any(finding.level != "notice" for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Rows by outcome, findings by level; all keys always there."""
        outcomes = Counter(row.outcome for row in self.rows)
        levels = Counter(finding.level for finding in self.findings)
        return {
            "rows": len(self.rows),
            "imported": outcomes["imported"],
            "already_there": outcomes["already_there"],
            "changed": outcomes["changed"],
            "refused": outcomes["refused"],
            "errors": levels["error"],
            "clashes": levels["clash"],
            "notices": levels["notice"],
        }

    def document(self) -> dict[str, Any]:
        """The report as plain JSON. Without the rows' own contents: they hold what customers entrusted to the firm."""
        return {
            "file": self.file,
            "organization": self.organization,
            "time_zone": self.time_zone,
            "dry_run": self.dry_run,
            "written": self.written,
            "counts": self.counts(),
            "mapping": self.mapping,
            "rows": [asdict(row) for row in self.rows],
            "findings": [asdict(finding) for finding in self.findings],
        }

    def lines(self) -> list[str]:
        """The same as a table for people."""
        return [*self._heading(), *self._mapping_lines(), *self._row_lines(), *self._finding_lines(), self._verdict()]

    def _heading(self) -> list[str]:
        counts = self.counts()
        told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
        return [f"{self.file} → {self.organization} (times without a zone: {self.time_zone})", told, ""]

    def _mapping_lines(self) -> list[str]:
        return [
            f"  {kind}: {old} → {ours}" for kind, names in self.mapping.items() for old, ours in sorted(names.items())
        ]

    def _row_lines(self) -> list[str]:
        table: list[tuple[str, ...]] = [("line", "id", "outcome", "starts", "service", "state", "resources")]
        table += [
            (
                str(row.line),
                row.legacy_id,
                row.outcome.replace("_", " "),
                row.starts_at,
                row.service,
                row.state,
                ", ".join(row.resources),
            )
            for row in self.rows
        ]
        return ["", *_aligned(table)]

    def _finding_lines(self) -> list[str]:
        if not self.findings:
            return [""]
        table: list[tuple[str, ...]] = [("line", "id", "level", "code", "what")]
        table += [
            (str(each.line or "-"), each.legacy_id, each.level.upper(), each.code, each.message)
            for each in sorted(self.findings, key=lambda each: (each.level == "notice", each.line or 0))
        ]
        return ["", *_aligned(table), ""]

    def _verdict(self) -> str:
        if self.stopped:
            return "Nothing was written: put the errors and clashes right and run it again."
        if self.dry_run:
            return "A dry run: nothing was written, and nothing stands in the way."
        return f"{self.counts()['imported']} bookings were imported."


def changed_columns(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The columns in which two readings of a row differ, sorted."""
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _aligned(table: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[number]) for row in table) for number in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]

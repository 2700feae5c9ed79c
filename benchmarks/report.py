"""Figures, how they are shown and where they are kept."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LAST = Path(__file__).with_name("last.json")
_began = time.monotonic()


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `floor` is what it is compared with, in the same unit and from the same run."""

    name: str
    value: float
    unit: str
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None


def say(text: str) -> None:
    """A line of progress, with the seconds since the start."""
    print(f"{time.monotonic() - _began:6.1f} s  {text}", flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of a hundred do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def p50(values: Sequence[float]) -> float:
    return median(values)


def table(figures: Sequence[Figure]) -> str:
    """One line for each figure, in columns."""
    lines = [f"{'':34}{'value':>10}  {'unit':8}{'floor':>10}{'ratio':>8}"]
    for figure in figures:
        floor = "" if figure.floor is None else _rounded(figure.floor)
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        lines.append(f"{figure.name:34}{_rounded(figure.value):>10}  {figure.unit:8}{floor:>10}{ratio:>8}")
    return "\n".join(lines)


def keep(figures: Sequence[Figure], path: Path = LAST) -> None:
    """Write the figures; those of other names stay as they were measured before."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    for figure in figures:
        kept[figure.name] = {
            "value": _significant(figure.value),
            "unit": figure.unit,
            "floor": _significant(figure.floor),
            "ratio": _significant(figure.ratio),
        }
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n")


def _significant(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"

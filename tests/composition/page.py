"""Writes docs/composition.md: `python -m tests.composition.page`."""

from pathlib import Path

from tests.composition.features import FEATURES, IMPOSSIBLE, has, pairs, rows

PAGE = Path(__file__).resolve().parents[2] / "docs" / "composition.md"
HEAD = """# What works with what

Each feature of a booking is tested with each other feature. The worlds below are a covering array of strength two:
every pair of levels that can meet is in at least one of them. In each world a booking is made, approved where staff
approve, moved and cancelled, and made once more; after every step nothing overlaps, every booking occupies exactly what
it needs with its buffers, every change has its event, every state was reached by a legal step, limits are kept, and
what is offered is what can be booked (`tests/composition/`).

This page is written by `python -m tests.composition.page`, and a test compares it with the code.
"""


def as_markdown() -> str:
    """The whole page."""
    every = rows()
    parts = [HEAD, "## Features", *_features(), "", "## Worlds", *_worlds(every), "", "## Pairs", *_pairs(every)]
    return "\n".join([*parts, "", "## What cannot meet", *_impossible(), ""])


def _features() -> list[str]:
    return ["", "| feature | levels |", "| --- | --- |"] + [
        f"| {name} | {' · '.join(levels)} |" for name, levels in FEATURES.items()
    ]


def _worlds(every: list[dict[str, str]]) -> list[str]:
    return [
        "",
        f"| world | {' | '.join(FEATURES)} |",
        f"| --- |{' --- |' * len(FEATURES)}",
        *(f"| {number} | {' | '.join(row.values())} |" for number, row in enumerate(every, 1)),
    ]


def _pairs(every: list[dict[str, str]]) -> list[str]:
    """Per pair of features, how many pairs of levels there are and in which worlds they meet."""
    found: dict[tuple[str, str], list[str]] = {}
    for pair in pairs():
        worlds = [str(number) for number, row in enumerate(every, 1) if has(row, pair)]
        met = f"{pair[0][1]} + {pair[1][1]}: {', '.join(worlds) or 'never'}"
        found.setdefault((pair[0][0], pair[1][0]), []).append(met)
    lines = ["", f"{len(pairs())} pairs of levels; behind each the worlds in which it meets.", ""]
    lines += ["| features | pairs of levels and their worlds |", "| --- | --- |"]
    return lines + [f"| {one} × {other} | {'<br>'.join(met)} |" for (one, other), met in found.items()]


def _impossible() -> list[str]:
    return ["", *(f"- {one[1]} with {other[1]}: {why}." for (one, other), why in IMPOSSIBLE.items())]


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), encoding="utf-8")

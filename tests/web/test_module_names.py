"""What modules call each other by, as the static files' storage reads it: in code and in comments alike."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

import holdfast.web

ROOMS = Path(holdfast.web.__file__).parents[1]
NAMED = re.compile(r"""(?:from\s*|import\s*\(?\s*)["'](\.[^"']+\.js)["']""")


def test_no_two_modules_name_each_other_for_neither_could_have_its_contents_hash_first() -> None:
    files = [file.resolve() for file in ROOMS.glob("*/static/**/*.js")]
    static = {file.relative_to(next(up for up in file.parents if up.name == "static")): file for file in files}
    names = {file: name for name, file in static.items()}

    def called(file: Path, path: str) -> Path:
        parts: list[str] = []
        for part in (names[file].parent / path).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        return Path(*parts)

    graph = {name: {called(file, path) for path in NAMED.findall(file.read_text())} for name, file in static.items()}
    assert Path("device/judging.js") in graph[Path("device/asked.js")]
    order = list(TopologicalSorter(graph).static_order())  # CycleError where there is none
    assert set(order) == set(static)

"""Every module and style of ours gets its content's hash into its name, whatever it imports."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

import holdfast.web
from holdfast.web.static_files import HashedStaticFiles

ROOMS = Path(holdfast.web.__file__).parents[1]


class AsItIs(HashedStaticFiles):
    """Without the compressed copies, which take long."""

    def post_process(self, *given: object, **options: object) -> Iterator[tuple[str, str, object]]:
        yield from super(CompressedManifestStaticFilesStorage, self).post_process(*given, **options)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def hashed(folder: Path, files: dict[str, Path]) -> tuple[AsItIs, list[object]]:
    """The storage after it named the files, and what went wrong."""
    storage = AsItIs(location=str(folder), base_url="/static/")
    for name, file in files.items():
        FileSystemStorage(location=str(folder)).save(name, file.open("rb"))
    sources = {name: (FileSystemStorage(location=str(folder)), name) for name in files}
    found = list(storage.post_process(sources))
    return storage, [each for *_names, each in found if isinstance(each, Exception)]


def test_all_of_ours_is_named_by_its_content(folder: Path) -> None:
    files = {
        str(file.relative_to(static)): file
        for static in ROOMS.glob("*/static")
        for file in static.rglob("*")
        if file.suffix in {".js", ".css", ".svg"} and not file.name.endswith(".d.ts")
    }
    storage, wrong = hashed(folder, files)
    assert wrong == []
    name = storage.hashed_files["wizard/booker.js"]
    text = (folder / name).read_text()
    assert re.search(r'from "\.?\.?/?\S*availability\.[0-9a-f]{12}\.js"', text)


def test_two_modules_may_name_each_others_types_in_comments(folder: Path) -> None:
    (folder / "source").mkdir()
    one, other = folder / "source" / "one.js", folder / "source" / "other.js"
    one.write_text('import { b } from "./other.js";\n/** @typedef {import("./other.js").B} B */\nexport const a = b;\n')
    other.write_text('/** @param {import("./one.js").A} a */\nexport const b = (a) => a;\n')
    storage, wrong = hashed(folder, {"x/one.js": one, "x/other.js": other})
    assert wrong == []
    assert re.search(r'from "\S*other\.[0-9a-f]{12}\.js"', (folder / storage.hashed_files["x/one.js"]).read_text())

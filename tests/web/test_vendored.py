"""What we ship of others is what its table says."""

import hashlib
import json
import re
from pathlib import Path

import holdfast.web

WEB = Path(holdfast.web.__file__).parent
VENDOR = WEB / "static/web/vendor"


def test_the_table_lists_every_file_with_its_hash() -> None:
    table = (VENDOR / "README.md").read_text()
    rows = dict(re.findall(r"^\| `([^`]+)`.*`([0-9a-f]{64})` \|$", table, re.MULTILINE))
    assert rows == {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in rows}
    assert {path.name for path in VENDOR.glob("*.js")} <= rows.keys()


def test_icons_hold_drawings_and_nothing_that_runs() -> None:
    drawings = json.loads((WEB / "icons.json").read_text())
    assert list(drawings) == sorted(drawings)
    elements = {element for drawing in drawings.values() for element in re.findall(r"<(\w+)", drawing)}
    assert elements <= {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
    assert not any(re.search(r"\son\w+=|href", drawing) for drawing in drawings.values())

"""The papers are true: what they link to exists, what they name is in the code, no setting is left out."""

import re
from pathlib import Path

import pytest

from tests import cards

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
# `bookings/actions.py` or `bookings/actions.py:book_once`; folders end with a slash.
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|json))(?::(\w+))?`")
BASES = (ROOT, ROOT / "src" / "holdfast", ROOT / "tests", ROOT / "docs" / "api", ROOT / "docs")
COMMAND = re.compile(r"(?:^|`|\s)make ([a-z]+)", re.MULTILINE)
VARIABLE = re.compile(r"\b(HOLDFAST_[A-Z_]+[A-Z]|DATABASE_(?:OWNER_)?URL)\b")
PROSE = re.compile(r"```.*?```", re.DOTALL)


def anchors(text: str) -> set[str]:
    """Of a page's headings, as a repository's pages have them."""
    titles = re.findall(r"^#+ (.*)$", PROSE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_leads_somewhere(paper: str) -> None:
    page = ROOT / paper
    for found in LINK.findall(PROSE.sub("", page.read_text("utf-8"))):
        target = found[0] or found[1]
        if re.match(r"https?:|mailto:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        assert place.exists(), f"{paper} links to {target}"
        if anchor:
            assert anchor in anchors(place.read_text("utf-8")), f"{paper} links to {target}"


@pytest.mark.parametrize("paper", ["README.md", "src/holdfast/payments/templates/payments/_test_cards.html"])
def test_every_test_card_that_is_named_is_one(paper: str) -> None:
    named = re.findall(r"\b\d{4} \d{4} \d{4} \d{4}\b", (ROOT / paper).read_text("utf-8"))
    assert [number.replace(" ", "") for number in named] == [
        cards.VISA, cards.DECLINED, cards.POOR, cards.ASKS, cards.DISPUTED,
    ]  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_and_function_named_is_there(paper: str) -> None:
    for name, part in NAMED.findall(PROSE.sub("", (ROOT / paper).read_text("utf-8"))):
        bases = (*BASES, (ROOT / paper).parent)
        places = [base / name for base in bases if (base / name).exists()]
        if "/" not in name and not part:
            continue  # `actions.py` is any room's
        if name.startswith(("core/0", "bookings/0", "catalog/0", "events/0", "accounts/0")):  # a migration, by number
            app, _, number = name.partition("/")
            places = [*(ROOT / "src" / "holdfast" / app / "migrations").glob(f"{number}*.py")]
        if _is_no_path(name):
            continue
        assert places, f"{paper} names {name}"
        if part:
            defined = rf"^\s*(?:async )?(?:def|class) {part}\b|^{part}\b.* = "
            assert re.search(defined, places[0].read_text("utf-8"), re.MULTILINE), f"{paper} names {name}:{part}"


def _is_no_path(name: str) -> bool:
    """What looks like one: media types, zones, parts of addresses."""
    return bool(re.match(r"(application|text|Europe|America|Asia|Africa|Australia|usr|var)/", name))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_make_command_exists(paper: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / paper).read_text("utf-8")
    code = " ".join([*re.findall(r"`[^`\n]+`", text), *(f" {each}" for each in PROSE.findall(text))])
    assert set(COMMAND.findall(code)) <= targets


def test_every_setting_is_in_the_operations_manual_and_every_one_there_is_read() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    read = {name for name in VARIABLE.findall(sources) if re.search(rf'["$]{name}\b', sources)}
    table = (ROOT / "docs" / "operations.md").read_text("utf-8").split("## Every setting")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) - {"PORT"} == read


def test_every_paper_named_in_the_code_is_there() -> None:
    folders = [ROOT / name for name in ("src", "tests", "tools", "benchmarks")]
    texts = [path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"docs/[a-z]+(?:/[a-z0-9-]+)?\.md", text)}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_refusal_of_the_api_is_in_its_manual() -> None:
    manual = (ROOT / "docs" / "api" / "README.md").read_text("utf-8")
    errors = "".join(
        (ROOT / "src" / "holdfast" / room / "errors.py").read_text() for room in ("core", "bookings", "waiting")
    )
    codes = set(re.findall(r"code, status, title = \(?\s*\"(\w+)\"", errors))
    assert codes == set(re.findall(r"`([a-z_]+)`", manual.split("## Refusals")[1])) & codes
    assert len(codes) > 15

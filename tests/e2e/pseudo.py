"""A language nobody speaks: English with an accent on every letter and each vowel said twice.

What is not accented on a page never went through the catalogs; what does not fit would not fit in German either.
"""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from playwright.sync_api import Page

KEPT = re.compile(r"(%\(\w+\)[a-z]|%[sd%]|\{[^{}]*\}|<[^>]*>|&#?\w+;|\S+@\S+)")
ACCENTS = str.maketrans(
    {
        **dict(zip("bcdfghjklmnpqrstvwxyz", "ƀçđƒĝħĵķļɱñþʠŕšŧṽŵẋýž", strict=True)),
        **dict(zip("BCDFGHJKLMNPQRSTVWXYZ", "ƁÇĐƑĜĦĴĶĻṀÑÞɊŔŠŦṼŴẊÝŽ", strict=True)),
        **dict(zip("aeiouAEIOU", ["åå", "éé", "îî", "øø", "ûû", "Åå", "Éé", "Îî", "Øø", "Ûû"], strict=True)),
    }
)
# What comes from Unicode's tables, and what is the same in every language.
NOT_OURS = re.compile(
    r"\S+@\S+|[AP]M|GMT|EUR|Paris|New York|Tokyo|English|Français|Español|français|español|Holdfast|IBAN|km"
    r"|(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?"
    r"|Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|May|June?|July?|Aug(ust)?|Sept?(ember)?|Oct(ober)?|Nov(ember)?|Dec(ember)?"
)
# Everything that is seen or read aloud, outside of what is data: typed by people, or an id.
READ = """() => {
    const skipped = "script, style, template, noscript, svg, kbd, textarea.code, select[autocomplete=tel-country-code]";
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent.closest(skipped)) found.push(walker.currentNode.textContent);
    }
    for (const one of document.querySelectorAll("[aria-label], [title], [alt], [placeholder], [aria-description]"))
        for (const name of ["aria-label", "title", "alt", "placeholder", "aria-description"])
            if (one.hasAttribute(name)) found.push(one.getAttribute(name));
    found.push(document.title);
    return found.map((text) => text.trim()).filter(Boolean);
}"""


def accented(text: str) -> str:
    """The text as it is in this language; placeholders, tags and addresses stay."""
    parts = KEPT.split(text)
    return "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on English is this language, in this process."""

    def plain(message: str) -> str:
        return accented(str(message))

    def in_context(_context: str, message: str) -> str:
        return accented(str(message))

    def counted(singular: str, plural: str, number: Any) -> str:
        return accented(singular if number == 1 else plural)

    def counted_in_context(_context: str, singular: str, plural: str, number: Any) -> str:
        return accented(singular if number == 1 else plural)

    for name, function in {
        "gettext": plain,
        "pgettext": in_context,
        "ngettext": counted,
        "npgettext": counted_in_context,
    }.items():
        # First what remembers the other at its first use: it must be put back to that one, not to ours.
        monkeypatch.setattr(vars(translation)["_trans"], name, function)
        monkeypatch.setattr(trans_real, name, function)


def literals(page: Page, *, data: str = r"(?!)") -> list[str]:
    """The texts of the page that hold a word which nobody could translate; `data` matches what is not ours to say."""
    return untranslated([str(text) for text in page.evaluate(READ)], data=data)


def untranslated(texts: Iterable[str], *, data: str = r"(?!)") -> list[str]:
    """Those that hold a word of plain letters."""
    given = re.compile(data)
    bare = {text: NOT_OURS.sub("", given.sub("", text)) for text in texts}
    return [text for text in bare if re.search(r"[A-Za-z]{2,}", bare[text])]

"""Finds words in a template that people will see but translators never will.

Template tags are taken out first (translated blocks with all they contain), then the HTML that is left is read: text
between tags and the attributes that are shown or read aloud must hold no letters. Text that must stay as it is says
why on its own line: `{# untranslated: a unit's symbol #}`.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

SEEN_ATTRIBUTES = frozenset(
    {"alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "placeholder", "title"}
)
UNSEEN_ELEMENTS = frozenset({"script", "style"})
NAMES = frozenset({"Holdfast"})  # proper names are the same in every language
ESCAPE = re.compile(r"\{#\s*untranslated:\s*\S.*?#\}")
# {{ price|default:"free" }} shows its argument; {% include … with label="Save" %} hands text to another template.
SHOWN_ARGUMENT = re.compile(r"""\|(?:default|default_if_none|yesno):(?P<quote>["'])(?P<text>.*?)(?P=quote)""")
HANDED_ON = re.compile(
    r"""\b(?P<name>label|title|text|hint|heading|message|placeholder|alt|caption|description)"""
    r"""=(?P<quote>["'])(?P<text>.*?)(?P=quote)"""
)


@dataclass(frozen=True)
class LiteralText:
    """Untranslated text on a line of a template (lines from 1)."""

    line: int
    text: str


def literal_texts(source: str, *, html: bool = True) -> list[LiteralText]:
    """The untranslated texts of a template, in the order of its lines; of a plain-text one with `html=False`."""
    bare, handed_on = _without_tags(source)
    if html:
        reader = _Reader()
        reader.feed(bare)
        reader.close()
        found = reader.found
    else:
        found = [LiteralText(number, line.strip()) for number, line in enumerate(bare.split("\n"), 1) if _words(line)]
    excused = {number for number, line in enumerate(source.split("\n"), 1) if ESCAPE.search(line)}
    return sorted((each for each in found + handed_on if each.line not in excused), key=lambda each: each.line)


def _words(text: str) -> bool:
    """Whether a text holds letters beyond proper names."""
    return any(word not in NAMES for word in re.findall(r"[^\W\d_]+", text))


def _without_tags(source: str) -> tuple[str, list[LiteralText]]:
    """The template without its tags, line numbers kept, and the literal texts given to other templates by tags."""
    parts: list[str] = []
    handed_on: list[LiteralText] = []
    skip_until = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            parts.append("\n" * token.contents.count("\n") if skip_until else token.contents)
        elif skip_until:
            skip_until = "" if token.contents.split()[:1] == [skip_until] else skip_until
        elif token.token_type == TokenType.VAR:
            parts.extend(match["text"] for match in SHOWN_ARGUMENT.finditer(token.contents))
        elif token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "blocktrans", "comment"}:
                skip_until = f"end{name}"
            elif name in {"include", "with"}:
                handed_on.extend(_handed_on(token))
    return "".join(parts), handed_on


def _handed_on(token: Token) -> list[LiteralText]:
    matches = (match for match in HANDED_ON.finditer(token.contents) if _words(match["text"]))
    return [LiteralText(token.lineno or 0, f'{match["name"]}="{match["text"]}"') for match in matches]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[LiteralText] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN_ELEMENTS
        self._attributes(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN_ELEMENTS

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        first = self.getpos()[0]
        self.found += [LiteralText(first + i, line.strip()) for i, line in enumerate(data.split("\n")) if _words(line)]

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        pushed = tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}
        for name, value in attrs:
            seen = name in SEEN_ATTRIBUTES or (pushed and name == "value") or (name == "label" and tag != "track")
            if seen and value and _words(value):
                # The tag may span lines: name the one on which the attribute stands.
                text = self.get_starttag_text() or ""
                offset = text[: max(text.find(value), 0)].count("\n")
                self.found.append(LiteralText(line + offset, f'{name}="{value}"'))

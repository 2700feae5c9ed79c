"""Text that people type and read: what may be in a line of it, and where a name stands in a list."""

import unicodedata

# Letters of Persian and Indic scripts, families of emoji, and Hebrew beside Latin are written with these.
_JOINERS_AND_MARKS = frozenset("\u200c\u200d\u200e\u200f")


def is_one_line(text: str) -> bool:
    """Whether all of it can be seen on one line: no control characters, no breaks, nothing that turns the line."""
    return all(character.isprintable() or character in _JOINERS_AND_MARKS for character in text)


def in_reading_order(name: str) -> str:
    """A key to sort names by, as a telephone book does: Étienne between Esther and Eva, not after Zoé."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()

"""What may be in a line of text that people type."""

# Letters of Persian and Indic scripts, families of emoji, and Hebrew beside Latin are written with these.
_JOINERS_AND_MARKS = frozenset("\u200c\u200d\u200e\u200f")


def is_one_line(text: str) -> bool:
    """Whether all of it can be seen on one line: no control characters, no breaks, nothing that turns the line."""
    return all(character.isprintable() or character in _JOINERS_AND_MARKS for character in text)

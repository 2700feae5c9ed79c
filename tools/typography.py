"""Spaces at which a line must not end, as printers of a language set them. Translators type plain ones."""

import re

# French stands « » : ; ! ? off with a space, and none of them may begin or end a line alone.
_FRENCH = (
    (re.compile("« "), "«\u00a0"),
    (re.compile(" (?=[»:])"), "\u00a0"),
    (re.compile(" (?=[;!?])"), "\u202f"),
)
_RULES = {"fr": _FRENCH}


def typeset(language: str, text: str) -> str:
    for pattern, space in _RULES.get(language, ()):
        text = pattern.sub(space, text)
    return text

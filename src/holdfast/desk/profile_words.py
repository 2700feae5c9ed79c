"""What a resource can do, and what services ask of it, in words."""

from holdfast.catalog.members import LANGUAGE
from holdfast.catalog.models import Requirement
from holdfast.catalog.models.services import asked_words
from holdfast.web import formats


def language_name(code: str) -> str:
    """ "Spanish", in the reader's language; a code that is none stays as it is."""
    return str(formats.current_locale().languages.get(code.replace("-", "_"), code)).capitalize()


def skill_words(skill: str) -> str:
    """A skill as people say it: that of a language by its name."""
    return language_name(skill.removeprefix(LANGUAGE)) if skill.startswith(LANGUAGE) else skill


def requirement_words(requirement: Requirement) -> str:
    """ "2 × Person · tour · Spanish · seats ≥ 6 · Drivers"."""
    kind = str(requirement.get_kind_display())
    head = f"{requirement.count} × {kind}" if requirement.count > 1 else kind
    asked = (asked_words(name, value) for name, value in requirement.attributes.items())
    team = [requirement.team.name] if requirement.team else []
    return " · ".join([head, *map(skill_words, requirement.skills), *asked, *team])

"""Who somebody is to the catalog: what they can do, and whether customers may choose them; seen and changed.

Skills are words. One that begins with `lang:` names a language (`lang:es`), so that pages and the API can call it by
its name; to the engine it is a word like any other.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from holdfast.catalog.changes import Changed
from holdfast.catalog.models import Requirement, Resource, Service
from holdfast.catalog.queries import fitting_pairs
from holdfast.core.errors import HoldfastError

LANGUAGE = "lang:"


class ProfileChanged(HoldfastError):
    """Somebody else changed the same resource since it was read."""

    code, status, title = "profile_changed", 409, _("Somebody changed this profile in the meantime")


@dataclass(frozen=True, slots=True)
class Profile:
    """What can be changed of a resource besides its hours."""

    skills: tuple[str, ...]
    attributes: Mapping[str, int | float | str]
    team: UUID | None
    about: Mapping[str, str]
    is_public: bool


@dataclass(frozen=True, slots=True)
class Serving:
    """One service that needs the resource's kind: what it asks of it, and whether the resource has all of that.

    `choosable`: customers choose somebody for what the resource can do in it.
    """

    service: Service
    asks: tuple[Requirement, ...]
    fits: bool
    choosable: bool


def profile_of(resource: Resource) -> Profile:
    return Profile(
        tuple(sorted(resource.skills)), resource.attributes, resource.team_id, resource.about or {}, resource.is_public
    )


def fingerprint(resource: Resource) -> str:
    """A short text that is another when the resource's profile is."""
    found = asdict(profile_of(resource))
    plain = [(name, sorted(each.items()) if isinstance(each, dict) else each) for name, each in found.items()]
    return hashlib.blake2b(repr(plain).encode(), digest_size=8).hexdigest()


def set_profile(*, resource_id: UUID, profile: Profile, seen: str) -> Changed:
    """Make this a resource's profile; `seen`: the fingerprint of the one that was looked at. Raises ProfileChanged.

    Run by `resolving.change_catalog`, which lets nobody else change the catalog meanwhile.
    """
    resource = Resource.objects.get(pk=resource_id)
    if seen != fingerprint(resource):
        raise ProfileChanged
    before = profile_of(resource)
    resource.skills, resource.attributes = list(profile.skills), dict(profile.attributes)
    resource.team_id, resource.about, resource.is_public = profile.team, dict(profile.about), profile.is_public
    resource.save(update_fields=["skills", "attributes", "team", "about", "is_public"])
    facts = {
        "skills_gained": sorted(set(profile.skills) - set(before.skills)),
        "skills_lost": sorted(set(before.skills) - set(profile.skills)),
        "attributes": dict(profile.attributes),
        "team": str(profile.team) if profile.team else None,
        "is_public": profile.is_public,
    }
    return Changed("resource.profile", resource.pk, (resource.name,), facts)


def servings_of(resource: Resource) -> list[Serving]:
    """Every service on offer that needs the resource's kind, in the organization's order."""
    needs = Requirement.objects.filter(kind=resource.kind, service__is_active=True)
    found = list(needs.select_related("service", "team").order_by("service__position", "service__slug", "position"))
    fitting = {need for need, _resource in fitting_pairs([each.pk for each in found], [resource.pk])}
    by_service: dict[UUID, list[Requirement]] = {}
    for each in found:
        by_service.setdefault(each.service_id, []).append(each)
    return [_serving(asks, fitting) for asks in by_service.values()]


def languages_in(skills: Iterable[str]) -> list[str]:
    """The codes of the languages among skills, sorted."""
    return sorted(each.removeprefix(LANGUAGE) for each in skills if each.startswith(LANGUAGE))


def _serving(asks: list[Requirement], fitting: set[UUID]) -> Serving:
    filled = [each for each in asks if each.pk in fitting]
    return Serving(asks[0].service, tuple(asks), bool(filled), any(each.is_choosable for each in filled))

"""What a wish leaves of the pools of a service's needs: the chosen resource in, what cannot be occupied out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from holdfast.bookings.availability.planned import PlannedNeed, PlannedResource
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES
from holdfast.core.errors import NotFound
from holdfast.domain.slots import Rules

Needs = tuple[PlannedNeed, ...]


def with_chosen(needs: Needs, slug: str, *, by_staff: bool) -> tuple[Needs, UUID | None]:
    """The needs with the chosen resource in one of them, and its id where the engine must find in which.

    Where only one need could take it, it is that one's whole pool: then nobody else's calendar is read for it.
    Customers choose what is public, in needs that let them. Raises NotFound.
    """
    able = [
        (number, resource)
        for number, need in enumerate(needs)
        for resource in need.pool
        if resource.slug == slug and (by_staff or (need.is_choosable and resource.is_public))
    ]
    if not able:
        raise NotFound
    chosen, numbers = able[0][1], {number for number, _resource in able}
    needs = tuple(
        need if number in numbers else _only(need, lambda each: each.id != chosen.id)
        for number, need in enumerate(needs)
    )
    if len(numbers) > 1:
        return needs, chosen.id
    number = able[0][0]
    return (*needs[:number], *_around(needs[number], chosen), *needs[number + 1 :]), None


def that_can_be_occupied(needs: Needs, own: Mapping[UUID, Rules]) -> Needs:
    """Without resources whose own buffers make a booking longer than reads of busy time look back.

    The configuration refuses such buffers; what got past it cannot serve, and breaks nothing.
    """
    too_long = {key for key, rules in own.items() if rules.occupied > LONGEST_OCCUPATION_MINUTES}
    return tuple(_only(need, lambda each: each.id not in too_long) for need in needs) if too_long else needs


def _around(need: PlannedNeed, chosen: PlannedResource) -> Iterable[PlannedNeed]:
    """One place of the need for the chosen resource, and the others, if there are any, for the rest of the pool."""
    yield replace(need, pool=(chosen,), count=1)
    if need.count > 1:
        yield replace(_only(need, lambda each: each.id != chosen.id), count=need.count - 1)


def _only(need: PlannedNeed, keeps: Callable[[PlannedResource], bool]) -> PlannedNeed:
    return replace(need, pool=tuple(filter(keeps, need.pool)))

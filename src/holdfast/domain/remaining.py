"""How many more bookings fit at a start, once limits have had their say."""

from collections.abc import Sequence
from dataclasses import replace

from holdfast.domain.limits import Allowance
from holdfast.domain.question import Key, Need, Request
from holdfast.domain.serving import Serving


def remainders(request: Request, serving: Serving, positions: Sequence[int]) -> list[int]:
    """At each position of the window where a booking is on offer, how many such bookings could still be made.

    Exact for one need; for several resources whose teams have limits, no more than this.
    """
    found = serving.how_often(request.needs, positions, request.chosen)
    if not request.allowances and not request.teams:
        return found
    minutes = [request.window.origin + position for position in positions]
    bounds = [_left(request.allowances, minutes)]
    bounds += [_by_teams(request, serving, need, positions, minutes) for need in request.needs if request.teams]
    bounds += [_left(request.teams[team], minutes) for team in _teams_of_chosen(request) & set(request.teams)]
    return [min(fit, *each) for fit, each in zip(found, zip(*bounds, strict=True), strict=True)]


def _by_teams(
    request: Request, serving: Serving, need: Need, positions: Sequence[int], minutes: Sequence[int]
) -> list[int]:
    """Each booking takes `count` resources of the need's pool, each of one of its teams (or of none).

    They may all be of one team, for which the booking counts once.
    """
    need, count = replace(need, count=1), need.count
    pools: dict[Key | None, Need] = {}
    for candidate in need.pool:
        team = candidate.team if candidate.team in request.teams else None
        pools[team] = replace(need, pool=(*(pools[team].pool if team in pools else ()), candidate))
    shares = []
    for team, part in pools.items():
        often = serving.how_often((part,), positions)
        left = [count * each for each in _left(request.teams[team], minutes)] if team is not None else often
        shares.append(list(map(min, often, left)))
    return [sum(each) // count for each in zip(*shares, strict=True)]


def _teams_of_chosen(request: Request) -> set[Key]:
    """The team of the resource that must serve, if it has one."""
    return {c.team for need in request.needs for c in need.pool if c.key == request.chosen and c.team is not None}


def _left(allowances: Sequence[Allowance], minutes: Sequence[int]) -> list[int]:
    """The least that any of the limits leaves on the day of each minute."""
    return [min((day.left for each in allowances if (day := each.at(minute))), default=_MANY) for minute in minutes]


_MANY = 1 << 30

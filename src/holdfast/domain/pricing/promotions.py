"""Promotions: who gets one, why not, and what it takes off. A promotion never makes a price negative.

Whether a use is left is counted elsewhere, under a lock; here it is a number, and its refusal has a name.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from holdfast.domain import hours
from holdfast.domain.pricing.charging import plain
from holdfast.domain.pricing.conditions import ALWAYS, Asked, Condition
from holdfast.domain.pricing.lines import Item

Reason = Literal[
    "unknown",  # no promotion has that code
    "not_yet",  # bookings before `from` do not get it
    "ended",  # bookings from `until` on do not get it
    "wrong_service",
    "wrong_date",  # the service is not on one of its dates
    "wrong_time",  # its condition does not hold when the service starts
    "below_minimum",  # the price is less than `minimum`
    "used_up",  # as often as it may be used
    "used_up_by_customer",  # as often as one customer may use it
    "extra_not_offered",  # its free extra is not offered with the service
    "extra_not_chosen",  # its free extra is not among those taken: nobody is given what they did not ask for
    "nothing_to_reduce",  # there is nothing to pay, or the extra costs nothing anyway
    "not_combinable",  # what the customer gets without it is cheaper, and they do not go together
]


@dataclass(frozen=True, slots=True)
class PercentOff:
    """A share of what is left to pay; no more than `most` minor units."""

    percent: Fraction
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AmountOff:
    """So many minor units, as far as there is something to pay."""

    amount: int


@dataclass(frozen=True, slots=True)
class FreeExtra:
    """So many of an extra cost nothing, of those that the customer takes. `said` goes into the params of refusals."""

    extra: str
    count: int = 1
    said: Mapping[str, Any] = field(default_factory=dict, compare=False)


Benefit = PercentOff | AmountOff | FreeExtra


@dataclass(frozen=True, slots=True)
class Promotion:
    """`code` "" is automatic; codes are compared without regard to capitals and the spaces around them.

    `booked_from` <= the moment of booking < `booked_until`, in minutes (UTC). `served_from` and `served_until` are
    local dates of the service's start, both inclusive. `condition` is asked of that start. `minimum` is in minor
    units, before any promotion. `uses` and `uses_each` limit how often it is used, by all and by one customer.
    `said` goes into the params of its lines.
    """

    id: str
    benefit: Benefit
    code: str = ""
    position: int = 0
    booked_from: int | None = None
    booked_until: int | None = None
    served_from: date | None = None
    served_until: date | None = None
    condition: Condition = ALWAYS
    services: frozenset[str] = frozenset()
    minimum: int = 0
    uses: int | None = None
    uses_each: int | None = None
    combinable: bool = False
    said: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = isinstance(self.benefit, PercentOff) and not 0 < self.benefit.percent <= 100
        wrong |= isinstance(self.benefit, AmountOff) and self.benefit.amount < 1
        wrong |= isinstance(self.benefit, FreeExtra) and self.benefit.count < 1
        if wrong or self.minimum < 0:
            raise ValueError(f"impossible promotion: {self}")


@dataclass(frozen=True, slots=True)
class Used:
    """How often a promotion is used already: by all, and by this customer."""

    by_all: int = 0
    by_customer: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a promotion is not given. `promotion` is its id, or the code that nobody knows."""

    promotion: str
    reason: Reason
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reduction:
    """What is taken off, by which promotions, and why a code that was entered is refused."""

    items: tuple[Item, ...] = ()
    applied: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def same_code(one: str, other: str) -> bool:
    """Whether two codes are the same to people."""
    return one.strip().casefold() == other.strip().casefold()


def refusal(promotion: Promotion, asked: Asked, subtotal: Fraction, used: Used) -> Refused | None:
    """Why a booking of that subtotal does not get a promotion; None if it does. The first reason of the order above."""
    day = hours.date_of(asked.zone, asked.start)
    checks: tuple[tuple[bool, Reason, dict[str, Any]], ...] = (
        (_before(asked.booked, promotion.booked_from), "not_yet", {"from": promotion.booked_from}),
        (_from_on(asked.booked, promotion.booked_until), "ended", {"until": promotion.booked_until}),
        (bool(promotion.services) and asked.service not in promotion.services, "wrong_service", {}),
        (not _among_dates(day, promotion), "wrong_date", _dates(promotion)),
        (not promotion.condition.holds_at_start(asked), "wrong_time", {"when": promotion.condition.as_params()}),
        (subtotal < promotion.minimum, "below_minimum", {"minimum": promotion.minimum}),
        (_from_on(used.by_all, promotion.uses), "used_up", {"uses": promotion.uses}),
        (_from_on(used.by_customer, promotion.uses_each), "used_up_by_customer", {"uses": promotion.uses_each}),
    )
    return next((Refused(promotion.id, reason, params) for fails, reason, params in checks if fails), None)


def reduce(
    promotions: Iterable[Promotion],
    items: Sequence[Item],
    asked: Asked,
    *,
    code: str = "",
    used: Mapping[str, Used] | None = None,
    offered: Container[str] = (),
) -> Reduction:
    """What promotions take off the items of a booking: those without a code, and those of the code.

    `offered`: the extras that could be taken.

    All that combine are used together, in the order of (`position`, `id`); one that does not combine stands alone.
    The customer gets whichever costs less; of equals, what combines, then the first.
    """
    subtotal, entered = _sum(items), code.strip()
    given, refused = [], []
    for promotion in sorted(promotions, key=lambda each: (each.position, each.id)):
        if promotion.code and not same_code(promotion.code, entered):
            continue
        why = refusal(promotion, asked, subtotal, (used or {}).get(promotion.id, Used()))
        if why is None and not _taken_off([promotion], items):
            why = _nothing(promotion, items, offered)
        if why is None:
            given.append(promotion)
        elif promotion.code:
            refused.append(why)
    off = _cheapest(given, items)
    applied = tuple(dict.fromkeys(item.rule for item in off))
    refused += [Refused(each.id, "not_combinable") for each in given if each.code and each.id not in applied]
    if entered and not refused and not any(each.code for each in given):
        refused.append(Refused(entered, "unknown"))
    return Reduction(tuple(off), applied, tuple(refused))


def _nothing(promotion: Promotion, items: Iterable[Item], offered: Container[str]) -> Refused:
    """Why a promotion takes nothing off although it would be given."""
    benefit, reason, params = promotion.benefit, "nothing_to_reduce", dict[str, Any]()
    if isinstance(benefit, FreeExtra) and not any(item.rule == benefit.extra for item in items):
        reason = "extra_not_chosen" if benefit.extra in offered else "extra_not_offered"
        params = {**benefit.said, "extra": benefit.extra}
    return Refused(promotion.id, cast("Reason", reason), params)


def _cheapest(given: Sequence[Promotion], items: Sequence[Item]) -> list[Item]:
    choices = [[each for each in given if each.combinable], *([each] for each in given if not each.combinable)]
    return min((_taken_off(choice, items) for choice in choices), key=_sum)


def _sum(items: Iterable[Item]) -> Fraction:
    return sum((item.amount for item in items), Fraction(0))


def _taken_off(chosen: Iterable[Promotion], items: Sequence[Item]) -> list[Item]:
    """The lines of these promotions, one after the other, each of what the one before has left.

    A line for each tax class among the items, so that tax is owed of what is paid.
    """
    left: dict[str, Fraction] = {}
    for item in items:
        left[item.tax_class] = left.get(item.tax_class, Fraction(0)) + item.amount
    result = []
    for promotion in chosen:
        for tax_class, amount in _shares(promotion.benefit, items, left).items():
            if amount:
                left[tax_class] -= amount
                result.append(_item(promotion, tax_class, amount))
    return result


def _shares(benefit: Benefit, items: Sequence[Item], left: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """How much is taken off each tax class: never more than is left of it."""
    if isinstance(benefit, FreeExtra):
        return _free(benefit, items, left)
    whole = sum(left.values(), Fraction(0))
    if not whole:
        return {}
    if isinstance(benefit, PercentOff):
        off = whole * benefit.percent / 100
        off = off if benefit.most is None else min(off, Fraction(benefit.most))
    else:
        off = min(whole, Fraction(benefit.amount))
    return {tax_class: off * amount / whole for tax_class, amount in left.items()}


def _free(benefit: FreeExtra, items: Sequence[Item], left: Mapping[str, Fraction]) -> dict[str, Fraction]:
    for item in items:
        charged = item.params["charged"] if item.kind == "extra" else 0
        if item.rule == benefit.extra and charged > 0:
            off = item.amount * min(benefit.count, charged) / charged
            return {item.tax_class: min(off, left[item.tax_class])}
    return {}


def _item(promotion: Promotion, tax_class: str, amount: Fraction) -> Item:
    benefit = promotion.benefit
    params: dict[str, Any] = {
        "promotion": promotion.id,
        **promotion.said,
        **({"code": promotion.code} if promotion.code else {}),
    }
    if when := {**promotion.condition.as_params(), **_served(promotion)}:
        params["when"] = when
    if isinstance(benefit, PercentOff):
        params |= {"percent": plain(benefit.percent), **({"most": benefit.most} if benefit.most is not None else {})}
    elif isinstance(benefit, FreeExtra):
        params |= {**benefit.said, "extra": benefit.extra, "count": benefit.count}
    key = {PercentOff: "promotion_percent", AmountOff: "promotion_amount", FreeExtra: "promotion_extra"}[type(benefit)]
    return Item(key, Fraction(1), -round(amount), -amount, params, promotion.id, kind="promotion", tax_class=tax_class)


def _before(value: int, first: int | None) -> bool:
    return first is not None and value < first


def _from_on(value: int, end: int | None) -> bool:
    return end is not None and value >= end


def _among_dates(day: date, promotion: Promotion) -> bool:
    first, last = promotion.served_from, promotion.served_until
    return (first is None or first <= day) and (last is None or day <= last)


def _served(promotion: Promotion) -> dict[str, Any]:
    """Its dates as a condition has them."""
    days = [day.isoformat() if day else None for day in (promotion.served_from, promotion.served_until)]
    return {"dates": [days]} if any(days) else {}


def _dates(promotion: Promotion) -> dict[str, str]:
    days = {"from": promotion.served_from, "until": promotion.served_until}
    return {name: day.isoformat() for name, day in days.items() if day}

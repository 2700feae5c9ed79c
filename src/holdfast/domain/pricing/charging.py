"""How each effect changes the running amounts of a stay's parts, and the line that says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from holdfast.domain.pricing.conditions import Asked, NoPriceForWay
from holdfast.domain.pricing.effects import Add, Base, ByZones, Effect, Maximum, Minimum, Percent, PerHour, PerUnit
from holdfast.domain.pricing.lines import Span


@dataclass(frozen=True, slots=True)
class Charge:
    """What an effect adds (or takes off): exact minor units, and what is said of it."""

    key: str
    quantity: Fraction
    unit: int
    amount: Fraction
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Running:
    """The parts of a stay, in order, and what each costs so far. `chosen` are numbers of parts."""

    asked: Asked
    parts: Sequence[Span]
    amounts: list[Fraction]

    def sum(self, chosen: Sequence[int]) -> Fraction:
        return sum((self.amounts[number] for number in chosen), Fraction(0))

    def minutes(self, chosen: Sequence[int]) -> int:
        return sum(self.parts[number][1] - self.parts[number][0] for number in chosen)

    def share(self, chosen: Sequence[int]) -> Fraction:
        """How much of the stay's minutes these parts are."""
        return Fraction(self.minutes(chosen), self.asked.end - self.asked.start)

    def add(self, chosen: Sequence[int], amount: Fraction) -> None:
        """More is spread evenly by minutes; less is taken in proportion to what is there: no part gets negative."""
        if amount < 0:
            self.scale(chosen, 1 + amount / self.sum(chosen))
            return
        whole = self.minutes(chosen)
        for number in chosen:
            self.amounts[number] += amount * self.minutes([number]) / whole

    def scale(self, chosen: Sequence[int], factor: Fraction) -> None:
        for number in chosen:
            self.amounts[number] *= factor


def charge(effect: Effect, running: Running, chosen: Sequence[int]) -> Charge | None:
    """Apply an effect to the chosen parts; None where it changes nothing. Raises InputMissing, NoPriceForWay."""
    charged = _BY_EFFECT[type(effect)](effect, running, chosen)
    if charged is None:
        return None
    if isinstance(effect, Percent):
        running.scale(chosen, 1 + effect.percent / 100)
    else:
        running.add(chosen, charged.amount)
    return charged


def missing_time(effect: PerHour, running: Running, chosen: Sequence[int]) -> Charge:
    """The minutes that a stay is too short for a rule's minimum, charged at its rate."""
    missing = effect.minimum - (running.asked.end - running.asked.start)
    params = {"minutes": missing, "minimum": effect.minimum}
    charged = _multiple("minimum_time", Fraction(missing, 60), effect.amount, params)
    running.add(chosen, charged.amount)
    return charged


def _multiple(key: str, quantity: Fraction, unit: int, params: Mapping[str, Any]) -> Charge:
    return Charge(key, quantity, unit, quantity * unit, params)


def _base(effect: Base, running: Running, chosen: Sequence[int]) -> Charge:
    return _multiple("per_booking", running.share(chosen), effect.amount, {})


def _per_hour(effect: PerHour, running: Running, chosen: Sequence[int]) -> Charge:
    minutes = running.minutes(chosen)
    return _multiple("per_hour", Fraction(minutes, 60), effect.amount, {"minutes": minutes})


def _per_unit(effect: PerUnit, running: Running, chosen: Sequence[int]) -> Charge:
    wanted = running.asked.quantity(effect.unit)
    quantity = max(Fraction(0), wanted - effect.included) * running.share(chosen)
    params: dict[str, Any] = {"unit": effect.unit, "count": plain(wanted)}
    if effect.unit == "person":
        params = {"party": running.asked.party}
    if effect.included:
        params["included"] = plain(effect.included)
    return _multiple("per_person" if effect.unit == "person" else "per_unit", quantity, effect.amount, params)


def _by_zones(effect: ByZones, running: Running, chosen: Sequence[int]) -> Charge:
    asked = running.asked
    way = effect.way(asked.origin, asked.destination)
    if way is None:  # of `only` these: else the rule would not apply
        raise NoPriceForWay(asked.origin, asked.destination)
    origin, destination, amount = way
    params: dict[str, Any] = {"from": origin, "to": destination}
    if effect.names:
        params |= {"from_name": effect.names.get(origin, ""), "to_name": effect.names.get(destination, "")}
    return _multiple("by_zones", running.share(chosen), amount, params)


def _percent(effect: Percent, running: Running, chosen: Sequence[int]) -> Charge | None:
    before, part = running.sum(chosen), effect.percent / 100
    if not before * part:
        return None
    return Charge("percent", part, round(before), before * part, {"percent": plain(effect.percent)})


def _add(effect: Add, running: Running, chosen: Sequence[int]) -> Charge | None:
    share = running.share(chosen)
    amount = max(share * effect.amount, -running.sum(chosen))
    return Charge("add", share, effect.amount, amount) if amount else None


def _minimum(effect: Minimum, running: Running, chosen: Sequence[int]) -> Charge | None:
    amount = effect.amount - running.sum(chosen)
    return Charge("minimum", Fraction(1), effect.amount, amount) if amount > 0 else None


def _maximum(effect: Maximum, running: Running, chosen: Sequence[int]) -> Charge | None:
    amount = effect.amount - running.sum(chosen)
    return Charge("maximum", Fraction(1), effect.amount, amount) if amount < 0 else None


def plain(number: Fraction) -> int | str:
    """As JSON can hold it: a whole number, or a fraction's text."""
    return int(number) if number.denominator == 1 else str(number)


_BY_EFFECT: dict[type, Callable[[Any, Running, Sequence[int]], Charge | None]] = {
    Base: _base,
    PerHour: _per_hour,
    PerUnit: _per_unit,
    ByZones: _by_zones,
    Percent: _percent,
    Add: _add,
    Minimum: _minimum,
    Maximum: _maximum,
}

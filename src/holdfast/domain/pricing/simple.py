"""The price of a service without a tariff: one amount for the booking, the hour or the person, and a surcharge."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from holdfast.domain.money import Money, Rounding, round_half_up
from holdfast.domain.pricing.conditions import ALWAYS, Asked, Condition
from holdfast.domain.pricing.effects import Add, Base, Effect, Percent, PerHour, PerUnit
from holdfast.domain.pricing.lines import Price, price_of, rounded
from holdfast.domain.pricing.tariff import Rule, items

Per = Literal["booking", "hour", "person"]
# The service's own price is a rule like others, the first of this group: a tariff's rule of it stands in its place.
# Its surcharge comes after all of a tariff's rules, which have positions between the two.
PRICE_GROUP = "price"
FIRST, LAST = -1, 1_000_000


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is asked besides: a percentage of the price, or an amount in minor units of its currency."""

    key: str
    percent: int = 0
    amount: int = 0

    def __post_init__(self) -> None:
        if self.percent < 0 or self.amount < 0 or (self.percent and self.amount):
            raise ValueError(f"impossible surcharge: {self}")


def own_rules(
    unit_amount: int, per: Per, surcharge: Surcharge | None = None, only: Condition = ALWAYS
) -> tuple[Rule, ...]:
    """The rules that a service's own price and surcharge are; `only`: when the surcharge is asked.

    Raises ValueError for an unknown `per`.
    """
    by_unit: dict[str, Effect] = {
        "booking": Base(unit_amount),
        "hour": PerHour(unit_amount),
        "person": PerUnit(unit_amount, "person"),
    }
    if per not in by_unit:
        raise ValueError(f"nothing is priced per {per}")
    own = Rule("", by_unit[per], position=FIRST, group=PRICE_GROUP)
    if surcharge is None or not (surcharge.percent or surcharge.amount):
        return (own,)
    more = Percent(Fraction(surcharge.percent)) if surcharge.percent else Add(surcharge.amount)
    return own, Rule(surcharge.key, more, only, LAST, key=surcharge.key)


def price(
    unit_amount: int,
    per: Per,
    duration_minutes: int,
    party: int,
    currency: str,
    rounding: Rounding = round_half_up,
    surcharge: Surcharge | None = None,
) -> Price:
    """The price of one booking without a tariff. `unit_amount` is in minor units, per booking, hour or person.

    Hours are exact (95 minutes are 19/12 h); a `surcharge` is a line of its own. Raises ValueError for an empty
    duration or party, an unknown `per` or currency, a negative amount; TypeError for one that is not an int.
    """
    Money(unit_amount, currency)
    asked = Asked("UTC", 0, max(0, duration_minutes), 0, party=party)
    return price_of(rounded(items(own_rules(unit_amount, per, surcharge), asked), currency, rounding), currency)

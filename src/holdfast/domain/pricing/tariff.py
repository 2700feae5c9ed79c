"""Tariff rules, applied in their order to each part of a stay. docs/algorithms/pricing.md.

A stay is cut wherever any rule begins or ends to apply. Each part keeps a running amount, which is exact; a rule
changes the parts it applies to and is one line, whatever the number of its parts. Rounding is left to `lines.rounded`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from holdfast.domain.calendar_bits import full, to_intervals
from holdfast.domain.pricing.charging import Charge, Running, charge, missing_time
from holdfast.domain.pricing.conditions import ALWAYS, Asked, Condition
from holdfast.domain.pricing.effects import KILOMETRES, ByZones, Effect, PerHour, PerUnit, check
from holdfast.domain.pricing.lines import Item, Span

Covers = Literal["part", "any", "start"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a tariff. Rules apply in the order of (`position`, `id`), however they are listed.

    `covers`: "part" applies to the minutes of its condition alone; "any" to the whole stay as soon as one minute is
    among them; "start" to the whole stay if the first is. Of the rules of one `group` only the last counts for a
    minute: it stands in place of those before. `key` names other words than the effect's own; `said` goes into the
    params of its lines, such as what people call it.
    """

    id: str
    effect: Effect
    condition: Condition = ALWAYS
    position: int = 0
    group: str = ""
    covers: Covers = "part"
    key: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self.effect)

    def minutes(self, asked: Asked) -> int:
        """Where it applies, as bits of the stay; other rules of its group not yet heeded."""
        zones = self.effect if isinstance(self.effect, ByZones) and not self.effect.only else None
        if zones is not None and zones.way(asked.origin, asked.destination) is None:
            return 0
        bits = self.condition.minutes(asked)
        if self.covers == "part":
            return bits
        return full(asked.window) if (bits & 1 if self.covers == "start" else bits) else 0

    @property
    def is_of_way(self) -> bool:
        """Whether it asks where the booking goes from and to, or how far."""
        return self.condition.is_of_way or isinstance(self.effect, ByZones) or self.is_of_distance

    @property
    def is_of_distance(self) -> bool:
        return isinstance(self.effect, PerUnit) and self.effect.unit == KILOMETRES


def ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """In the order in which they apply."""
    return tuple(sorted(rules, key=lambda rule: (rule.position, rule.id)))


def items(rules: Iterable[Rule], asked: Asked) -> list[Item]:
    """What the rules charge for a stay, exactly, in their order. Raises InputMissing, NoPriceForWay."""
    kept = ordered(rules)
    reach = _without_replaced(kept, [rule.minutes(asked) for rule in kept])
    parts = _parts(asked, reach)
    running = Running(asked, parts, [Fraction(0)] * len(parts))
    longest = _longest_minimum(kept, reach, asked)
    result: list[Item] = []
    for rule, bits in zip(kept, reach, strict=True):
        chosen = [number for number, (start, _) in enumerate(parts) if bits >> (start - asked.start) & 1]
        charged = charge(rule.effect, running, chosen) if chosen else None
        if charged is not None:
            result.append(_item(rule, charged, to_intervals(asked.window, bits)))
        if rule is longest and isinstance(rule.effect, PerHour):
            result.append(_item(rule, missing_time(rule.effect, running, chosen), ()))
    return result


def _without_replaced(rules: Sequence[Rule], reach: Sequence[int]) -> list[int]:
    """Each rule's minutes less those of the later rules of its group."""
    taken: dict[str, int] = {}
    kept = []
    for rule, bits in zip(reversed(rules), reversed(reach), strict=True):
        kept.append(bits & ~taken.get(rule.group, 0) if rule.group else bits)
        if rule.group:
            taken[rule.group] = taken.get(rule.group, 0) | bits
    return kept[::-1]


def _parts(asked: Asked, reach: Iterable[int]) -> list[Span]:
    """The stay, cut where any rule begins or ends to apply."""
    edges = {asked.start, asked.end}
    for bits in set(reach):
        edges.update(edge for span in to_intervals(asked.window, bits) for edge in span)
    marks = sorted(edges)
    return list(pairwise(marks))


def _longest_minimum(rules: Sequence[Rule], reach: Sequence[int], asked: Asked) -> Rule | None:
    """The rule in effect whose shortest time is longer than the stay: the longest of them, the first of equals."""
    found, longest = None, asked.end - asked.start
    for rule, bits in zip(rules, reach, strict=True):
        if bits and isinstance(rule.effect, PerHour) and rule.effect.minimum > longest:
            found, longest = rule, rule.effect.minimum
    return found


def _item(rule: Rule, charged: Charge, spans: Iterable[Span]) -> Item:
    when = rule.condition.as_params()
    params: dict[str, Any] = {**charged.params, **rule.said, **({"when": when} if when else {})}
    key = rule.key or charged.key if charged.key != "minimum_time" else charged.key
    return Item(key, charged.quantity, charged.unit, charged.amount, params, rule.id, tuple(spans))

"""What the same costs at many starts: each different price is worked out once.

Two starts cost the same where the same minutes of the stay are under the same rules, on the same local date where
dates matter. So the clocks are read once for all of them, and most starts are looked up.
"""

from collections.abc import Sequence
from dataclasses import replace

from holdfast.domain import hours
from holdfast.domain.calendar_bits import Window
from holdfast.domain.pricing.conditions import Asked, Condition
from holdfast.domain.pricing.whole import Choice, Terms, quote


def totals(terms: Terms, asked: Asked, starts: Sequence[int], choice: Choice | None = None) -> list[int]:
    """In minor units, for each of these ascending starts (minutes, UTC); all else as in `asked`."""
    if not starts:
        return []
    length = asked.end - asked.start
    window = Window(starts[0], starts[-1] + length - starts[0])
    conditions = terms.conditions
    clocks = [condition.of_time(asked.zone, asked.holidays, window) for condition in conditions]
    dated = bool(terms.promotions) or any(rate.is_dated for rate in terms.taxes.rates)
    mask, known, result = (1 << length) - 1, dict[object, int](), []
    for start in starts:
        offset = start - window.origin
        there = [bits >> offset & mask for bits in clocks]
        noticed = [_is_noticed(condition, start - asked.booked) for condition in conditions]
        key = (*there, *noticed, hours.date_of(asked.zone, start) if dated else None)
        if key not in known:
            moved = replace(asked, start=start, end=start + length)
            known[key] = quote(terms, moved, choice).price.total.amount
        result.append(known[key])
    return result


def _is_noticed(condition: Condition, notice: int) -> bool:
    return (condition.shortest_notice is None or condition.shortest_notice <= notice) and (
        condition.longest_notice is None or notice < condition.longest_notice
    )

"""A series as the API and the pages give it, as plain JSON in the active language."""

from collections.abc import Sequence
from typing import Any

from holdfast.bookings.errors import foretold
from holdfast.bookings.limits.allowances import Exceeded
from holdfast.domain import hours
from holdfast.domain.money import Money, total_of
from holdfast.series.asked import Asked
from holdfast.series.judging import Judged, Status, unresolved
from holdfast.series.other_times import Alternative
from holdfast.series.wording import rule_in_words


def preview_document(asked: Asked, found: Sequence[Judged], currency: str) -> dict[str, Any]:
    """Every date with what it would get, and the total of those that would be booked now."""
    statuses: tuple[Status, ...] = ("ok", "conflict", "skipped", "waiting")
    return {
        "rrule": str(asked.rule),
        "words": rule_in_words(asked.rule, asked.walls[0].time(), asked.first_date),
        "service": asked.wish.service,
        "time_zone": asked.zone,
        "dates": [date_document(asked, each) for each in found],
        "counts": {status: sum(each.status == status for each in found) for status in statuses},
        "total": _money(total_of([each.price for each in found if each.price], currency)),
        "bookable": not unresolved(found) and any(each.status == "ok" for each in found),
    }


def date_document(asked: Asked, judged: Judged) -> dict[str, Any]:
    return {
        "date": judged.date.isoformat(),
        "starts_at": _local(asked.zone, judged.start),
        "ends_at": _local(asked.zone, judged.start + judged.duration),
        "status": judged.status,
        "action": judged.resolution.action if judged.resolution else None,
        "resource": judged.resolution.resource if judged.resolution else None,
        "code": judged.refusal.code if judged.refusal else None,
        "reason": foretold(judged.refusal) if judged.refusal else None,
        "price": _money(judged.price) if judged.price else None,
        "exceeded": [exceeded_document(each) for each in judged.exceeded],
        "alternatives": [alternative_document(asked.zone, each, judged.duration) for each in judged.alternatives],
    }


def exceeded_document(exceeded: Exceeded) -> dict[str, Any]:
    """A limit beyond which staff go, in the active language; `used` of its `most` before the date."""
    return {
        "code": exceeded.code,
        "limit": exceeded.limit.words,
        "day": exceeded.day.isoformat(),
        "most": exceeded.most,
        "used": exceeded.used,
    }


def alternative_document(zone: str, alternative: Alternative, duration: int) -> dict[str, Any]:
    """What a date could have instead, in the wall time of `zone`."""
    slug, name = alternative.resource or (None, None)
    return {
        "starts_at": _local(zone, alternative.start),
        "ends_at": _local(zone, alternative.start + duration),
        "resource": slug and {"slug": slug, "name": name},
        "price": _money(alternative.price),
    }


def _local(zone: str, minute: int) -> str:
    return hours.from_minute(zone, minute).isoformat(timespec="seconds")


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}

"""From rows to the domain: how one may pay for a service, and what cancelling it late costs."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from holdfast.domain.cancellation import Charge, Ladder, Step
from holdfast.domain.pricing.paying import NO_TIPS, Deposit, Fee, Tips


def compile_fees(document: Mapping[str, Any]) -> tuple[Fee, ...]:
    """Of the payment methods that cost something, of a document with `queries.TERMS` in it."""
    return tuple(
        Fee(
            row["method"],
            Fraction(row["fee_percent"]),
            row["fee_fixed"],
            borne_by=row["fee_borne_by"],
            of_all=row["fee_of_all"],
        )
        for row in document["pricing"]["options"]
        if Fraction(row["fee_percent"]) or row["fee_fixed"]
    )


def compile_hold_ahead(document: Mapping[str, Any]) -> int:
    """How many minutes before the service money is held on a kept card; 0 where none is kept."""
    hours = [row["hold_hours"] for row in document["pricing"]["options"] if row["method"] == "card_on_file"]
    return 60 * int(hours[0]) if hours else 0


def compile_deposit(document: Mapping[str, Any]) -> Deposit | None:
    """The service's own, or the one of all services; None where all is paid at once."""
    row = document["pricing"]["deposit"]
    if row is None:
        return None
    return Deposit(Fraction(row["percent"] or 0), row["amount"] or 0, row["whole_within"])


def compile_tips(document: Mapping[str, Any]) -> Tips:
    row = document["pricing"]["tips"]
    return Tips(tuple(row["percents"]), row["is_free"]) if row else NO_TIPS


def compile_ladder(document: Mapping[str, Any]) -> Ladder | None:
    """The service's own, or the one of all services; None where the organization's notice is all that counts."""
    row = document["pricing"]["policy"]
    if row is None:
        return None
    return Ladder(tuple(Step(each["within"], _charge(each)) for each in row["steps"]), _charge(row))


def _charge(row: Mapping[str, Any]) -> Charge:
    return Charge(Fraction(row["percent"] or 0), row["amount"] or 0)

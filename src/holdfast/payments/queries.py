"""Reads of payments for other rooms."""

import re

from holdfast.domain.ledger import EntryKind
from holdfast.payments.models import LedgerEntry, StripeAccount

# "2026-00312": what stands before the last number, that number, and what stands after it.
_NUMBERED = re.compile(r"(.*?)(\d{1,12})(\D*)")


def takes_cards() -> bool:
    """Whether the organization has a card account. In its transaction."""
    return StripeAccount.objects.exists()


def next_receipt(how: str) -> str:
    """The receipt number after the highest that is written like the last one of `how` (cash, card); "" without any.

    In the organization's transaction.
    """
    known = LedgerEntry.objects.filter(kind__in=(EntryKind.RECEIVED, EntryKind.REFUNDED), details__has_key="receipt")
    last = known.filter(details__how=how).order_by("-at", "-id").values_list("details__receipt", flat=True).first()
    like = _NUMBERED.fullmatch(last or "")
    if not like:
        return ""
    before, number, after = like.groups()
    alike = known.filter(details__receipt__startswith=before).values_list("details__receipt", flat=True)
    used = (_NUMBERED.fullmatch(each) for each in alike.iterator())
    highest = max(int(each[2]) for each in used if each and (each[1], each[3]) == (before, after))
    return f"{before}{highest + 1:0{len(number)}}{after}"

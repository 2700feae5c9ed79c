"""The tax in a price, in the reader's words: from the lines that a booking keeps, which have each their part of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.fields import in_language
from holdfast.pricing import wording
from holdfast.web import formats


def tax_name(taxed: Mapping[str, Any]) -> str:
    """ "VAT 10%", also where the name alone says so; "tax" of a rate that has no name."""
    name = in_language(taxed.get("tax_name")) or _("tax")
    return wording.with_percentage(name, taxed["percent"]) if "percent" in taxed else name


def included_words(lines: Sequence[Mapping[str, Any]], currency: str) -> list[str]:
    """ "of which VAT 10%: €13.10", one for each rate; none where tax comes on top, and has lines of its own.

    What lines share of a rate adds up to its tax, to the minor unit.
    """
    if any(line.get("kind") == "tax" for line in lines):
        return []
    taxed: dict[str, Mapping[str, Any]] = {}
    sums: dict[str, int] = {}
    for line in lines:
        if rate := line.get("tax_rate"):
            taxed.setdefault(rate, line.get("taxed", {}))
            sums[rate] = sums.get(rate, 0) + line["tax"]
    return [
        _("of which %(tax)s: %(amount)s") % {"tax": tax_name(taxed[rate]), "amount": formats.money(amount, currency)}
        for rate, amount in sums.items()
        if amount
    ]

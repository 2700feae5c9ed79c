"""What a difference says to people, and what each way out of it does to whom, in the active language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from holdfast.domain.reconciling import DifferenceKind, What
from holdfast.payments.models import Difference
from holdfast.payments.reconciling.resolving import Way
from holdfast.web import formats

WHATS: dict[str, Promise] = {
    What.PAYMENT: gettext_lazy("Payment"),
    What.CHECKOUT: gettext_lazy("Payment page"),
    What.CARD: gettext_lazy("Kept card"),
    What.REFUND: pgettext_lazy("a difference", "Refund"),
    What.DISPUTE: gettext_lazy("Dispute"),
}
KINDS: dict[str, Promise] = {
    DifferenceKind.NONE: gettext_lazy("Both say the same"),
    DifferenceKind.ELSEWHERE: gettext_lazy("Not this organization’s"),
    DifferenceKind.LATER: gettext_lazy("Too new, left for the next run"),
    DifferenceKind.MISSING_HERE: gettext_lazy("Money that was not known here"),
    DifferenceKind.MISSING_THERE: gettext_lazy("Not known to the card company"),
    DifferenceKind.AMOUNT: gettext_lazy("Different amounts"),
    DifferenceKind.STATE: gettext_lazy("Stands differently"),
    DifferenceKind.STALE: gettext_lazy("Still open though nothing is owed"),
    DifferenceKind.ORPHAN: gettext_lazy("Of an unknown payment"),
}
TROUBLES: dict[str, Promise] = {
    "cut_off": gettext_lazy("It was cut off before its end. What it had repaired stays repaired."),
    "payments_unavailable": gettext_lazy("The card company does not answer. It is tried again by itself."),
    "payments_busy": gettext_lazy("The card company is busy. It is tried again by itself."),
    "payments_not_set_up": gettext_lazy("The card company refused the keys. Look at how cards are set up."),
}
OTHER_TROUBLE = gettext_lazy("Something went wrong that is ours to repair. Nothing was changed by it.")


@dataclass(frozen=True, slots=True)
class WayWords:
    """`label` is on its button; `does` says what happens to whom; `done` that it has."""

    label: "str | Promise"
    does: "str | Promise"
    done: "str | Promise"
    is_danger: bool = False


_WAYS: dict[Way, WayWords] = {
    Way.GIVE_BACK: WayWords(
        gettext_lazy("Give it back"),
        gettext_lazy(
            "What was taken goes back to the card it came from, within five to ten days; what a bank only holds is let "
            "go. No booking is changed, and nobody gets a mail from here."
        ),
        gettext_lazy("It is given back."),
        is_danger=True,
    ),
    Way.ADOPT: WayWords(
        gettext_lazy("Put it to a booking"),
        gettext_lazy(
            "It becomes a payment of the booking you name. If that waits for its money, it is confirmed and its "
            "customer gets a mail; what is more than it costs goes back to the card by itself."
        ),
        gettext_lazy("It belongs to the booking now."),
    ),
    Way.TAKE_WORD: WayWords(
        gettext_lazy("Take the card company’s word"),
        gettext_lazy(
            "The booking’s money then says what the card company says. Nobody is charged by this. If more is there "
            "than is owed, the rest goes back to the card by itself; if less is, it stays owed."
        ),
        gettext_lazy("The booking’s money says what the card company says."),
    ),
    Way.KNOW: WayWords(
        gettext_lazy("Mark as known"),
        gettext_lazy("Nothing is done and nobody is told. It is listed again only if something else is seen of it."),
        gettext_lazy("It is listed no more."),
    ),
}
_CLOSE = WayWords(
    gettext_lazy("Close it"),
    gettext_lazy("Nobody can pay by it any more. Nothing was taken, so nobody gets anything back."),
    gettext_lazy("Nobody can pay by it any more."),
)


def way_words(way: Way, difference: Difference) -> WayWords:
    """Of an orphan by which nothing came, giving back is closing."""
    return _CLOSE if way == Way.GIVE_BACK and not difference.amount_there else _WAYS[way]


def sentence(difference: Difference) -> str:
    """What differs."""
    here = _amount(difference.amount_here, difference.currency_here)
    there = _amount(difference.amount_there, difference.currency_there)
    match difference.kind:
        case DifferenceKind.ORPHAN if difference.amount_there:
            words = _("The card company has %(there)s of a payment that is not known here.")
        case DifferenceKind.ORPHAN:
            words = _("Somebody could still pay at the card company, by a payment that is not known here.")
        case DifferenceKind.MISSING_THERE:
            words = _("Here it is %(here)s; the card company does not have it.")
        case DifferenceKind.AMOUNT:
            words = _("The card company says %(there)s, here it is %(here)s.")
        case DifferenceKind.STATE if here != there:
            words = _("The card company has %(there)s of it, here it is %(here)s.")
        case DifferenceKind.STATE:
            words = _("The card company and the booking’s money do not say the same of how it stands.")
        case DifferenceKind.STALE:
            words = _("Somebody could still pay by it though nothing is owed.")
        case _:
            words = _("The card company has %(there)s that was not known here.")
    return words % {"here": here, "there": there}


def advice(difference: Difference) -> str:
    """Why it is left to a person."""
    if difference.details.get("refused"):
        return _("It could not be repaired by itself; the card company said: %(said)s") % {
            "said": difference.details["refused"]
        }
    if difference.kind == DifferenceKind.ORPHAN:
        return _(
            "It carries this organization’s mark. Perhaps it was made before a backup was restored, or by a copy of "
            "this installation with the same keys: then leave it to the other one."
        )
    return _("Look at it on the card company’s own pages, too, before you decide.")


def trouble(code: str) -> str:
    return str(TROUBLES.get(code, OTHER_TROUBLE)) if code else ""


def _amount(amount: int | None, currency: str) -> str:
    return formats.money(amount, currency) if amount is not None and currency else _("nothing")

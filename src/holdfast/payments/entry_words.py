"""What an entry of the ledger says to people, in the active language."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.domain.ledger import EntryKind
from holdfast.payments.errors import WORDS
from holdfast.payments.ledger import GIVEN_BACK
from holdfast.payments.models import LedgerEntry, PaymentKind
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "diners": "Diners",
    "jcb": "JCB", "unionpay": "UnionPay", "cartes_bancaires": "CB",
}  # fmt: skip
# By the kind, and what tells two of a kind apart: how staff took it, what kind of payment, what is owed for.
SENTENCES: "dict[str, StrOrPromise]" = {
    "owed": gettext_lazy("%(amount)s added to what is owed"),
    "owed.late_cancellation": gettext_lazy("%(amount)s owed for the late cancellation"),
    "owed.no_show": gettext_lazy("%(amount)s owed for not coming"),
    "owed.ended": gettext_lazy("Nothing is owed for it any more"),
    "owed.tip": gettext_lazy("Tip of %(amount)s"),
    "owed.let_off": gettext_lazy("%(amount)s let off by %(who)s"),
    "started": gettext_lazy("Asked to pay %(amount)s by card"),
    "started.checkout": gettext_lazy("Payment page opened for %(amount)s"),
    "started.card_hold": gettext_lazy("The bank is asked to hold %(amount)s"),
    "started.kept_card": gettext_lazy("Asked for a card to keep"),
    "card_kept": gettext_lazy("Card kept for later"),
    "held": gettext_lazy("%(amount)s held on %(card)s"),
    "received": gettext_lazy("%(amount)s paid by %(card)s"),
    "received.cash": gettext_lazy("%(amount)s taken in cash by %(who)s"),
    "received.card": gettext_lazy("%(amount)s taken by card on site by %(who)s"),
    "failed": gettext_lazy("The payment by card failed"),
    "failed.card_hold": gettext_lazy("The kept card was refused"),
    "failed.kept_card": gettext_lazy("The card could not be kept"),
    "cancelled": gettext_lazy("The payment was closed"),
    "cancelled.checkout": gettext_lazy("The payment page was closed"),
    "cancelled.card_hold": gettext_lazy("Card hold released"),
    "cancelled.kept_card": gettext_lazy("Card let go by %(who)s"),
    "refund_asked": gettext_lazy("%(amount)s refunded by %(who)s"),
    "refund_pending": gettext_lazy("Refund of %(amount)s is on its way"),
    "refunded": gettext_lazy("%(amount)s given back to %(card)s"),
    "refunded.cash": gettext_lazy("%(amount)s given back in cash by %(who)s"),
    "refunded.card": gettext_lazy("%(amount)s given back by card on site by %(who)s"),
    "refund_failed": gettext_lazy("The refund of %(amount)s failed"),
    "disputed": gettext_lazy("%(amount)s disputed by the card’s owner"),
    "dispute_won": gettext_lazy("Dispute won: %(amount)s stays"),
    "dispute_lost": gettext_lazy("Dispute lost: %(amount)s is gone"),
    "too_late": gettext_lazy("Paid when the time was given to somebody else"),
    "corrected": gettext_lazy("Corrected by %(amount)s after the card company’s word, by %(who)s"),
    "fee": gettext_lazy("The card company’s fee: %(amount)s"),
}
REASONS: "dict[str, StrOrPromise]" = {
    "declined": gettext_lazy("The bank refused the card"),
    "insufficient_funds": gettext_lazy("The card has too little money"),
    "expired_card": gettext_lazy("The card has expired"),
    "incorrect_cvc": gettext_lazy("The security code was not right"),
    "incorrect_number": gettext_lazy("The number of the card was not right"),
    "processing_error": gettext_lazy("The bank could not look at it just then"),
    "authentication_required": gettext_lazy("The bank wants its customer to confirm"),
    "authentication_failed": gettext_lazy("The bank could not confirm that it is its customer"),
    "card_gone": gettext_lazy("The kept card is not known any more"),
    "too_late": gettext_lazy("Paid when the time was given to somebody else"),
    "too_much": gettext_lazy("More was paid than is owed"),
    "cancelled": gettext_lazy("The booking was cancelled"),
    # What a card's owner says (Stripe's reasons of disputes).
    "fraudulent": gettext_lazy("The owner says they did not make this payment"),
    "product_not_received": gettext_lazy("The owner says they did not get the service"),
    "product_unacceptable": gettext_lazy("The owner says the service was not as agreed"),
    "duplicate": gettext_lazy("The owner says they paid twice"),
    "credit_not_processed": gettext_lazy("The owner says a refund did not come"),
    "subscription_canceled": gettext_lazy("The owner says they had cancelled"),
    "unrecognized": gettext_lazy("The owner does not recognize the payment"),
    "general": gettext_lazy("The owner gave no particular reason"),
}


# The reasons of the entry that a booking's end makes.
ENDS = frozenset({"late_cancellation", "no_show"})


def sentence(entry: LedgerEntry, *, who: str, card: str = "") -> str:
    """What happened. `who` did it, as words inside a sentence; `card` as `card_in_words` has it."""
    known = (f"{entry.kind}.{variant}" for variant in _variants(entry))
    words = next((SENTENCES[each] for each in known if each in SENTENCES), None) or SENTENCES[entry.kind]
    amount = formats.money(abs(entry.details.get("fee", entry.amount)), entry.currency)
    return str(words) % {"amount": amount, "who": who, "card": card or _("a card")}


def owed_for(entry: LedgerEntry) -> str:
    """Of an entry of `owed`: the reason in its key, `late_cancellation`, `no_show`, `tip`, `let_off`, `given_back`."""
    return (entry.key.split(":") + [""] * 3)[2]


def is_half_of_a_refund(entry: LedgerEntry) -> bool:
    """Whether it says of money that is given back only that it is owed no longer: the refund itself says the rest."""
    return entry.kind == EntryKind.OWED and owed_for(entry) == GIVEN_BACK


def cards(entries: Iterable[LedgerEntry]) -> dict[UUID, str]:
    """By payment, the card it was made with, in words, where that is known."""
    found = ((entry.payment_id, card_in_words(entry.details)) for entry in entries)
    return {key: words for key, words in found if key and words}


def paid_by(entry: LedgerEntry) -> str:
    """The card it came from, or the receipt of what staff took; "" if neither is known."""
    receipt = entry.details.get("receipt")
    return _("receipt %(receipt)s") % {"receipt": receipt} if receipt else card_in_words(entry.details)


def card_in_words(details: Mapping[str, Any]) -> str:
    """`{"card": "visa 4242"}` → "Visa ··4242"; "" for what names no card that people know."""
    brand, _space, last4 = str(details.get("card", "")).rpartition(" ")
    if not brand or not last4.isdigit():
        return ""
    named = {"last4": last4, "brand": BRANDS.get(brand, brand.capitalize())}
    return (_("card ··%(last4)s") if brand == "unknown" else "%(brand)s ··%(last4)s") % named


def reason(why: str) -> str:
    """Why a card was refused, money disputed or given back: our words for the codes, else what somebody wrote."""
    return str(REASONS.get(why, why))


def reason_to_customer(why: str) -> str:
    """The same, said to the card's owner."""
    return str(WORDS.get(why) or REASONS.get(why, why))


def _variants(entry: LedgerEntry) -> Iterable[str]:
    if how := entry.details.get("how"):
        yield how
    if entry.kind == EntryKind.OWED:
        yield "ended" if entry.details.get("fee") == 0 else owed_for(entry)
    elif entry.kind in {EntryKind.STARTED, EntryKind.FAILED, EntryKind.CANCELLED} and entry.payment:
        yield PaymentKind(entry.payment.kind).value

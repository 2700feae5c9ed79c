"""What staff can do about a booking's money: the button, the form, what will happen to whom, and the deed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.desk import money_forms as forms
from holdfast.desk.money import BookingMoney
from holdfast.domain.money import Money
from holdfast.payments import by_staff
from holdfast.web import formats

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`most`: for how much it can be done at most, in minor units; nothing: it is not offered.

    `asks`: what was entered is shown once more, with what will happen, before it does.
    """

    slug: str
    label: "StrOrPromise"
    title: "StrOrPromise"
    icon: str
    form: type[forms.MoneyForm]
    most: Callable[[BookingMoney], int]
    consequence: Callable[[BookingMoney, Given], list[str]]
    do: Callable[[Booking, Given, int, Actor], None]
    done: "StrOrPromise"
    asks: bool = True
    is_danger: bool = False


def offered(money: BookingMoney) -> list[Act]:
    """What can be done now, the most likely first."""
    return [act for act in ACTS.values() if act.most(money) > 0]


def _amount(money: BookingMoney, minor: int) -> str:
    return formats.money(minor, money.booking.price_currency)


def _told(money: BookingMoney) -> str:
    booking = money.booking
    return _("%(name)s is told at %(email)s.") % {"name": booking.customer_name, "email": booking.customer_email}


def _costs_then(money: BookingMoney, given_back: int) -> list[str]:
    """What a refund lets off: what goes beyond what was paid too much."""
    surplus = max(0, -money.standing.outstanding.amount)
    if given_back <= surplus:
        return []
    left = money.standing.owed.amount - (given_back - surplus)
    return [_("The booking then costs %(amount)s.") % {"amount": _amount(money, left)}]


def _refund_words(money: BookingMoney, given: Given) -> list[str]:
    to = money.card or _("the card it came from")
    words = _("%(amount)s goes back to %(card)s; banks take five to ten days.")
    return [
        words % {"amount": _amount(money, given["amount"]), "card": to},
        _told(money),
        *_costs_then(money, given["amount"]),
    ]


def _refund(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.give_back(booking=booking, amount=_money(booking, given), reason=given["reason"], seen=seen, actor=actor)


def _take_words(money: BookingMoney, given: Given) -> list[str]:
    return [_("It is recorded as paid, and %(name)s gets a receipt by mail.") % {"name": money.booking.customer_name}]


def _take(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.take_on_site(
        booking=booking, amount=_money(booking, given), how=given["how"], receipt=given["receipt"], seen=seen,
        actor=actor,
    )  # fmt: skip


def _give_back_words(money: BookingMoney, given: Given) -> list[str]:
    return [_("It is recorded as given back. No card is touched."), *_costs_then(money, given["amount"])]


def _give_back(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.give_back_on_site(
        booking=booking, amount=_money(booking, given), how=given["how"], receipt=given["receipt"],
        reason=given["reason"], seen=seen, actor=actor,
    )  # fmt: skip


def _let_off_words(money: BookingMoney, given: Given) -> list[str]:
    now, off = money.standing, given["amount"]
    left = _amount(money, now.owed.amount - off)
    back = min(max(0, off - now.outstanding.amount), money.on_cards.amount)
    words = [_("%(amount)s is owed no longer; %(left)s is left.") % {"amount": _amount(money, off), "left": left}]
    if back > 0:
        to = {"amount": _amount(money, back), "card": money.card or _("the card it came from")}
        words += [_("%(amount)s was paid already and goes back to %(card)s.") % to, _told(money)]
    return words


def _let_off(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.let_off(booking=booking, amount=_money(booking, given), reason=given["reason"], seen=seen, actor=actor)


def _charge_words(money: BookingMoney, given: Given) -> list[str]:
    card, rest = money.card or _("the card"), money.standing.held.amount - given["amount"]
    words = [_("%(amount)s is charged to %(card)s.") % {"amount": _amount(money, given["amount"]), "card": card}]
    if rest > 0:
        words.append(_("The other %(amount)s that the bank holds is released.") % {"amount": _amount(money, rest)})
    return [*words, _told(money)]


def _charge(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.take_held(booking=booking, amount=_money(booking, given), seen=seen, actor=actor)


def _ask_words(money: BookingMoney, given: Given) -> list[str]:
    booking = money.booking
    words = _("%(name)s gets a mail at %(email)s with a link on which %(amount)s can be paid by card.")
    amount = _amount(money, money.to_ask.amount)
    return [words % {"name": booking.customer_name, "email": booking.customer_email, "amount": amount}]


def _ask(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.ask_to_pay(booking=booking, seen=seen, actor=actor)


def _release_words(money: BookingMoney, given: Given) -> list[str]:
    held, words = money.standing.held.amount, []
    if held:
        card = {"amount": _amount(money, held), "card": money.card or _("the card")}
        words.append(_("%(amount)s is no longer held on %(card)s.") % card)
    words.append(_("The kept card is not charged for this booking any more."))
    if (left := money.standing.outstanding.amount) > 0:
        owes = {"name": money.booking.customer_name, "amount": _amount(money, left)}
        words.append(_("%(name)s still owes %(amount)s, to be paid another way.") % owes)
    return words


def _release(booking: Booking, given: Given, seen: int, actor: Actor) -> None:
    by_staff.let_go(booking=booking, reason=given["reason"], seen=seen, actor=actor)


def _money(booking: Booking, given: Given) -> Money:
    return Money(given["amount"], booking.price_currency)


ACTS = {
    act.slug: act
    for act in (
        Act(
            "take", gettext_lazy("Record a payment"), gettext_lazy("Record a payment taken on site"), "banknote",
            forms.OnSiteForm, lambda money: money.standing.outstanding.amount - money.standing.held.amount,
            _take_words, _take, gettext_lazy("The payment is recorded."), asks=False,
        ),
        Act(
            "link", gettext_lazy("Send a link to pay"), gettext_lazy("Send a link to pay"), "mail",
            forms.MoneyForm, lambda money: money.to_ask.amount,
            _ask_words, _ask, gettext_lazy("The link is on its way."),
        ),
        Act(
            "charge", gettext_lazy("Charge the card"), gettext_lazy("Charge what is held"), "credit-card",
            forms.AmountForm, lambda money: money.to_charge.amount,
            _charge_words, _charge, gettext_lazy("The card was charged."),
        ),
        Act(
            "refund", gettext_lazy("Refund"), gettext_lazy("Refund to the card"), "undo-2",
            forms.RefundForm, lambda money: money.on_cards.amount,
            _refund_words, _refund, gettext_lazy("The refund is on its way."), is_danger=True,
        ),
        Act(
            "give-back", gettext_lazy("Record money given back"), gettext_lazy("Record money given back on site"),
            "undo-2", forms.GivenBackForm, lambda money: money.on_site.amount,
            _give_back_words, _give_back, gettext_lazy("It is recorded."),
        ),
        Act(
            "let-off", gettext_lazy("Let off"), gettext_lazy("Let something off"), "tag",
            forms.ReasonForm, lambda money: money.standing.owed.amount,
            _let_off_words, _let_off, gettext_lazy("It is owed no longer."), is_danger=True,
        ),
        Act(
            "release", gettext_lazy("Let the card go"), gettext_lazy("Let the card go"), "lock",
            forms.OnlyReasonForm, lambda money: int(money.has_card or money.standing.held.amount > 0),
            _release_words, _release, gettext_lazy("The card is not charged any more."), is_danger=True,
        ),
    )
}  # fmt: skip

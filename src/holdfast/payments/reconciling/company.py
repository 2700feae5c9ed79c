"""What the card company has, in the words of domain/reconciling.py. Talks to the network: outside of transactions."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from holdfast.core import clock
from holdfast.domain.ledger import Entry
from holdfast.domain.money import Money
from holdfast.domain.reconciling import There, What
from holdfast.payments import facts
from holdfast.payments.errors import NotAtGateway
from holdfast.payments.facts import REFUND, Fact
from holdfast.payments.gateway import (
    Checkout,
    CheckoutState,
    Dispute,
    Gateway,
    IntentState,
    PaymentIntent,
    Refund,
    SetupIntent,
    Window,
)
from holdfast.payments.looking import ORGANIZATION, PAYMENT
from holdfast.payments.models import PaymentKind

# What a notice's subject, and a look again, is called.
SUBJECTS: Mapping[What, str] = {
    What.PAYMENT: "payment_intent",
    What.CHECKOUT: "checkout.session",
    What.CARD: "setup_intent",
    What.REFUND: "refund",
    What.DISPUTE: "dispute",
}
_WHATS = {subject: what for what, subject in SUBJECTS.items()}
_WAITING = {IntentState.NEEDS_CARD, IntentState.NEEDS_CONFIRMATION, IntentState.NEEDS_AUTHENTICATION}


@dataclass(frozen=True, slots=True)
class Seen:
    """One object of the company's, before it is known whose it is. `metadata` is its payment's."""

    id: str
    what: What
    made: datetime
    metadata: Mapping[str, str]
    facts: tuple[Fact, ...]
    name: str = ""
    is_open: bool = False
    is_held: bool = False
    told: datetime | None = None  # the last news of it

    def is_ours(self, organization_id: UUID) -> bool:
        return self.metadata.get(ORGANIZATION) == str(organization_id)

    @property
    def payment(self) -> UUID | None:
        try:
            return UUID(self.metadata.get(PAYMENT, ""))
        except ValueError:
            return None

    def there(self, organization_id: UUID, *, currency: str, kind: str) -> There:
        """`currency` is that of the booking, for facts about no money; `kind` is that of our payment, if it is known.

        An intent of a payment page lives and ends with the page.
        """
        payment = str(self.payment or "")
        by_page = kind == PaymentKind.CHECKOUT and self.what == What.PAYMENT
        return There(
            self.id,
            self.what,
            clock.to_minute(max(self.made, self.told or self.made)),
            self.is_ours(organization_id) and bool(payment),
            payment,
            tuple(_entry(each, payment, currency) for each in self.facts),
            name="" if by_page else self.name,
            is_open=self.is_held or (self.is_open and not by_page),
        )


@dataclass
class Company:
    """One account, read for a reconciliation; `seen` by the company's id. `tell` hears how many there are by now."""

    gateway: Gateway
    tell: Callable[[int], None] = lambda count: None
    seen: dict[str, Seen] = field(default_factory=dict)
    _metadata: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, window: Window) -> None:
        """Whatever was made in the window. Raises the gateway's errors."""
        self._take(_of_intent(each) for each in self.gateway.payments(window))
        self._take(_of_checkout(each) for each in self.gateway.checkouts(window))
        self._take(self._of_refund(each) for each in self.gateway.refunds(window))
        self._take(self._of_dispute(each) for each in self.gateway.disputes(window))

    def told(self, window: Window) -> dict[str, tuple[What, str]]:
        """By the number of each notice of the window, what it was about."""
        notices = self.gateway.notices(window)
        return {each.id: (_WHATS[each.subject_kind], each.subject) for each in notices if each.subject_kind in _WHATS}

    def note_news(self, window: Window) -> None:
        """Note on what is seen when the last notice of it was made."""
        for each in self.gateway.notices(window):
            if found := self.seen.get(each.subject):
                self.seen[found.id] = replace(found, told=max(each.created_at, found.told or each.created_at))

    def ask_for(self, what: What, identifier: str) -> None:
        """One object by its id; nothing when the company does not have it."""
        with suppress(NotAtGateway):
            self._take([self._one(what, identifier)])

    def look_closer(self, identifier: str) -> None:
        """Let a payment say what of it was given back or is disputed, too."""
        seen = self.seen[identifier]
        refunds = [fact for each in self.gateway.refunds_of(identifier) for fact in facts.of_refund(each)]
        disputes = [fact for each in self.gateway.disputes_of(identifier) for fact in facts.of_dispute(each)]
        self.seen[identifier] = replace(seen, facts=(*seen.facts, *refunds, *disputes))

    def _one(self, what: What, identifier: str) -> Seen:
        match what:
            case What.PAYMENT:
                return _of_intent(self.gateway.payment(identifier))
            case What.CHECKOUT:
                return _of_checkout(self.gateway.checkout(identifier))
            case What.CARD:
                return _of_setup(self.gateway.kept_card(identifier))
            case What.REFUND:
                return self._of_refund(self.gateway.refund_by_id(identifier))
            case What.DISPUTE:
                return self._of_dispute(self.gateway.dispute(identifier))

    def _take(self, found: Iterable[Seen]) -> None:
        for each in found:
            self.seen[each.id] = each
            if each.what == What.PAYMENT:
                self._metadata[each.id] = each.metadata
            self.tell(len(self.seen))

    def _of_refund(self, refund: Refund) -> Seen:
        whose = self._metadata_of(refund.payment)
        name = refund.metadata.get(REFUND, "")
        return Seen(refund.id, What.REFUND, refund.created_at, whose, tuple(facts.of_refund(refund)), name)

    def _of_dispute(self, dispute: Dispute) -> Seen:
        whose = self._metadata_of(dispute.payment)
        return Seen(dispute.id, What.DISPUTE, dispute.created_at, whose, tuple(facts.of_dispute(dispute)))

    def _metadata_of(self, payment: str) -> Mapping[str, str]:
        """Of the payment that a refund or a dispute is of; nothing for a charge of another program."""
        if payment and payment not in self._metadata:
            self._metadata[payment] = {}
            with suppress(NotAtGateway):
                self._metadata[payment] = self.gateway.payment(payment).metadata
        return self._metadata.get(payment, {})


def _of_intent(seen: PaymentIntent) -> Seen:
    name = seen.metadata.get(PAYMENT, "")
    said = facts.of_payment(seen, [], [])
    is_open, is_held = seen.state in _WAITING, seen.state == IntentState.HELD
    return Seen(seen.id, What.PAYMENT, seen.created_at, seen.metadata, said, name, is_open, is_held)


def _of_checkout(seen: Checkout) -> Seen:
    name, is_open = seen.metadata.get(PAYMENT, ""), seen.state == CheckoutState.OPEN
    return Seen(seen.id, What.CHECKOUT, seen.created_at, seen.metadata, facts.of_checkout(seen), name, is_open)


def _of_setup(seen: SetupIntent) -> Seen:
    name = seen.metadata.get(PAYMENT, "")
    return Seen(seen.id, What.CARD, seen.created_at, seen.metadata, facts.of_setup(seen), name)


def _entry(fact: Fact, payment: str, currency: str) -> Entry:
    """As the ledger would have it."""
    subject = payment if fact.of_payment else fact.subject or fact.about
    return Entry(fact.key, fact.kind, subject, fact.amount or Money(0, currency))

"""What the house asks of a company that moves money by card, in our own words. Nothing here knows which company.

Every call that changes something takes a `key`: asked again with the same key (and the same arguments) within a day,
it answers as the first time and does nothing more. All raise the errors of `payments/errors.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from holdfast.domain.money import Money


class IntentState(StrEnum):
    """Of a payment or a card to be kept. HELD and SUCCEEDED carry money; the first four wait for the customer."""

    NEEDS_CARD = "needs_card"
    NEEDS_CONFIRMATION = "needs_confirmation"
    NEEDS_AUTHENTICATION = "needs_authentication"
    PROCESSING = "processing"
    HELD = "held"
    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"


class CheckoutState(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class RefundState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DisputeState(StrEnum):
    """WARNING: an inquiry, no money is gone yet."""

    WARNING = "warning"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Order:
    """What a payment is for. `metadata` is how it is found again: our booking and our payment, by their ids.

    `hold`: only keep the money for up to seven days, until it is captured. `keep_card`: for later payments without
    the customer, who has consented.
    """

    amount: Money
    description: str
    metadata: Mapping[str, str]
    customer: str = ""
    hold: bool = False
    keep_card: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """`id` is what a later payment names; the number itself never comes near us."""

    id: str
    brand: str
    last4: str
    expires: tuple[int, int]  # year, month


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """`held` may still be captured, until `held_until`; `received` is what was taken, refunds not deducted.

    `fee` is the company's, None while it is not known. `client_secret` lets the customer's browser confirm this and
    nothing else; it is never logged. `failure` is the reason of the last refusal (errors.py:REASONS).
    """

    id: str
    state: IntentState
    amount: Money
    held: Money
    received: Money
    created_at: datetime
    metadata: Mapping[str, str]
    customer: str = ""
    charge: str = ""
    card: Card | None = None
    fee: Money | None = None
    held_until: datetime | None = None
    failure: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetupIntent:
    """A card to be kept. `card` is its id once it succeeded."""

    id: str
    state: IntentState
    created_at: datetime
    metadata: Mapping[str, str]
    customer: str = ""
    card: str = ""
    failure: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the company's own on which the customer pays, until `expires_at`. `url` only while it is open."""

    id: str
    state: CheckoutState
    url: str
    paid: bool
    amount: Money
    payment: str
    created_at: datetime
    expires_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refund:
    """`gives_back` is false for the release of money that was only held: no money comes back, since none was taken."""

    id: str
    payment: str
    amount: Money
    state: RefundState
    gives_back: bool
    created_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dispute:
    """The card's owner says that it was not owed. `answer_until`: when evidence has to be there."""

    id: str
    payment: str
    amount: Money
    state: DisputeState
    reason: str
    created_at: datetime
    answer_until: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the company tells us happened: only a hint to look again. `kind` is its own name for it."""

    id: str
    kind: str
    subject_kind: str  # payment_intent, setup_intent, charge, refund, dispute, checkout.session, …
    subject: str
    created_at: datetime
    account: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose money it is. `takes_payments` is false while the company still asks the business for something."""

    id: str
    name: str
    country: str
    currency: str
    takes_payments: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Made at or after `since` and before `until`."""

    since: datetime
    until: datetime


class Gateway(Protocol):
    """One account of a card company. Lists are oldest or newest first as it pleases, and read page by page."""

    def create_customer(self, *, name: str, email: str, metadata: Mapping[str, str], key: str) -> str: ...

    def create_payment(self, *, order: Order, key: str) -> PaymentIntent:
        """To be confirmed by the customer's browser."""
        ...

    def charge_kept_card(self, *, order: Order, card: str, key: str) -> PaymentIntent:
        """Without the customer. Raises CardRefused, or AuthenticationNeeded, each naming the payment left behind."""
        ...

    def payment(self, payment: str) -> PaymentIntent: ...

    def change_amount(self, *, payment: str, amount: Money, key: str) -> PaymentIntent:
        """Before it is paid. Raises StateChanged."""
        ...

    def capture(self, *, payment: str, amount: Money, key: str) -> PaymentIntent:
        """Take held money, all or part; the rest is released. Raises StateChanged."""
        ...

    def cancel_payment(self, *, payment: str, key: str) -> PaymentIntent:
        """Release what is held; nobody can pay this any more. Raises StateChanged."""
        ...

    def payments(self, window: Window) -> Iterator[PaymentIntent]: ...

    def keep_card(self, *, customer: str, metadata: Mapping[str, str], key: str) -> SetupIntent:
        """To be confirmed by the customer's browser, with the consent it shows."""
        ...

    def kept_card(self, setup: str) -> SetupIntent: ...

    def cancel_setup(self, *, setup: str, key: str) -> SetupIntent: ...

    def card(self, card: str) -> Card: ...

    def open_checkout(
        self, *, order: Order, success_url: str, cancel_url: str, expires_at: datetime, language: str, key: str
    ) -> Checkout: ...

    def checkout(self, checkout: str) -> Checkout: ...

    def expire_checkout(self, *, checkout: str, key: str) -> Checkout:
        """Raises StateChanged when it is complete or has expired."""
        ...

    def checkouts(self, window: Window) -> Iterator[Checkout]: ...

    def refund(self, *, payment: str, amount: Money, metadata: Mapping[str, str], key: str) -> Refund:
        """Raises StateChanged when there is less left, or the payment is disputed."""
        ...

    def refund_by_id(self, refund: str) -> Refund: ...

    def refunds(self, window: Window) -> Iterator[Refund]: ...

    def refunds_of(self, payment: str) -> Iterator[Refund]: ...

    def dispute(self, dispute: str) -> Dispute: ...

    def disputes_of(self, payment: str) -> Iterator[Dispute]: ...

    def payment_of_charge(self, charge: str) -> str:
        """The payment that a charge belongs to, or nothing."""
        ...

    def disputes(self, window: Window) -> Iterator[Dispute]: ...

    def notices(self, window: Window) -> Iterator[Notice]:
        """What was told, or should have been, for those who missed it."""
        ...

    def account(self) -> Account:
        """Who we are to the company. Raises GatewayNotSetUp for a key that it does not know."""
        ...

    def listen(self, *, url: str, kinds: tuple[str, ...], key: str) -> tuple[str, str]:
        """Have notices of these kinds sent there: (id, signing secret)."""
        ...

    def stop_listening(self, endpoint: str) -> None:
        """Have no more notices sent there; without a key, for it is the same done twice. Raises NotAtGateway."""
        ...

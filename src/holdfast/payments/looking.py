"""Looks at the card company again: whatever it tells us is only a hint, what it answers when asked is what counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from holdfast.payments import facts
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import Gateway

# What our orders carry, so that news of them finds its way home.
PAYMENT, ORGANIZATION = "holdfast_payment", "holdfast_organization"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen: of which payment of ours (metadata), and what it says for the ledger."""

    metadata: Mapping[str, str]
    facts: tuple[Fact, ...]

    def payment_of(self, organization_id: UUID) -> UUID | None:
        """Our payment's id; None for what another program, or another installation, asked the company for."""
        if self.metadata.get(ORGANIZATION) != str(organization_id):
            return None
        try:
            return UUID(self.metadata.get(PAYMENT, ""))
        except ValueError:
            return None


def metadata_of(organization_id: UUID, payment_id: UUID, reference: str) -> dict[str, str]:
    """What an order carries. The reference is for people who look at the company's own pages."""
    return {ORGANIZATION: str(organization_id), PAYMENT: str(payment_id), "booking": reference}


def see(gateway: Gateway, kind: str, subject: str) -> Sight | None:
    """Ask about a notice's subject; None for a kind that says nothing about money of ours.

    Talks to the network: outside of transactions. Raises the gateway's errors.
    """
    look = _LOOKS.get(kind)
    return look(gateway, subject) if look else None


def _payment(gateway: Gateway, payment: str) -> Sight:
    seen = gateway.payment(payment)
    said = facts.of_payment(seen, list(gateway.refunds_of(payment)), list(gateway.disputes_of(payment)))
    return Sight(seen.metadata, said)


def _checkout(gateway: Gateway, checkout: str) -> Sight:
    seen = gateway.checkout(checkout)
    paid = _payment(gateway, seen.payment).facts if seen.payment else ()
    return Sight(seen.metadata, (*facts.of_checkout(seen), *paid))


def _setup(gateway: Gateway, setup: str) -> Sight:
    seen = gateway.kept_card(setup)
    return Sight(seen.metadata, facts.of_setup(seen))


def _by_payment(payment_of: Callable[[Gateway, str], str]) -> Callable[[Gateway, str], Sight | None]:
    """By way of the payment it is about; None when it is about none (a charge of another program)."""

    def look(gateway: Gateway, subject: str) -> Sight | None:
        payment = payment_of(gateway, subject)
        return _payment(gateway, payment) if payment else None

    return look


_LOOKS: Mapping[str, Callable[[Gateway, str], Sight | None]] = {
    "payment_intent": _payment,
    "setup_intent": _setup,
    "checkout.session": _checkout,
    "charge": _by_payment(lambda gateway, charge: gateway.payment_of_charge(charge)),
    "refund": _by_payment(lambda gateway, refund: gateway.refund_by_id(refund).payment),
    "dispute": _by_payment(lambda gateway, dispute: gateway.dispute(dispute).payment),
}

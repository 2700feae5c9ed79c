"""A business that mails, and a real SMTP server to mail through."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from holdfast.catalog.models import Organization, Service
from holdfast.core import jobs
from tests import factories


@dataclass
class Postbox:
    """What the SMTP server accepted; `answer` is what it says instead, `slow` how many seconds it then thinks."""

    received: list[EmailMessage] = field(default_factory=list)
    answer: str = ""
    refused: str = ""  # what it says to every recipient, if anything
    slow: float = 0.0
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refused:
            return self.refused
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer:
            return self.answer
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        await asyncio.sleep(self.slow)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.received if mail["To"] == address]


class AnyPort(Controller):
    """A server on a port the system chooses; aiosmtpd's own check of the start must be told which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    box = Postbox()
    server = AnyPort(box, hostname="127.0.0.1", port=0)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = box.port = server.port
    settings.DEFAULT_FROM_EMAIL = "bookings@holdfast.example"
    settings.BASE_URL = "https://book.example"
    yield box
    server.stop()


@pytest.fixture
def chauffeurs(committed_db: str) -> Organization:
    return factories.make_organization(
        slug="paris-elite", name="Paris Élite", email="contact@paris-elite.example", default_language="fr",
        phone="+33 1 99 00 12 34", address="12 rue de la Paix, 75002 Paris", accent="#7a1f3d",
    )  # fmt: skip


@pytest.fixture
def transfer(chauffeurs: Organization) -> Service:
    factories.make_resource(chauffeurs, name="Camille Moreau", is_public=True)
    return factories.make_service(
        chauffeurs,
        slug="airport-transfer",
        name={"en": "Airport transfer", "fr": "Transfert aéroport", "es": "Traslado al aeropuerto"},
        place={"en": "Charles de Gaulle, terminal 2E", "fr": "Roissy, terminal 2E", "es": "Roissy, terminal 2E"},
        duration_minutes=90,
        price_amount=9500,
    )


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Run every job that is due, as a worker would, and those they leave behind."""

    def run() -> None:
        jobs.run_worker(until_idle=True)

    return run

"""Customers who know what to do when a server dies: ask again, with the same key, until there is an answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.running import Ask, Client, Told, with_clients

RESOURCES = 10
STARTS_A_DAY = 24


@dataclass
class Customers:
    """`count` customers, each with a time of their own, `at_once` of them asking at the same moment."""

    organization: Organization
    service: Service
    count: int
    at_once: int = 16
    answers: dict[int, Told] = field(default_factory=dict)
    broken_connections: int = 0
    busy: int = 0

    def book_all(self, url: str, after_each: Callable[[int], None]) -> None:
        """Until each has an acknowledgment; `after_each` is told how many there are."""

        async def run(client: Client) -> None:
            waiting = iter(range(self.count))

            async def serve_one_after_the_other() -> None:
                for number in waiting:
                    self.answers[number] = await self._book(client, number)
                    after_each(len(self.answers))

            await asyncio.gather(*(serve_one_after_the_other() for _ in range(self.at_once)))

        with_clients(url, run)

    def email(self, number: int) -> str:
        return f"customer-{number}@example.com"

    async def _book(self, client: Client, number: int) -> Told:
        ask = self._ask(number)
        while True:
            try:
                told = await client.ask(ask)
            except httpx.TransportError:
                self.broken_connections += 1
            else:
                if told.status == 201:
                    return told
                in_progress = told.status == 409 and told.body["code"] == "idempotency_in_progress"
                assert in_progress or told.status == 503, told
                self.busy += not in_progress
            await asyncio.sleep(0.1)

    def _ask(self, number: int) -> Ask:
        customer = {"name": f"Customer {number}", "email": self.email(number)}
        body = {"service": self.service.slug, "starts_at": self._start(number).isoformat(), "customer": customer}
        return Ask(f"{self.organization.slug}/bookings", body, {"Idempotency-Key": f"customer-{number}"})

    def _start(self, number: int) -> datetime:
        """There is room for exactly one booking for each resource at each start."""
        day, rest = divmod(number, RESOURCES * STARTS_A_DAY)
        opening = factories.local(self.organization, 3 + day, 8)
        return opening + timedelta(minutes=30 * (rest // RESOURCES))


def customers(count: int) -> Customers:
    organization = factories.make_organization(email="desk@example.com")
    for _ in range(RESOURCES):
        factories.make_resource(organization)
    return Customers(organization, factories.make_service(organization, duration_minutes=30), count)

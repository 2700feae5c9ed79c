"""What the real Stripe does not have: faults, a clock that can be moved, and webhooks that wait to be let go."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from holdfast.stripe_standin import charges, disputes, endpoints
from holdfast.stripe_standin.calls import Call
from holdfast.stripe_standin.faults import Faults
from holdfast.stripe_standin.store import Store


class Control:
    """`held`: webhooks go only when `deliver` says so, in the order it says."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self.store, self.faults = store, faults
        self.held = False

    async def run(self, what: str, wish: dict[str, Any]) -> Any:
        """One of the methods below, by name. Raises LookupError for another."""
        actions: dict[str, Callable[..., Any]] = {
            "fault": self.fault, "met": self.met, "forget-faults": self.forget_faults, "clock": self.clock,
            "hold": self.hold, "deliver": self.deliver, "roll": self.roll, "dispute": self.dispute,
            "waiting": self.waiting,
        }  # fmt: skip
        told = actions[what](**wish)
        return await told if asyncio.iscoroutine(told) else told

    def fault(self, **fields: Any) -> int:
        self.faults.wish(**fields)
        return len(self.faults.wished)

    def met(self) -> list[str]:
        """What the faults that have happened match."""
        return [fault.match for fault in self.faults.wished if not fault.times]

    def forget_faults(self) -> int:
        self.faults.wished.clear()
        return 0

    def clock(self, advance: float) -> int:
        """Move the clock by so many seconds; what it says then, Unix seconds."""
        self.store.advance(advance)
        return self.store.now()

    def hold(self, *, held: bool) -> bool:
        self.held = held
        return held

    def waiting(self) -> list[list[str]]:
        """[event id, kind] of what has not arrived yet."""
        return [[each.event, each.kind] for each in endpoints.owed(self.store, also_later=True)]

    async def deliver(
        self,
        *,
        order: str = "oldest",
        seed: int = 0,
        copies: int = 1,
        only: list[str] | None = None,
        again: bool = False,
    ) -> list[list[Any]]:
        """Deliver now what waits: `order` oldest, newest or shuffled by `seed`; `only` these event ids; each `copies`
        times. `again`: what has arrived before too. [event id, kind, status] of each.
        """
        if again:
            self.store.database.execute("UPDATE delivery SET done = 0, attempts = 0")
        found = [each for each in endpoints.owed(self.store, also_later=True) if only is None or each.event in only]
        if order == "newest":
            found.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(found)  # noqa: S311 - an order that can be had again, no secret
        told: list[list[Any]] = []
        for each in found:
            statuses = [await asyncio.to_thread(each.send) for _ in range(copies)]
            endpoints.note(self.store, each, statuses[-1])
            told += [[each.event, each.kind, status] for status in statuses]
        return told

    def roll(self, endpoint: str, overlap: int = 3600) -> str:
        """A new signing secret; the old one signs too for `overlap` seconds."""
        return endpoints.roll_secret(self.store, endpoint, overlap)

    def dispute(self, charge: str, reason: str = "fraudulent") -> str:
        """The owner of the card disputes a charge, weeks later."""
        found = self.store.anywhere(charge)
        if found is None:
            raise LookupError(charge)
        call = Call(self.store, found[0], "", {})
        with self.store.transaction():
            if not found[1]["balance_transaction"]:
                charges.settle(call, found[1])
            return str(disputes.dispute(call, charge, reason)["id"])

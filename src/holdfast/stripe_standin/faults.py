"""Faults that are wished for: what a network and a payment company do to you on a bad day."""

import re
from dataclasses import dataclass, field
from typing import Any

# Of requests. `…_after`: the work is done, and the answer is lost or wrong.
OF_REQUESTS = ("500", "500_after", "429", "drop", "drop_after", "timeout", "timeout_after", "delay")
# Of webhooks. drop: this attempt fails and another follows; lose: none ever does.
OF_WEBHOOKS = ("drop", "lose", "duplicate", "delay")


@dataclass
class Fault:
    """`do` it to the next `times` requests (or webhooks) that match, after letting `skip` of them pass.

    `match` is a regular expression: of `POST /v1/refunds` for a request, of `charge.refunded` for a webhook.
    """

    do: str
    match: str = ""
    on: str = "request"
    times: int = 1
    skip: int = 0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if self.do not in (OF_WEBHOOKS if self.on == "webhook" else OF_REQUESTS):
            raise ValueError(f"there is no fault {self.do!r} of a {self.on}")


@dataclass
class Faults:
    wished: list[Fault] = field(default_factory=list)

    def wish(self, **fields: Any) -> None:
        self.wished.append(Fault(**fields))

    def next(self, on: str, what: str) -> Fault | None:
        """The fault that happens to this one, counted; None lets it pass."""
        for fault in self.wished:
            if fault.on != on or not fault.times or not re.search(fault.match, what):
                continue
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            return fault
        return None

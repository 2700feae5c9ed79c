"""Notices of the card company: each signed, with an id of its own, kept and answered with 200 before it is applied."""

import hmac
import json
import time
from collections.abc import Iterator

from benchmarks import load, serving
from benchmarks.report import Figure, p50, percentile, say
from benchmarks.world import ORGANIZATION, World

PATH = f"/webhooks/stripe/{ORGANIZATION}"
SIGNED_WITH = "whsec_of_the_benchmark"
COUNT, QUICK_COUNT = 3000, 300
WARM = 100
CLIENTS = 8


def measure(world: World, *, quick: bool) -> list[Figure]:
    """Time of an answer while eight senders do not wait for one another, beside a bare application's answer."""
    _take_cards(world)
    count = QUICK_COUNT if quick else COUNT
    with serving.holdfast(world.environment(), ready=f"/api/v1/{ORGANIZATION}") as port:
        notices = _notices()
        sent = [_send(port, [next(notices) for _ in range(many)]) for many in (WARM, count)][-1]
    with serving.asgi("benchmarks.bare:hello", {}) as port:
        bare = [load.run(port, [load.get("/")] * many, clients=CLIENTS) for many in (WARM, count)][-1]
    say(f"a notice is answered in {p50(sent):.1f} ms, {percentile(sent, 99):.1f} ms at p99")
    return [
        Figure("notice_p50_ms", p50(sent), "ms", p50(bare.milliseconds)),
        Figure("notice_p99_ms", percentile(sent, 99), "ms", percentile(bare.milliseconds, 99)),
    ]


def _take_cards(world: World) -> None:
    """The organization has an account, which nobody asks anything here."""
    from holdfast.payments import actions

    keys = {"publishable_key": "pk_test_benchmark", "secret_key": "sk_test_benchmark"}
    actions.connect_stripe(organization_id=world.organization_id, gateway_account="acct_benchmark", **keys)
    actions.use_webhook_secret(organization_id=world.organization_id, secret=SIGNED_WITH)


def _notices() -> Iterator[str]:
    """About payments of nobody: what a notice is about is looked up later, by a worker."""
    number = 0
    while True:
        number += 1
        subject = {"id": f"pi_{number}", "object": "payment_intent"}
        at = int(time.time())
        told = {
            "id": f"evt_{number}",
            "object": "event",
            "type": "payment_intent.succeeded",
            "created": at,
            "data": {"object": subject},
        }
        mark = hmac.new(SIGNED_WITH.encode(), f"{at}.{json.dumps(told)}".encode(), "sha256").hexdigest()
        yield load.post(PATH, told, {"stripe-signature": f"t={at},v1={mark}"})


def _send(port: int, notices: list[str]) -> list[float]:
    sent = load.run(port, notices, clients=CLIENTS)
    assert sent.all_were(200), sent.statuses
    return sent.milliseconds

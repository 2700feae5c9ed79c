"""`kill -9` in the middle of 500 bookings: what was acknowledged is there, once, with its event and its mails."""

import time
from collections import Counter
from pathlib import Path

from holdfast.bookings.models import Allocation, Booking
from holdfast.core.embedded_postgres import APP
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.notifications.models import Message
from tests import database, proofs
from tests.crash.customers import Customers, customers
from tests.crash.mailbox import copies, open_postbox, wait_for_the_mail
from tests.crash.served import Served
from tests.notifications.conftest import Postbox
from tests.running import Record, environment

BOOKINGS = 500
# After so many acknowledged bookings a process of this role is killed.
KILLS = {
    40: "web", 80: "worker", 140: "web", 200: "worker", 260: "web", 261: "web", 320: "worker", 380: "web", 440: "web",
}  # fmt: skip
# And after so many mails, while the worker sends them.
MAIL_KILLS = [700, 900]


def test_500_bookings_outlive_the_death_of_any_process(
    committed_db: str, tmp_path: Path, record_property: Record
) -> None:
    crowd = customers(BOOKINGS)
    killed: Counter[str] = Counter()
    began = time.monotonic()
    with open_postbox() as postbox:
        variables = environment(
            database.url(APP, committed_db),
            HOLDFAST_DATA_DIR=str(tmp_path),
            HOLDFAST_SMTP_HOST="127.0.0.1",
            HOLDFAST_SMTP_PORT=str(postbox.port),
        )
        with Served(variables) as served:

            def strike(acknowledged: int) -> None:
                role = KILLS.get(acknowledged)
                if role and served.kill(role):
                    killed[role] += 1

            crowd.book_all(served.url, strike)
            booked = time.monotonic()
            for mails in MAIL_KILLS:
                killed["worker"] += _kill_at(served, postbox, mails)
            wait_for_the_mail()
        mailed = time.monotonic()

        assert_every_booking_is_there_once(crowd)
        proofs.assert_sound(committed_db)
        assert killed["web"] >= 5
        assert killed["worker"] >= 4
        assert crowd.broken_connections >= 5, "nobody noticed: the kills came at the wrong moment"
        again = assert_every_mail_was_sent_once(crowd, postbox)
    record_property(
        "kill -9 during 500 bookings",
        f"{killed['web']} web and {killed['worker']} worker processes killed, {crowd.broken_connections} connections "
        f"broken, {booked - began:.0f} s to book, {mailed - booked:.0f} s more for the mail, "
        f"{again} of {2 * BOOKINGS} mails handed over again under the same Message-ID",
    )


def _kill_at(served: Served, postbox: Postbox, mails: int) -> int:
    """When so many mails were handed over; 1 if there was a worker to kill."""
    deadline = time.monotonic() + 60
    while len(postbox.received) < mails:
        assert time.monotonic() < deadline, f"{len(postbox.received)} mails only\n{served.said()}"
        time.sleep(0.005)
    return int(served.kill("worker") != 0)


def assert_every_booking_is_there_once(crowd: Customers) -> None:
    with transaction_for(crowd.organization.id):
        kept = {booking.customer_email: booking for booking in Booking.objects.all()}
        assert Booking.objects.count() == len(kept) == crowd.count
        for number, told in crowd.answers.items():
            booking = kept[crowd.email(number)]
            assert (booking.reference, booking.state) == (told.body["reference"], "confirmed")
        events = Counter(Event.objects.filter(kind="booking.confirmed").values_list("subject", flat=True))
        assert events == dict.fromkeys((booking.id for booking in kept.values()), 1)
        assert Allocation.objects.filter(active=True).count() == crowd.count


def assert_every_mail_was_sent_once(crowd: Customers, postbox: Postbox) -> int:
    """To each customer and for each booking to the business: one mail. How many were handed over a second time."""
    with transaction_for(crowd.organization.id):
        messages = list(Message.objects.defer("text", "html", "calendar"))
    assert len({message.reason for message in messages}) == len(messages) == 2 * crowd.count
    assert Counter(message.state for message in messages) == {"sent": 2 * crowd.count}
    handed_over = copies(postbox)
    assert set(handed_over) == {message.message_id for message in messages}
    to = Counter(
        recipient for recipient, _ in {(str(mail["To"]), str(mail["Message-ID"])) for mail in postbox.received}
    )
    assert to == {"desk@example.com": crowd.count} | {crowd.email(number): 1 for number in range(crowd.count)}
    return sum(handed_over.values()) - len(handed_over)

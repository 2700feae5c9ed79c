"""The waiting list at the desk: who waits, what is offered, and what staff may do about it."""

from collections.abc import Callable

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from tests import factories
from tests.desk.conftest import World, make_member
from tests.waiting.conftest import Shop, make_shop


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shop(slug="salon", name="Salon")
    shop.fill()
    return shop


@pytest.fixture
def staff(shop: Shop) -> Client:
    client = Client()
    client.force_login(factories.make_staff(shop.organization, role=Role.DISPATCHER))
    return client


def test_the_list_shows_who_waits_longest_first_and_what_is_offered(staff: Client, shop: Shop) -> None:
    first, second = shop.join("Ana"), shop.join("Ben")
    page = staff.get("/desk/waiting/")
    assert [row["entry"].id for row in page.context["rows"]] == [first.id, second.id]
    shop.cancel(shop.booked[0])
    html = staff.get("/desk/waiting/").content.decode()
    assert "Offered:" in html
    assert "<hold-countdown" in html
    assert [row["entry"].id for row in staff.get("/desk/waiting/?state=offered").context["rows"]] == [first.id]
    assert [row["entry"].id for row in staff.get("/desk/waiting/?q=ben@").context["rows"]] == [second.id]
    assert "1 time is offered to somebody on the waiting list" in staff.get("/desk/").content.decode()


def test_staff_offer_a_free_time_out_of_turn(staff: Client, shop: Shop) -> None:
    entry = shop.join("Ana")
    page = staff.get(f"/desk/waiting/{entry.id}/?day={shop.day(4)}")
    assert shop.start(10, days=4) in page.context["shown"].starts
    done = staff.post(f"/desk/waiting/{entry.id}/offer/", {"at": shop.start(10, days=4).isoformat()}, follow=True)
    assert "Offered now:" in done.content.decode()
    again = staff.post(f"/desk/waiting/{entry.id}/offer/", {"at": shop.start(11, days=4).isoformat()}, follow=True)
    assert "has been given up or used already" in again.content.decode()
    assert len(shop.offers(entry)) == 1


def test_removing_says_who_is_told_needs_a_reason_and_keeps_it(staff: Client, shop: Shop) -> None:
    entry = shop.join("Ana")
    words = staff.get(f"/desk/waiting/{entry.id}/").content.decode()
    assert f"{entry.customer_name} is told at {entry.customer_email}, without your reason." in words
    assert "The time kept for them becomes free" not in words
    assert staff.post(f"/desk/waiting/{entry.id}/remove/", {"reason": ""}).status_code == 422
    done = staff.post(f"/desk/waiting/{entry.id}/remove/", {"reason": "Asked by telephone"}, follow=True)
    assert "Asked by telephone" in done.content.decode()
    assert shop.state(entry) == "removed"
    assert [row["entry"].id for row in staff.get("/desk/waiting/?state=removed").context["rows"]] == [entry.id]


def test_staff_add_somebody_and_are_told_what_is_free(staff: Client, shop: Shop) -> None:
    sent = {
        "service": shop.service.slug, "resource": "", "party_size": "1", "first": str(shop.day()),
        "last": str(shop.day()), "since": "", "until": "", "name": "Maria", "phone": "", "phone_country": "FR",
        "email": "maria@example.com", "locale": "fr",
    }  # fmt: skip
    free = staff.post("/desk/waiting/new/", sent | {"last": str(shop.day(4))})
    assert (free.status_code, free.context["alternatives"][0]) == (409, shop.start(10, days=4))
    done = staff.post("/desk/waiting/new/", sent, follow=True)
    assert "On the waiting list. The person gets a mail." in done.content.decode()
    assert done.context["entry"].customer_locale == "fr"


def test_who_only_looks_changes_nothing(shop: Shop) -> None:
    entry = shop.join("Ana")
    client = Client()
    client.force_login(factories.make_staff(shop.organization, role=Role.READ_ONLY))
    assert "Take off the list" not in client.get(f"/desk/waiting/{entry.id}/").content.decode()
    for path, sent in (("offer", {"at": shop.start(10, days=4).isoformat()}), ("remove", {"reason": "x"})):
        assert client.post(f"/desk/waiting/{entry.id}/{path}/", sent).status_code == 403
    assert client.post("/desk/waiting/new/", {}).status_code == 403
    assert shop.state(entry) == "waiting"


def test_another_organization_s_entry_is_not_here(shop: Shop, rival: World, signed_in: Callable[..., Client]) -> None:
    entry = shop.join("Ana")
    stranger = Client()
    stranger.force_login(make_member(rival, Role.OWNER))
    assert stranger.get(f"/desk/waiting/{entry.id}/").status_code == 404
    assert stranger.post(f"/desk/waiting/{entry.id}/remove/", {"reason": "x"}).status_code == 404
    assert shop.state(entry) == "waiting"

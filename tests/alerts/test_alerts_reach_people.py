"""The alert is a mail with a link that shows and a button that acknowledges; the desk and the API say the same."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from holdfast.accounts.actions import create_api_key
from holdfast.accounts.models import Role, User
from holdfast.alerts import actions
from holdfast.core import clock
from tests import factories
from tests.alerts.conftest import Shop, later, person
from tests.notifications.conftest import Postbox, postbox, run_jobs

__all__ = ["postbox", "run_jobs"]


def link_in(postbox: Postbox, address: str) -> str:
    body = postbox.to(address)[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"https://book\.example(/harbor/alerts/[^/\s]+/)", body.get_content())
    assert found is not None
    return found[1]


def test_the_mail_is_urgent_in_the_readers_language_and_says_all(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    shop.book()
    run_jobs()
    [mail] = postbox.to("nils@harbor.example")
    assert str(mail["Subject"]).strip().startswith("Urgence : Dépannage, ")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for said in ("The pipe under the sink has burst.", "+33 1 99 00 12 34", "Ana Reyes", "Je m’en occupe"):
        assert said in text
    assert {each["To"] for each in postbox.received} == {
        "nils@harbor.example",
        "ana@example.com",
        "desk@harbor.example",
    }


def test_an_alerts_mail_goes_before_all_that_waits(shop: Shop, postbox: Postbox, run_jobs: Callable[[], None]) -> None:
    factories.make_booking(shop.organization, shop.service, factories.local(shop.organization, 1, 10))
    shop.book()
    run_jobs()
    assert postbox.received[0]["To"] == "nils@harbor.example"


def test_looking_acknowledges_nothing_and_the_button_does_once(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None], client: Client
) -> None:
    shop.book()
    with clock.stopped(later(11)):
        actions.escalate(organization_id=shop.organization.id, alert_id=shop.alert().id)
    run_jobs()
    link, other = link_in(postbox, "nils@harbor.example"), link_in(postbox, "max@harbor.example")
    page = client.get(link)
    assert page.status_code == 200
    assert "Je m’en occupe" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert client.head(link).status_code == 200
    assert shop.alert().is_open
    assert client.post(link).status_code == 302
    assert shop.alert().acknowledged_by == "Nils"
    assert "Vous vous en occupez" in client.get(link).content.decode()
    assert client.post(other).status_code == 302
    assert "Nils is taking care of it" in client.get(other).content.decode()
    assert shop.alert().acknowledged_by == "Nils"


def test_a_link_that_was_altered_or_is_another_organizations_shows_nothing(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None], client: Client
) -> None:
    shop.book()
    run_jobs()
    link = link_in(postbox, "nils@harbor.example")
    elsewhere = factories.make_organization()
    for address in (link[:-2] + "x/", link.replace("/harbor/", f"/{elsewhere.slug}/")):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404
            assert b"Ana Reyes" not in answer.content
    assert shop.alert().is_open


def test_who_was_not_yet_written_to_is_left_alone_once_somebody_takes_care(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    shop.book()
    actions.acknowledge(organization_id=shop.organization.id, alert_id=shop.alert().id, by="Max")
    run_jobs()
    assert postbox.to("nils@harbor.example") == []


def test_the_job_that_raising_leaves_behind_tells_the_next_ones(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    shop.book()
    run_jobs()
    assert postbox.to("max@harbor.example") == []
    with clock.stopped(later(11)), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE task_name = 'alerts.escalate_alert'")
        run_jobs()
    assert shop.told() == ["Nils", "Max"]
    [mail] = postbox.to("max@harbor.example")
    assert str(mail["Subject"]).strip().startswith("Emergency, nobody yet: Repair, ")


def signed_in(email: str) -> Client:
    client = Client()
    assert client.login(username=email, password="a good password")
    return client


@pytest.mark.parametrize("path", ["", "board/", "bookings/", "bookings/new/", "alerts/"])
def test_an_open_alert_stands_above_every_page_of_the_desk_until_somebody_takes_care(shop: Shop, path: str) -> None:
    booking = shop.book()
    max_, ines = signed_in("max@harbor.example"), signed_in("ines@harbor.example")
    banner = f'data-alert="{shop.alert().id}"'
    assert banner in max_.get(f"/desk/{path}").content.decode()
    acknowledge = f"/desk/alerts/{shop.alert().id}/acknowledge/"
    assert max_.post(acknowledge, {"next": f"/desk/{path}"}).headers["Location"] == f"/desk/{path}"
    assert "Nobody else is told any more" in max_.get(f"/desk/{path}").content.decode()
    said = ines.post(acknowledge, follow=True).content.decode()
    assert "Max is already taking care of it." in said
    assert banner not in ines.get(f"/desk/{path}").content.decode()
    assert "Max is taking care of it" in ines.get(f"/desk/bookings/{booking.reference}/").content.decode()


def test_a_member_may_take_care_and_who_only_looks_may_not(shop: Shop) -> None:
    person(shop.organization, "Rita", Role.READ_ONLY)
    shop.book()
    acknowledge = f"/desk/alerts/{shop.alert().id}/acknowledge/"
    looking = signed_in("rita@harbor.example")
    assert acknowledge not in looking.get("/desk/").content.decode()
    looking.post(acknowledge)
    assert shop.alert().is_open
    signed_in("nils@harbor.example").post(acknowledge)
    assert shop.alert().acknowledged_by == "Nils"


def test_another_organizations_alert_cannot_be_taken_care_of(shop: Shop) -> None:
    shop.book()
    stranger = factories.make_staff(factories.make_organization())
    client = signed_in(stranger.email)
    assert client.post(f"/desk/alerts/{shop.alert().id}/acknowledge/").status_code == 404
    assert shop.alert().is_open


def test_programs_read_alerts_and_take_care_of_them(shop: Shop, client: Client, settings: Settings) -> None:
    booking = shop.book()
    path = "/api/v1/harbor/staff/alerts"
    assert client.get(path).status_code == 404
    readers = {"Authorization": f"Bearer {create_api_key(organization_id=shop.organization.id, name='Reader')[1]}"}
    [told] = client.get(path, headers=readers).json()
    alert: dict[str, Any] = {key: told[key] for key in ("booking", "state", "rung", "reason", "acknowledged_by")}
    assert alert == {
        "booking": booking.reference,
        "state": "open",
        "rung": "duty",
        "reason": "The pipe under the sink has burst.",
        "acknowledged_by": None,
    }
    assert [(each["name"], each["channel"]) for each in told["told"]] == [("Nils", "mail")]
    acknowledge = f"{path}/{told['id']}/acknowledge"
    assert client.post(acknowledge, headers=readers).status_code == 403
    first, second = (
        {
            "Authorization": f"Bearer "
            f"{create_api_key(organization_id=shop.organization.id, name=name, may_write=True)[1]}"
        }
        for name in ("Telephone robot", "Watch")
    )
    done = client.post(acknowledge, headers=first)
    assert (done.status_code, done.json()["state"]) == (200, "acknowledged")
    late = client.post(acknowledge, headers=second)
    assert (late.status_code, late.json()["code"], late.json()["by"]) == (
        409,
        "already_acknowledged",
        "Telephone robot",
    )


def test_who_took_care_at_the_desk_is_themselves_behind_the_link_and_a_namesake_is_not(
    shop: Shop, postbox: Postbox, run_jobs: Callable[[], None], client: Client
) -> None:
    User.objects.filter(email="max@harbor.example").update(name="Nils")
    shop.book()
    with clock.stopped(later(11)):
        actions.escalate(organization_id=shop.organization.id, alert_id=shop.alert().id)
    run_jobs()
    who = f"user:{shop.nils.pk}"
    actions.acknowledge(organization_id=shop.organization.id, alert_id=shop.alert().id, by="Nils", who=who)
    assert "Vous vous en occupez" in client.get(link_in(postbox, "nils@harbor.example")).content.decode()
    assert "Nils is taking care of it" in client.get(link_in(postbox, "max@harbor.example")).content.decode()

"""Signing in at an organization's portal: once by each link, never by guessing, and nobody learns who has booked."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.models import CustomerAccount, CustomerSession, SignInLink, SignInTry
from holdfast.customers.tasks import forget
from holdfast.events.models import Event
from tests import factories
from tests.customers.doors import ANA, ask_for_link, mails_of, path_in, sign_in

HOME, SIGN_IN = "/salon/portal/", "/salon/portal/sign-in"


def test_a_link_by_mail_signs_in_and_shows_what_was_booked(client: Client, booking: Booking) -> None:
    link = ask_for_link(client, booking.organization, "  ANA@Example.com ")
    look = client.get(link).content.decode()
    assert "You sign in at Salon as <strong>ana@example.com</strong>." in look
    assert client.get(HOME).status_code == 302  # looking signs nobody in: scanners of mail look, too
    done = client.post(link)
    assert (done.status_code, done.headers["Location"]) == (302, HOME)
    assert booking.reference in client.get(HOME).content.decode()


def test_a_link_works_once(client: Client, booking: Booking) -> None:
    link = ask_for_link(client, booking.organization)
    client.post(link)
    again = Client().post(link)
    assert again.status_code == 404
    assert "does not work any more" in again.content.decode()


def test_a_link_works_for_fifteen_minutes(client: Client, booking: Booking) -> None:
    link = ask_for_link(client, booking.organization)
    with clock.stopped(clock.now() + timedelta(minutes=15, seconds=1)):
        assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)
    assert client.post(link).status_code == 302


def test_a_link_opens_no_other_organization(client: Client, booking: Booking, other_organization: Organization) -> None:
    link = ask_for_link(client, booking.organization)
    assert client.post(link.replace("/salon/", "/rival/")).status_code == 404
    assert client.post(link).status_code == 302
    assert client.get("/rival/portal/").status_code == 302  # signed in at one is not signed in at the other


def test_an_altered_link_opens_nothing(client: Client, booking: Booking) -> None:
    link = ask_for_link(client, booking.organization)
    assert client.post(link[:-3] + "x/").status_code == 404


def test_a_link_that_was_asked_for_elsewhere_says_so(client: Client, booking: Booking) -> None:
    link = ask_for_link(client, booking.organization)
    assert "asked for in another browser" not in client.get(link).content.decode()
    assert "asked for in another browser" in Client().get(link).content.decode()


def test_the_answer_is_the_same_whether_an_address_is_known_and_a_stranger_gets_no_mail(
    client: Client, booking: Booking
) -> None:
    answers = [
        Client().post(SIGN_IN, {"email": email}).content.decode().replace(email, "who")
        for email in (ANA, "x@y.example")
    ]
    without_nonces = [_without_what_differs(each) for each in answers]
    assert without_nonces[0] == without_nonces[1]
    assert mails_of(booking.organization, "customer.link_asked") == []


def _without_what_differs(html: str) -> str:
    return re.sub(r'(nonce|value|content)="[^"]{16,}"', "", html)


def test_a_booking_that_is_only_held_makes_nobody_known(client: Client, organization: Organization) -> None:
    client.post(SIGN_IN, {"email": "held@example.com"})
    assert mails_of(organization, "customer.link_asked") == []


def test_the_sixth_link_in_a_quarter_of_an_hour_is_refused_for_known_and_unknown_addresses_alike(
    client: Client, booking: Booking
) -> None:
    for email in (ANA, "nobody@example.com"):
        codes = [client.post(SIGN_IN, {"email": email}).status_code for _ in range(6)]
        assert codes == [200] * 5 + [429]
    with transaction_for(booking.organization_id):
        assert SignInLink.objects.count() == 10
    with clock.stopped(clock.now() + timedelta(minutes=16)):
        assert client.post(SIGN_IN, {"email": ANA}).status_code == 200


def test_the_log_of_events_does_not_say_who_asked(client: Client, booking: Booking) -> None:
    ask_for_link(client, booking.organization)
    with transaction_for(booking.organization_id):
        assert Event.objects.filter(kind="customer.link_asked").values_list("payload", flat=True)[0] == {}


@pytest.mark.parametrize(
    "goal", ["https://evil.example/", "//evil.example/", "/rival/portal/", "/desk/", "javascript:alert(1)", "/salon"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client: Client, booking: Booking, goal: str) -> None:
    link = ask_for_link(client, booking.organization, next=goal)
    assert client.post(link).headers["Location"] == HOME


def test_signing_in_leads_back_to_where_one_was_going(client: Client, booking: Booking) -> None:
    asked = client.get("/salon/portal/account")
    assert asked.headers["Location"] == f"{SIGN_IN}?next=%2Fsalon%2Fportal%2Faccount"
    link = ask_for_link(client, booking.organization, next="/salon/portal/account")
    assert client.post(link).headers["Location"] == "/salon/portal/account"


def test_the_mail_is_in_the_language_of_the_page(client: Client, booking: Booking) -> None:
    client.post(SIGN_IN, {"email": ANA}, headers={"Accept-Language": "fr"})
    [mail] = mails_of(booking.organization, "customer.link_asked")
    assert (mail.language, mail.subject) == ("fr", "Connexion à votre espace Salon")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("", "until 10:15 AM, Paris time (GMT+1). If"),
        ("Europe/Madrid", "until 10:15 AM, Paris time (GMT+1). If"),
        ("Asia/Tokyo", "until 10:15 AM, Paris time (GMT+1); for you Mon, Jan 4, 6:15 PM. If"),
    ],
)
def test_the_mail_says_on_whose_clock_the_link_ends(client: Client, booking: Booking, zone: str, said: str) -> None:
    client.cookies["zone"] = zone
    with clock.stopped(datetime(2100, 1, 4, 9, tzinfo=UTC)):
        client.post(SIGN_IN, {"email": ANA})
        [mail] = mails_of(booking.organization, "customer.link_asked")
    assert said in " ".join(mail.text.replace("\u202f", " ").split())


def test_the_cookie_cannot_be_read_by_scripts_and_is_new_at_each_sign_in(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    first = client.cookies["customer-salon"]
    assert (first["httponly"], first["samesite"], first["max-age"]) == (True, "Lax", 30 * 24 * 3600)
    before = Client()
    before.cookies["customer-salon"] = first.value
    sign_in(client, booking.organization)
    assert client.cookies["customer-salon"].value != first.value
    assert (client.get(HOME).status_code, before.get(HOME).status_code) == (200, 302)


def test_a_session_of_staff_is_none_of_a_customer_and_the_other_way_round(client: Client, booking: Booking) -> None:
    staff = factories.make_staff(booking.organization)
    client.force_login(staff)
    assert client.get(HOME).status_code == 302
    sign_in(client, booking.organization)
    client.post("/desk/sign-out/")
    assert client.get(HOME).status_code == 200
    assert Client(cookies=client.cookies).get("/desk/").status_code == 302


def test_signing_out_everywhere_ends_every_session_of_this_customer_only(
    client: Client, booking: Booking, organization: Organization
) -> None:
    factories.make_booking(organization, booking.service, booking.starts_at + timedelta(days=1))
    phone, other = Client(), Client()
    for each in (client, phone):
        sign_in(each, organization)
    with transaction_for(organization.id):
        Booking.objects.filter(id=booking.id).update(customer_email="ben@example.com", version=booking.version + 1)
    sign_in(other, organization, "ben@example.com")
    client.post("/salon/portal/sign-out", {"everywhere": "1"})
    assert [each.get(HOME).status_code for each in (client, phone, other)] == [302, 302, 200]


def test_signing_out_needs_the_pages_token(booking: Booking) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/salon/portal/sign-out").status_code == 403
    assert strict.post(SIGN_IN, {"email": ANA}).status_code == 403
    assert strict.post("/salon/portal/sign-in/passkey/options").status_code == 403


def test_a_password_is_set_after_a_link_and_opens_from_then_on(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    weak = client.post("/salon/portal/account/password", {"password": "password12"})
    assert weak.status_code == 422
    assert client.post("/salon/portal/account/password", {"password": "three green boats"}).status_code == 302
    [mail] = mails_of(booking.organization, "customer.password_set")
    assert (mail.recipient, path_in(mail)) == (ANA, "/salon/portal/account")
    elsewhere = Client()
    tried = {"password-email": "Ana@example.com", "password-password": "three green boats"}
    assert elsewhere.post(f"{SIGN_IN}/password", tried).headers["Location"] == HOME
    assert booking.reference in elsewhere.get(HOME).content.decode()


def test_a_new_password_signs_out_all_other_browsers(client: Client, booking: Booking) -> None:
    thief = Client()
    sign_in(thief, booking.organization)
    sign_in(client, booking.organization)
    client.post("/salon/portal/account/password", {"password": "three green boats"})
    assert (client.get(HOME).status_code, thief.get(HOME).status_code) == (200, 302)


def test_who_signed_in_by_password_or_long_ago_changes_no_way_to_sign_in(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    client.post("/salon/portal/account/password", {"password": "three green boats"})
    by_password = Client()
    tried = {"password-email": ANA, "password-password": "three green boats"}
    by_password.post(f"{SIGN_IN}/password", tried)
    refused = by_password.post("/salon/portal/account/password", {"password": "four green boats"})
    assert (refused.status_code, "follow a new link" in refused.content.decode()) == (422, True)
    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert client.post("/salon/portal/account/password", {"password": "four green boats"}).status_code == 422
        assert client.post("/salon/portal/account/passkeys/options").status_code == 403


def test_a_wrong_password_and_an_unknown_address_are_answered_alike_and_the_sixth_try_is_refused(
    client: Client, booking: Booking
) -> None:
    sign_in(client, booking.organization)
    client.post("/salon/portal/account/password", {"password": "three green boats"})
    for email in (ANA, "nobody@example.com"):
        tried = {"password-email": email, "password-password": "not this one"}
        pages = [Client().post(f"{SIGN_IN}/password", tried) for _ in range(6)]
        assert [page.status_code for page in pages] == [422] * 5 + [429]
        assert "do not belong together" in pages[0].content.decode()
        assert pages[5].headers["Retry-After"] == "900"
    right = {"password-email": ANA, "password-password": "three green boats"}
    assert Client().post(f"{SIGN_IN}/password", right).status_code == 429


def test_a_password_that_was_removed_opens_nothing(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    client.post("/salon/portal/account/password", {"password": "three green boats"})
    client.post("/salon/portal/account/password", {"remove": "1"})
    tried = {"password-email": ANA, "password-password": "three green boats"}
    assert Client().post(f"{SIGN_IN}/password", tried).status_code == 422


def test_what_has_run_out_is_forgotten_and_what_is_good_stays(client: Client, booking: Booking) -> None:
    sign_in(client, booking.organization)
    with clock.stopped(clock.now() + timedelta(days=31)):
        ask_for_link(client, booking.organization)
        forget(booking.organization_id)
        with transaction_for(booking.organization_id):
            counts = [each.objects.count() for each in (CustomerSession, SignInLink, SignInTry, CustomerAccount)]
    assert counts == [0, 1, 1, 1]


def test_nobodys_accounts_are_seen_by_another_organization(
    client: Client, booking: Booking, other_organization: Organization
) -> None:
    sign_in(client, booking.organization)
    with transaction_for(other_organization.id):
        assert (CustomerAccount.objects.count(), SignInLink.objects.count(), CustomerSession.objects.count()) == (
            0,
            0,
            0,
        )

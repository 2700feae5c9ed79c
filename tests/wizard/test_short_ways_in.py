"""The forms of the organization's page and the step of choosing somebody lead to the times, with what was said."""

import re

from django.test import Client

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.wizard.conftest import Customer


def test_the_compact_form_hands_over_to_the_times_what_was_chosen(customer: Customer) -> None:
    page = customer.client.get("/salon/")
    form = re.search(r'<form class="quick panel" method="get" action="([^"]+)"', page.content.decode())
    assert form
    day = factories.local(customer.organization, 3, 10).date().isoformat()
    times = customer.client.get(
        form[1], {"service": "massage", "date": day, "party": "1", "resource": "", "pickup": ""}
    )
    assert (times.context["service"].slug, times.context["selection"].date) == ("massage", day)
    assert times.context["month"].chosen.isoformat() == day


def test_the_forms_offer_each_service_its_own_people_and_lengths(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_service(organization, slug="ride", largest_party=3, duration_minutes=90, position=9)
    quick = client.get("/salon/").context["quick"]
    assert [slug for slug, _name in quick.services] == ["massage", "ride"]
    assert [(each.name, each.services) for each in quick.members] == [("Léa", "massage")]
    assert [(each.value, each.services) for each in quick.durations] == [("60", "massage"), ("90", "ride")]
    assert [(each.value, each.services) for each in quick.parties] == [
        ("1", "massage ride"),
        ("2", "ride"),
        ("3", "ride"),
    ]


def test_the_team_is_a_step_between_the_service_and_the_time_and_leads_to_somebodys_times(customer: Customer) -> None:
    times = customer.client.get("/salon/booking?service=massage")
    done = {step.name: step.url for step in times.context["steps"] if step.state == "done"}
    assert done == {"Service": "/salon/booking", "Team member": "/salon/booking/team?service=massage&duration=60"}
    page = customer.client.get(done["Team member"])
    found = [(each.name, each.query, each.is_chosen) for each in page.context["members"]]
    assert found == [
        ("", "?service=massage&duration=60", True),
        ("Léa", "?service=massage&resource=lea&duration=60", False),
    ]
    chosen = customer.client.get("/salon/booking" + found[1][1])
    assert chosen.context["selection"].resource == "lea"


def test_where_nobody_can_be_chosen_there_is_no_such_step(client: Client, organization: Organization) -> None:
    factories.make_service(organization, slug="hall", needs=[])
    page = client.get("/salon/booking?service=hall")
    assert "Team member" not in [step.name for step in page.context["steps"]]
    assert client.get("/salon/booking/team?service=hall")["Location"] == "/salon/booking?service=hall"
    assert client.get("/salon/team?service=hall")["Location"] == "/salon/booking/team?service=hall"

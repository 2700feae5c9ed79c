"""Ways to sign in as a customer would, without a worker or a browser."""

import re

from django.test import Client

from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.notifications.actions import compose_messages
from holdfast.notifications.models import Message

ANA = "ana@example.com"


def mails_of(organization: Organization, kind: str) -> list[Message]:
    """What a worker makes of the last event of a kind."""
    with transaction_for(organization.id):
        event = Event.objects.filter(kind=kind, organization=organization).latest("id")
    compose_messages(organization_id=organization.id, event_id=event.id)
    with transaction_for(organization.id):
        return list(Message.objects.filter(reason__startswith=f"{kind}:{event.id}:"))


def path_in(message: Message) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.text)
    assert found
    return found[1]


def ask_for_link(client: Client, organization: Organization, email: str = ANA, **sent: str) -> str:
    """The path of the link that was mailed."""
    answer = client.post(f"/{organization.slug}/portal/sign-in", {"email": email, **sent})
    assert answer.status_code == 200
    [mail] = mails_of(organization, "customer.link_asked")
    return path_in(mail)


def sign_in(client: Client, organization: Organization, email: str = ANA) -> None:
    client.post(ask_for_link(client, organization, email))

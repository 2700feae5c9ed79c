"""Loading the demo: two organizations with a year behind them, and going on with it when it is started again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from holdfast.catalog.actions import allow_sites
from holdfast.catalog.models import Organization
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.demo import filling, site
from holdfast.demo.chance import chance, key_at
from holdfast.demo.harbor_home import HARBOR_HOME
from holdfast.demo.organizations import DAYS_OF_HISTORY, create_organization
from holdfast.demo.paris_elite import PARIS_ELITE
from holdfast.demo.rates import import_samples
from holdfast.demo.repeating import repeat_some
from holdfast.demo.rows import insert
from holdfast.demo.spec import OrganizationSpec
from holdfast.demo.till import take_money
from holdfast.demo.waiting import let_some_wait
from holdfast.events.models import Event

SPECS = (PARIS_ELITE, HARBOR_HOME)
# The event that says until when an organization's life has been told.
FILLED = "demo.filled"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Somebody who may sign in at /desk/, for printing. `organization` is its name."""

    organization: str
    slug: str
    role: str
    email: str
    password: str


def load(now: datetime, progress: Progress) -> list[DemoLogin]:
    """Make the demo organizations, or bring those that are there up to `now`; returns the staff's logins.

    One transaction for each organization, so nothing is ever half there. Loading twice in one minute changes nothing.
    Call it before serving: it does not expect anybody else to book meanwhile. Raises RuntimeError outside of a demo,
    because the passwords are public.
    """
    _only_in_a_demo()
    now = now.replace(second=0, microsecond=0)
    import_samples(now.date())
    for spec in SPECS:
        if Organization.objects.filter(slug=spec.slug).exists():
            _top_up(spec, now, progress)
        else:
            _create(spec, now, progress)
        _let_own_site_show(spec)
    return logins()


def _let_own_site_show(spec: OrganizationSpec) -> None:
    """The sample site, on another origin (demo/site.py)."""
    organization = Organization.objects.get(slug=spec.slug)
    if site.origin() not in organization.embed_origins:
        with transaction_for(organization.id):
            allow_sites(organization=organization, origins=[*organization.embed_origins, site.origin()])


def logins() -> list[DemoLogin]:
    return [
        DemoLogin(spec.name, spec.slug, person.role, person.email, spec.password)
        for spec in SPECS
        for person in spec.staff
    ]


def _create(spec: OrganizationSpec, now: datetime, progress: Progress) -> None:
    progress(f"{spec.name}: opening, with its team and a year of bookings …")
    opened = now - timedelta(days=DAYS_OF_HISTORY)
    key = key_at(opened, chance(spec.slug, "key"))
    with transaction_for(key):
        organization = create_organization(spec, key=key, now=now)
        count = filling.fill(spec, organization, since=None, now=now)
        count += repeat_some(spec, organization, now)
        take_money(spec, organization, now=now)
        waiting = let_some_wait(spec, organization, now)
        _remember(organization, now)
    progress(f"{spec.name}: {count} bookings, {waiting} people waiting for a time")


def _top_up(spec: OrganizationSpec, now: datetime, progress: Progress) -> None:
    """Complete what has passed since the demo last ran and add the bookings made in the meantime.

    Sample data of an older version, or whose services were changed since, stays as it is.
    """
    try:
        _go_on(spec, now, progress)
    except (LookupError, ObjectDoesNotExist, NotFound) as error:
        progress(f"{spec.name}: no bookings are added; its data is of another version or was changed ({error!r}).")
        progress("  Everything works with it as it is. For new sample data, stop the demo and start it with an empty")
        progress("  directory: HOLDFAST_DATA_DIR=another-directory holdfast demo")


def _go_on(spec: OrganizationSpec, now: datetime, progress: Progress) -> None:
    organization = Organization.objects.get(slug=spec.slug)
    with transaction_for(organization.id):
        since = _filled_until(organization)
        if since is None or since >= now:
            return  # somebody's own organization by that address, or nothing has happened since
        finished = filling.complete_past(spec, organization, now=now)
        count = filling.fill(spec, organization, since=since, now=now)
        take_money(spec, organization, now=now)
        _remember(organization, now)
    progress(f"{spec.name}: {finished} bookings went on, {count} came in since the last time")


def _filled_until(organization: Organization) -> datetime | None:
    last = Event.objects.filter(subject=organization.id, kind=FILLED).order_by("-id").first()
    return last.at if last else None


def _remember(organization: Organization, now: datetime) -> None:
    row = {"organization_id": organization.id, "kind": FILLED, "subject": organization.id, "payload": {}, "at": now}
    insert("events_event", [row])


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise RuntimeError("demo data has public passwords: it is loaded with HOLDFAST_DEMO=1 only")

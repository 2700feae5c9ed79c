"""Commands that keep the data: organizations, staff, rates, older bookings, the reconciliation."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from holdfast.cli.house import house, main, refusals


@main.command()
@click.option("--slug", prompt="Address (as in /your-name/)", help="Small letters, digits and hyphens.")
@click.option("--name", prompt="Name of the business", help="As customers read it.")
@click.option("--email", prompt="Email customers can answer to", help="Also where the business gets its mail.")
@click.option("--time-zone", prompt="Time zone", default="Europe/Paris", show_default=True, help="IANA name.")
@click.option("--currency", prompt="Currency (ISO 4217)", default="EUR", show_default=True, help="ISO 4217.")
@click.option("--country", prompt="Country (two letters)", default="FR", show_default=True, help="Two letters.")
@click.option(
    "--languages",
    prompt="Languages, the first being the default",
    default="en",
    show_default=True,
    help="Of en, fr and es, with commas.",
)
def createorganization(
    slug: str, name: str, email: str, time_zone: str, currency: str, country: str, languages: str
) -> None:
    """Make a new organization."""
    with house(), refusals():
        from holdfast.catalog.actions import create_organization

        create_organization(
            slug=slug,
            name=name,
            email=email,
            time_zone=time_zone,
            currency=currency,
            country=country,
            languages=[code.strip() for code in languages.split(",") if code.strip()],
        )
    click.echo(f"{name} is at /{slug}/. Next: holdfast createstaff {slug}")


@main.command()
@click.argument("organization")
@click.option("--email", prompt=True, help="What the person signs in with.")
@click.option("--name", prompt=True, help="As colleagues read it.")
@click.option(
    "--role",
    type=click.Choice(["owner", "manager", "dispatcher", "member", "read_only"]),
    prompt=True,
    default="owner",
    show_default=True,
)
@click.option("--locale", type=click.Choice(["en", "fr", "es"]), default="en", show_default=True)
@click.option(
    "--password",
    prompt="Password (empty if the person already has an account)",
    hide_input=True,
    confirmation_prompt=True,
    default="",
    show_default=False,
)
def createstaff(organization: str, email: str, name: str, role: str, locale: str, password: str) -> None:
    """Let a person work for ORGANIZATION (its address)."""
    with house(), refusals():
        from holdfast.accounts.actions import create_staff
        from holdfast.catalog.queries import organization_by_slug
        from holdfast.core.errors import NotFound

        try:
            found = organization_by_slug(organization)
        except NotFound:
            raise click.ClickException(f"There is no organization “{organization}”.") from None
        create_staff(organization_id=found.pk, email=email, name=name, role=role, password=password, locale=locale)
    click.echo(f"{email} may sign in and work for {found.name} as {role.replace('_', ' ')}.")


@main.command("import-rates")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_rates(file: Path) -> None:
    """Take over the exchange rates of FILE, in the format of the European Central Bank (eurofxref-hist.xml)."""
    with house(), refusals():
        from holdfast.domain.exchange import NotRates, read_ecb
        from holdfast.pricing import exchange

        try:
            rates = read_ecb(file.read_bytes())
        except NotRates as error:
            raise click.ClickException(f"{file.name}: {error}") from None
        count = exchange.import_rates(rates=rates)
        days = f"{len(rates.days)} days, {rates.days[0]} to {rates.days[-1]}" if len(rates.days) > 1 else rates.days[0]
        click.echo(f"{count} {'rate' if count == 1 else 'rates'} of {days}.")


def _pairs(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`OLD=slug`, several times, as a dictionary."""
    pairs = [each.rpartition("=") for each in given]
    wrong = [whole for whole, (old, _, slug) in zip(given, pairs, strict=True) if not (old and slug)]
    if wrong:
        raise click.BadParameter(f"“{wrong[0]}” is not of the form OLD=slug")
    return {old: slug for old, _, slug in pairs}


@main.command("import-v312")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", required=True, help="Its address (slug).")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--time-zone", default="Europe/Paris", show_default=True, help="Of times without one.")
@click.option("--map", "services", multiple=True, callback=_pairs, metavar="OLD=SLUG", help="A service_type of theirs.")
@click.option("--map-vehicle", "vehicles", multiple=True, callback=_pairs, metavar="OLD=SLUG", help="A vehicle_id.")
@click.option("--outside-hours", is_flag=True, help="Take bookings to come outside working hours all the same.")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), help="Default: by the file's name.")
@click.option(
    "--report",
    "report_to",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the report here too, as JSON.",
)
def import_v312(
    file: Path,
    organization: str,
    dry_run: bool,
    time_zone: str,
    services: dict[str, str],
    vehicles: dict[str, str],
    outside_hours: bool,
    kind: Literal["csv", "json"] | None,
    report_to: Path | None,
) -> None:
    """Take over the bookings of FILE, an export of bookings_v312: all of them, or none and a report why."""
    with house(), refusals():
        from holdfast.catalog.queries import organization_by_slug
        from holdfast.core.errors import NotFound
        from holdfast.legacy.actions import Options, import_bookings
        from holdfast.legacy.errors import ImportRunning, UnreadableFile
        from holdfast.legacy.reading import read_rows

        options = Options(
            dry_run=dry_run,
            time_zone=time_zone,
            service_map=services,
            vehicle_map=vehicles,
            outside_hours=outside_hours,
        )
        try:
            found = organization_by_slug(organization)
            report = import_bookings(organization=found, rows=read_rows(file, kind), options=options, file=file.name)
        except NotFound:
            raise click.ClickException(f"There is no organization “{organization}”.") from None
        except UnreadableFile as error:
            raise click.ClickException(f"{file.name}: {error}") from None
        except ImportRunning:
            raise click.ClickException("Another import for this organization is running.") from None
    if report_to:
        report_to.write_text(json.dumps(report.document(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    click.echo("\n".join(report.lines()))
    sys.exit(1 if report.stopped else 0)


_DAY = click.DateTime(["%Y-%m-%d"])


@main.command()
@click.argument("organization", required=False)
@click.option("--since", type=_DAY, help="The first day, in the organization's time zone. Default: eight days ago.")
@click.option("--until", type=_DAY, help="The last day, included. Default: now.")
@click.option("--dry-run", is_flag=True, help="Say what differs and change nothing.")
def reconcile(organization: str | None, since: datetime | None, until: datetime | None, dry_run: bool) -> None:
    """Lay the ledger beside what the card company has, for ORGANIZATION or each; repair what is safe."""
    failed = False
    with house():
        from holdfast.catalog.models import Organization
        from holdfast.core.errors import HoldfastError
        from holdfast.payments.errors import GatewayNotSetUp
        from holdfast.payments.reconciling import console

        found = list(Organization.objects.filter(**({"slug": organization} if organization else {})).order_by("slug"))
        if not found:
            raise click.ClickException(f"There is no organization “{organization}”.")
        for each in found:
            window = console.window_of(each, since and since.date(), until and until.date())
            try:
                for line in (console.compare if dry_run else console.reconcile)(each, window):
                    click.echo(line)
            except GatewayNotSetUp:
                click.echo(f"{each.slug}: takes no cards, or its keys are refused")
                failed |= organization is not None
            except HoldfastError as error:
                click.echo(f"{each.slug}: {error.detail or error.title}", err=True)
                failed = True
    sys.exit(1 if failed else 0)

"""The holdfast command line."""

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

PORTS = click.IntRange(0, 65535)  # 0: any that is free


def _django() -> None:
    """Make models and actions usable in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()


@contextmanager
def _house() -> Iterator[None]:
    """A database (the embedded one unless DATABASE_URL names another) and Django on it."""
    from holdfast.config import database

    with _plainly(), database.available():
        _django()
        yield


@contextmanager
def _plainly() -> Iterator[None]:
    """What can go wrong with ports and databases, in words instead of a traceback."""
    from django.db import OperationalError as DjangoOperationalError
    from psycopg import OperationalError

    from holdfast.core.embedded_postgres import EmbeddedPostgresError
    from holdfast.core.listening_socket import PortUnavailableError

    try:
        yield
    except (EmbeddedPostgresError, PortUnavailableError) as error:
        raise click.ClickException(str(error)) from None
    except (OperationalError, DjangoOperationalError) as error:
        said = error.__cause__ if isinstance(error, DjangoOperationalError) else error
        what = "does not answer" if getattr(said, "sqlstate", None) is None else "cannot do this"
        raise click.ClickException(f"The database {what}: {str(error).strip()}\nTry: holdfast doctor") from None


@contextmanager
def _refusals() -> Iterator[None]:
    """Say a refusal in a line for each field, without a traceback."""
    from holdfast.core.errors import HoldfastError

    try:
        yield
    except HoldfastError as error:
        lines = [f"{each['field']}: {each['message']}" for each in error.extra.get("errors", [])]
        raise click.ClickException("\n".join(lines) or str(error.detail)) from None


@click.group()
@click.version_option(package_name="holdfast")
def main() -> None:
    """Holdfast: booking that holds. Settings come from the environment; docs/operations.md lists them."""


@main.command()
@click.option("--port", default=8000, type=PORTS, envvar="PORT", show_default=True, help="The one public port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
def demo(port: int, host: str) -> None:
    """Run everything with two sample organizations, on one port."""
    os.environ["HOLDFAST_DEMO"] = "1"
    os.environ.setdefault("HOLDFAST_BASE_URL", f"http://localhost:{port}")
    from holdfast.demo.run import run

    with _plainly():
        sys.exit(run(host=host, port=port))


@main.command()
@click.option("--port", default=8000, type=PORTS, envvar="PORT", show_default=True, help="The one public port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--web-processes", type=click.IntRange(1, 64), help="Default: one for each core, 2 to 8.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(0, 64), help="0: run them elsewhere.")
def serve(port: int, host: str, web_processes: int | None, workers: int) -> None:
    """Run web and worker processes; whatever dies is started again."""
    from holdfast.config import database, serving
    from holdfast.core.listening_socket import ListeningSocket

    with _plainly(), ListeningSocket(host, port) as listening, database.available() as postgres:
        _django()
        from holdfast.config import static

        static.collect()
        click.echo(f"Holdfast listens on {host}:{listening.port}. Ctrl-C stops it.")
        sys.exit(
            serving.supervise(
                listening=listening,
                web_processes=serving.web_processes_wanted(web_processes),
                workers=workers,
                postgres=postgres,
            )
        )


@main.command(hidden=True)
@click.option("--fd", type=int, required=True, help="The listening socket inherited from the supervisor.")
def web(fd: int) -> None:
    """One web process (started by serve and demo)."""
    from holdfast.config.serving import run_web_process

    run_web_process(fd)


@main.command()
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs at the same time.")
@click.option("--until-idle", is_flag=True, help="Stop when no job is due.")
def worker(concurrency: int, until_idle: bool) -> None:
    """Run jobs: mail, and what the schedule asks for."""
    with _house():
        from holdfast.core.jobs import run_worker

        run_worker(concurrency=concurrency, until_idle=until_idle)


@main.command()
@click.option("--grant-to", help="The application's role; else the one DATABASE_URL names.")
@click.option("--quiet", is_flag=True, help="Say nothing when all goes well.")
def migrate(grant_to: str | None, quiet: bool) -> None:
    """Bring the database up to date, as its owner, and give the application's role its rights."""
    from psycopg.conninfo import conninfo_to_dict

    from holdfast.config import database

    with _plainly(), database.available():
        application = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or application
        _django()
        from django.core.management import call_command

        from holdfast.core import grants

        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
        grants.grant_to(grant_to or str(conninfo_to_dict(application)["user"]))


@main.command()
def doctor() -> None:
    """Check database, role, migrations, worker, mail, clock and address; say what to do about each."""
    from holdfast.config import database

    marks = {"well": click.style("  well", fg="green"), "weak": click.style("  weak", fg="yellow")}
    ill = 0
    with _plainly(), database.available():
        _django()
        from holdfast.config.doctor import examine

        for finding in examine():
            click.echo(f"{marks.get(finding.state, click.style('   ILL', fg='red'))}  {finding.name}: {finding.found}")
            if finding.remedy:
                click.echo(f"        → {finding.remedy}")
            ill += finding.state == "ill"
    sys.exit(1 if ill else 0)


@main.command("stripe-standin")
@click.option("--port", default=12111, type=PORTS, show_default=True, help="Where it listens.")
@click.option("--host", default="127.0.0.1", show_default=True, help="For tests only: keep it on this machine.")
@click.option("--file", "path", default=":memory:", help="An SQLite file that keeps everything; else in memory.")
@click.option("--fd", type=int, hidden=True, help="The listening socket inherited from the demo.")
def stripe_standin(port: int, host: str, path: str, fd: int | None) -> None:
    """A stand-in for Stripe, for tests and demonstrations: any key sk_test_… opens an account. No money moves."""
    from holdfast.stripe_standin import serve

    if fd is not None:
        serve.run_on(fd, path=path)
        return
    click.echo(f"A stand-in for Stripe listens on http://{host}:{port} (its script: /v3/). Ctrl-C stops it.")
    with _plainly():
        serve.run(host=host, port=port, path=path)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    from django.core.management import execute_from_command_line

    # makemigrations would like to ask a database, and does not need to.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    execute_from_command_line([f"{sys.argv[0]} manage", *arguments])


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
    with _house(), _refusals():
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
    with _house(), _refusals():
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
    with _house(), _refusals():
        from holdfast.domain.exchange import NotRates, read_ecb
        from holdfast.pricing import exchange

        try:
            rates = read_ecb(file.read_bytes())
        except NotRates as error:
            raise click.ClickException(f"{file.name}: {error}") from None
        count = exchange.import_rates(rates=rates)
        click.echo(f"{count} rates of {len(rates.days)} days, {rates.days[0]} to {rates.days[-1]}.")


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
    with _house(), _refusals():
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
    with _house():
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

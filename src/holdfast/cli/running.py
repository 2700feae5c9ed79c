"""Commands that run something: everything, a web process, a worker, the stand-in; tables and the doctor."""

import os
import sys
import warnings

import click

from holdfast.cli.house import PORTS, house, main, plainly, set_up_django


@main.command()
@click.option("--port", default=8000, type=PORTS, envvar="PORT", show_default=True, help="The one public port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
def demo(port: int, host: str) -> None:
    """Run everything with two sample organizations, on one port."""
    os.environ["HOLDFAST_DEMO"] = "1"
    os.environ.setdefault("HOLDFAST_BASE_URL", f"http://localhost:{port}")
    from holdfast.demo.run import run

    with plainly():
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

    with plainly(), ListeningSocket(host, port) as listening, database.available() as postgres:
        set_up_django()
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
    with house():
        from holdfast.core.jobs import run_worker

        run_worker(concurrency=concurrency, until_idle=until_idle)


@main.command()
@click.option("--grant-to", help="The application's role; else the one DATABASE_URL names.")
@click.option("--quiet", is_flag=True, help="Say nothing when all goes well.")
def migrate(grant_to: str | None, quiet: bool) -> None:
    """Bring the database up to date, as its owner, and give the application's role its rights."""
    from psycopg.conninfo import conninfo_to_dict

    from holdfast.config import database

    with plainly(), database.available():
        application = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or application
        set_up_django()
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
    with plainly(), database.available():
        set_up_django()
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
    with plainly():
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

"""`mirps demo`: everything that a newcomer needs, made once and then served (`make run`)."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock

import click

PASSWORD = "mirps-demo-only"  # noqa: S105 - the demo's alone; accounts are made only with MIRPS_DEMO=1
#: The accounts that the first screen names: one for each part in a round.
FIRST = (
    "demo-secretariat", "demo-presidency", "demo-reviewer", "demo-hnd-inm", "demo-hnd", "demo-hnd-approver",
    "demo-mex-tapachula", "demo-mex-supervisor", "demo-mex-case", "demo-mex-protection", "demo-mex-coordinator",
    "demo-admin", "demo-reader",
)  # fmt: skip
#: The day from which the demo's people hold their roles: before the first round that they work in.
DEMO_SINCE = date(2025, 1, 1)


@click.command()
@click.option("--serve/--no-serve", "and_serve", default=True, help="serve when everything stands")
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")), help="PORT, or 8000")
@click.option(
    "--reports/--no-reports", "with_reports", default=True, help="build and publish the reports too"
)
def demo(and_serve: bool, port: int, with_reports: bool) -> None:
    """Database, 2024 round, checks, reports; then the pages on 127.0.0.1. Keeps what was entered."""
    os.environ["MIRPS_DEMO"] = "1"
    os.environ["PORT"] = str(port)
    if and_serve:
        _free(port)
    from mirps.web.shell import django_ready

    began = time.perf_counter()
    django_ready()
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Base de datos / Database", _database),
        ("Cuentas de demostración / Demo accounts", _accounts),
        ("Ronda 2024 y comprobaciones / 2024 round and checks", _round),
        ("Planificación según los documentos / Planning by the documents", _planning),
        ("Ronda 2025, abierta / 2025 round, open", _open_round),
        ("Personas registradas, inventadas / Registered people, invented", _registered),
        ("Casos, inventados / Cases, invented", _cases),
        ("Citas y sesiones, inventadas / Appointments and sessions, invented", _arranged),
        ("Documentos y ventanas / Letters and windows", _lettered),
        ("Remisiones, inventadas / Referrals, invented", _referred),
        ("Archivos estáticos / Static files", _static),
        *([("Informes / Reports", _reports)] if with_reports else ()),
        ("Cifras de los casos, protegidas / Figures from cases, protected", _counts),
    )
    for n, (title, step) in enumerate(steps, start=1):
        start = time.perf_counter()
        click.echo(f"[{n}/{len(steps)}] {title} … ", nl=False)
        click.echo(f"{step()} ({time.perf_counter() - start:.1f} s)")
    click.echo(f"Listo en / Ready in {time.perf_counter() - began:.1f} s\n")
    _welcome(port)
    if and_serve:
        sys.stdout.flush()
        from mirps.web.shell.serve import serve

        serve.main(["--port", str(port)], standalone_mode=False)


def _free(port: int) -> None:
    """Leave before any work when somebody else holds the port."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError as e:
            raise click.ClickException(
                f"El puerto {port} está ocupado / port {port} is in use. PORT={port + 1} make run"
            ) from e


def _database() -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from mirps.web.shell.keys import begun

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", verbosity=0, interactive=False)
    if told := begun():
        click.echo(f"\n{told}")
    return f"{connection.vendor}, {len(plan)} migrations" if plan else f"{connection.vendor}, up to date"


def people() -> list[dict[str, str]]:
    """The invented people of the demo: username, name, role, state, body, via, office (data/demo/people.csv)."""
    from mirps.base.codelists.api import data_folder, rows

    return [row for _, row in rows(data_folder() / "demo" / "people.csv")]


def _accounts(listed: list[dict[str, str]] | None = None) -> str:
    """The demo's accounts, or these of them."""
    from django.contrib.auth.hashers import make_password
    from django.db import transaction
    from django.utils import timezone

    from mirps.base.access import api as access
    from mirps.web.shell.people import told_from_above

    now, made = timezone.now(), 0
    listed = people() if listed is None else listed
    access.set_mandates(told_from_above(), by="demo", at=now)
    kept = make_password(PASSWORD)  # one for all: it is no secret, and each costs a third of a second
    with transaction.atomic():
        for row in listed:
            user, new = access.User.objects.get_or_create(
                username=row["username"],
                defaults={
                    "first_name": row["name"],
                    "email": f"{row['username']}@mirps.example",
                    "password": kept,
                    "language": "en" if row["state"] == "BLZ" else "es",
                },
            )
            made += new
            access.give_role(
                user=user, role=row["role"], state=row["state"], body=row["body"], via=row["via"],
                office=row["office"], starts=DEMO_SINCE, ends=None, by="demo", at=now,
            )  # fmt: skip
    return f"{made} made, {len({r['username'] for r in listed})} in all"


def _planning() -> str:
    from django.utils import timezone

    from mirps.base.codelists.api import data_folder
    from mirps.planning.calls import api as calls
    from mirps.planning.meetings import api as meetings
    from mirps.planning.records import api as records

    come = records.load(data_folder() / "planning" / "facts", by="mirps", at=timezone.now())
    calls.open_demo_call(at=timezone.now())
    meetings.hold_demo_meetings(at=timezone.now())
    return f"{sum(come.values())} + / {records.Record.objects.count()}"


def _round() -> str:
    from django.utils import timezone

    from mirps.evidence.figures.api import PackageFaults
    from mirps.evidence.rounds import api as rounds
    from mirps.web.shell.round import tell_faults

    try:
        done = rounds.load(code="2024", by="demo-secretariat", at=timezone.now())
    except PackageFaults as e:
        tell_faults(e, "en")
        raise SystemExit(2) from e
    return ", ".join(f"{n} {what}" for what, n in done.items()) + " added"


def _open_round() -> str:
    """Set up and open the round of data/demo/round.yaml, once; what was entered stays."""
    import yaml
    from django.db import transaction
    from django.utils import timezone

    from mirps.base.codelists.api import data_folder
    from mirps.base.notices.api import zone
    from mirps.evidence.rounds import api as rounds
    from mirps.web.pages.rounds import invited

    given = yaml.safe_load((data_folder() / "demo" / "round.yaml").read_text(encoding="utf-8"))
    code, by, now = given["code"], given["by"], timezone.now()
    if rounds.Round.objects.filter(pk=code).exists():
        return "kept as it is"
    span = {"starts": given["starts"], "ends": given["ends"]}
    with transaction.atomic():
        asks = rounds.proposed_from(previous=given["previous"], **span)
        made = rounds.set_up(
            code=code, kind=rounds.Kind(given["kind"]), title_es=given["title"]["es"],
            title_en=given["title"]["en"], cut_off=given["cut_off"], asks=asks, previous=given["previous"],
            by=by, at=now, **span,
        )  # fmt: skip
        for step, days in given["due"].items():
            last = datetime.combine(now.date() + timedelta(days=days), clock(23, 59), tzinfo=zone(""))
            rounds.set_due(round=made, step=rounds.Due(step), due=last, by=by, at=now)
        opened = invited.open_round(round=code, by=by, at=now)
    return "{} things asked, {cells} cells, {texts} texts, {told} people told".format(len(asks), **opened)


def _registered() -> str:
    from django.utils import timezone

    from mirps.web.shell.demo_people import register_people

    return register_people(timezone.now())


def _cases() -> str:
    from django.utils import timezone

    from mirps.web.shell.demo_cases import open_cases

    return open_cases(timezone.now())


def _arranged() -> str:
    from django.utils import timezone

    from mirps.web.shell.demo_appointments import arrange

    return arrange(timezone.now())


def _lettered() -> str:
    from django.utils import timezone

    from mirps.web.shell.demo_letters import write_letters

    return write_letters(timezone.now())


def _referred() -> str:
    from django.utils import timezone

    from mirps.web.shell.demo_referrals import refer_people

    return refer_people(timezone.now())


def _counts() -> str:
    from django.conf import settings
    from django.utils import timezone

    from mirps.web.shell.demo_counts import release_counts

    return release_counts(timezone.now(), settings.HOME / "counting")


def _static() -> str:
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    newest = max(
        (os.stat(storage.path(name)).st_mtime for f in finders.get_finders() for name, storage in f.list([])),
        default=0.0,
    )
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.exists() and manifest.stat().st_mtime >= newest:
        return "up to date"
    call_command("collectstatic", verbosity=0, interactive=False)
    return "collected"


def _reports() -> str:
    """Build and publish what is not published yet: reports in every form, the States' briefs as PDF."""
    from django.utils import timezone

    from mirps.base.codelists import api as codelists
    from mirps.sharing.reports import api as reports

    held = {(b.report, str(b.params.get("state") or ""), b.language, b.format) for b in reports.published()}
    wanted = [
        (plan.code, state, lang, form)
        for plan in reports.written().values()
        for state in (codelists.member_states() if plan.per_state else [""])
        for lang in ("es", "en")
        for form in (("pdf",) if plan.per_state else plan.formats)
    ]
    missing = [w for w in wanted if w not in held]
    for n, (code, state, lang, form) in enumerate(missing, start=1):
        if sys.stdout.isatty():
            click.echo(f"\rInformes / Reports … {n}/{len(missing)} ", nl=False)
        try:
            built = reports.build_report(
                code=code, lang=lang, format=form, params={"state": state},
                by="demo-secretariat", at=timezone.now(),
            )  # fmt: skip
            reports.publish(build=built.build.pk, by="demo-presidency", at=timezone.now())
        except reports.Unfit as e:
            # The pages still serve what was published before; only this file waits.
            click.echo(f"\n  {code} {state} {lang} {form}: {e}; see: mirps report check {code}", err=True)
    return f"{len(missing)} built and published" if missing else f"{len(wanted)} up to date"


def _welcome(port: int) -> None:
    site = f"http://127.0.0.1:{port}"
    click.echo(f"  {site}/es/   español\n  {site}/en/   English\n  {site}/api/v1/   API\n")
    click.echo("  Vea primero / Look first at:")
    for path, what in (
        ("/es/", "el panorama regional / the regional overview"),
        ("/es/contradictions/", "lo que no cuadra / what does not add up"),
        ("/es/report/annual-2024/", "el informe anual / the annual report"),
        ("/es/state/HND/", "un Estado / one State"),
        ("/es/rounds/2025/", "la ronda abierta, con una cuenta / the open round, with an account"),
        ("/es/people/", "el registro de personas, con demo-mex-tapachula / registration, with that account"),
        (
            "/es/referrals/",
            "personas remitidas, con la misma cuenta / people referred, with the same account",
        ),
    ):
        click.echo(f"    {site}{path}  {what}")
    click.echo(f"\n  Cuentas de demostración / demo accounts (password {PASSWORD}):")
    listed = {row["username"]: row for row in people()}
    for username in FIRST:
        row = listed[username]
        click.echo(f"    {username:22} {row['role']}, {row['body'] or row['state'] or 'MIRPS'}")
    click.echo(f"    … {len(listed)} en total / in all: mirps people list")
    click.echo("\n  Ctrl-C para terminar / to stop", nl=True)

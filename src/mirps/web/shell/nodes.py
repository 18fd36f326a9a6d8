"""`mirps nodes`: seven States and the region on one machine, each a process with its own database and keys (`make
nodes`), for whoever wants to see how they exchange. The demo's people work in them; all cases are invented."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from mirps.web.shell.beside import MIRPS
from mirps.web.shell.demo import PASSWORD

REGION = "MIRPS"
#: Days that institutions have for the round.
DUE_IN = 30
CARD = "node.card"


@click.group(invoke_without_command=True)
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), default=Path("var/nodes"), show_default=True
)
@click.option("--port", default=8100, show_default=True, help="of the region; the States have those after it")
@click.option("--serve/--no-serve", "and_serve", default=True, help="serve when everything stands")
@click.pass_context
def nodes(ctx: click.Context, home: Path, port: int, and_serve: bool) -> None:
    """Make eight nodes on this machine, once, and serve them until Ctrl-C. What was entered stays."""
    if ctx.invoked_subcommand:
        return
    from mirps.base.codelists.api import member_states

    began = time.perf_counter()
    codes = (REGION, *member_states())
    every = {code: _environment(code, home.resolve(), port + n) for n, code in enumerate(codes)}
    for n, (code, env) in enumerate(every.items(), start=1):
        click.echo(f"[{n}/{len(every)}] {code} … ", nl=False)
        started = time.perf_counter()
        _share_static(Path(every[REGION]["MIRPS_HOME"]), Path(env["MIRPS_HOME"]))
        told = _run(env, "nodes", "begin")
        click.echo(f"{told.strip()} ({time.perf_counter() - started:.1f} s)")
    for env in every.values():
        _run(env, "nodes", "meet", str(home.resolve()), "--port", str(port))
    click.echo(f"Listo en / Ready in {time.perf_counter() - began:.1f} s\n")
    _welcome(every)
    if and_serve:
        sys.stdout.flush()
        with _served(every) as running:
            _wait(running)


def _environment(code: str, home: Path, port: int) -> dict[str, str]:
    """An installation of its own. Pages are read under a name of its own, so that eight sessions stand side by side."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("MIRPS_")}
    name = f"{code.lower()}.localhost"
    return own | {
        "MIRPS_NODE": code, "MIRPS_HOME": str(home / code), "MIRPS_DEMO": "1", "PORT": str(port),
        "MIRPS_ADDRESS": f"http://127.0.0.1:{port}", "MIRPS_HOSTS": f"127.0.0.1,localhost,{name}",
    }  # fmt: skip


def _share_static(of: Path, home: Path) -> None:
    """One copy of the pages' parts for all."""
    home.mkdir(parents=True, exist_ok=True)
    if home != of and not (home / "static").exists():
        (home / "static").symlink_to(of / "static")


def _run(env: Mapping[str, str], *words: str) -> str:
    """What a command says in a node; ends this one when it fails."""
    done = subprocess.run([*MIRPS, *words], env=dict(env), text=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    if done.returncode:
        raise click.ClickException(f"{env['MIRPS_NODE']}: mirps {' '.join(words)}: {done.returncode}")
    return done.stdout


@contextmanager
def _served(every: Mapping[str, Mapping[str, str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """All of them serve until the block ends."""
    with ExitStack() as stack:
        running = []
        for env in every.values():
            one = subprocess.Popen([*MIRPS, "serve", "--port", env["PORT"], "--workers", "1"], env=dict(env))  # noqa: S603
            stack.callback(one.wait)
            stack.callback(one.terminate)
            running.append(one)
        yield running


def _wait(running: list[subprocess.Popen[bytes]]) -> None:
    try:
        while all(one.poll() is None for one in running):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass


def _welcome(every: Mapping[str, Mapping[str, str]]) -> None:
    for code, env in every.items():
        click.echo(f"  {code:6} http://{code.lower()}.localhost:{env['PORT']}/es/")
    mexico, region = (f"http://{c.lower()}.localhost:{every[c]['PORT']}/es" for c in ("MEX", REGION))
    year = datetime.now(UTC).year
    click.echo(f"\n  Contraseña de todas las cuentas / password of all accounts: {PASSWORD}")
    click.echo("  Pruebe / Try:")
    click.echo(f"    {mexico}/cases/  demo-mex-coordinator: decida un caso / decide a case")
    click.echo(f"    {mexico}/releases/  demo-mex-approver: deje salir la cifra / let its figure go")
    click.echo(
        f"    {region}/rounds/{year}/review/MEX/computed/  demo-reviewer: véala llegar / see it arrive"
    )
    click.echo(f"    {region}/nodes/  demo-admin: líneas y paquetes / lines and packages")
    click.echo("\n  Ctrl-C para terminar / to stop")


@nodes.command(hidden=True)
def begin() -> None:
    """In one node: database, accounts, what it begins with, and its card."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.conf import settings
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange
    from mirps.web.shell import demo

    now, code = timezone.now(), str(settings.NODE)
    # The region's people at the region, a State's at its own node; who administers accounts administers each node.
    own = [
        row | {"state": "" if code == REGION else code} if row["username"] == "demo-admin" else row
        for row in demo.people()
        if row["username"] == "demo-admin" or row["state"] == ("" if code == REGION else code)
    ]
    told = [demo._database(), demo._accounts(own), demo._static()]
    if code == REGION:
        told += [demo._round(), _round_of(now)]
    else:
        from mirps.web.shell.demo_cases import open_cases

        told.append(open_cases(now, state=code))
    key = exchange.set_up(by="mirps nodes", at=now)
    (settings.HOME / CARD).write_text(exchange.card(key), encoding="ascii")
    click.echo("; ".join(told))


def _round_of(now: datetime) -> str:
    """This year's round, asked anew of what 2024 stated, open; once."""
    from mirps.evidence.entries import api as entries
    from mirps.evidence.rounds import api as rounds

    year, by = now.year, "demo-secretariat"
    if rounds.Round.objects.filter(pk=str(year)).exists():
        return "kept as it is"
    span = {"starts": date(year, 1, 1), "ends": date(year, 12, 31)}
    made = rounds.set_up(
        code=str(year), kind=rounds.Kind.ANNUAL, title_es=f"Ronda anual {year}", title_en=f"Annual round {year}",
        cut_off=None, asks=rounds.proposed_from(previous="2024", **span), previous="2024", by=by, at=now, **span,
    )  # fmt: skip
    rounds.set_due(round=made, step=rounds.Due.ENTRY, due=now + timedelta(days=DUE_IN), by=by, at=now)
    entries.prepare(round=made.code)
    rounds.turn(round=made.code, to=rounds.Stage.OPEN, by=by, at=now)
    return f"{rounds.asked(made.code).count()} things asked"


@nodes.command(hidden=True)
@click.argument("home", type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=int)
def meet(home: Path, port: int) -> None:
    """In one node: take the others' cards. On one machine nobody needs to be called: the cards came by no line."""
    from mirps.web.shell import django_ready

    django_ready()
    from django.conf import settings
    from django.utils import timezone

    from mirps.sharing.exchange import api as exchange

    for file in sorted(home.glob(f"*/{CARD}")):
        card = exchange.read_card(file.read_text(encoding="ascii"))
        if card.node == settings.NODE:
            continue
        # The States call the region; nobody else calls.
        address = f"http://127.0.0.1:{port}" if card.node == REGION else ""
        exchange.add(
            card=card, fingerprint=card.fingerprint, address=address, by="mirps nodes", at=timezone.now()
        )

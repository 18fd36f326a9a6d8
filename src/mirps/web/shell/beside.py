"""`mirps beside`: what is done each minute beside the server, as long as it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import click

from mirps.web.shell import django_ready

#: This very command, whatever the PATH.
MIRPS = (sys.executable, "-c", "from mirps.web.shell import main; main()")
#: Seconds from pass to pass: with the pass itself less than a minute from a case decided to its figure in the region.
EVERY = 45
#: Of a pass, for comparing who was registered: where many register at once the rest waits for the next, and nothing
#: else for it.
COMPARING = 20
#: A pass ends of itself in four minutes; one that does not is stopped, and what it held goes again later.
LONGEST_PASS = 300


@click.group(hidden=True)
def beside() -> None:
    """Each minute: compare who was registered without a line, count again what a decree moved, let go of files of
    forms that nobody finished, count and protect what was decided, exchange with the other nodes, and mail what
    people are told."""


@beside.command()
@click.option("--parent", type=int, required=True, help="the process whose end ends the loop")
def loop(parent: int) -> None:
    """Do the jobs every minute while the server that started this runs.

    Each pass is a process of its own: one that hangs is stopped, one that falls over is followed by the
    next, and between two passes nothing but this small loop is in memory. It knows nothing of Django.
    """
    next_at = time.monotonic() + 5
    try:
        while os.getppid() == parent:
            if time.monotonic() >= next_at:
                next_at = time.monotonic() + EVERY
                _pass(parent)
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass


@beside.command()
@click.pass_context
def once(ctx: click.Context) -> None:
    """One pass: each job is a command of its own too, for a timer elsewhere."""
    from mirps.web.shell.cases import recount
    from mirps.web.shell.compare import compared
    from mirps.web.shell.hooks import send as tell_systems
    from mirps.web.shell.node import sync
    from mirps.web.shell.notices import send
    from mirps.web.shell.referrals import referrals
    from mirps.web.shell.release import now as release
    from mirps.web.shell.retention import files

    django_ready()
    compared(COMPARING)
    ctx.invoke(files, dry_run=False, lang="es")
    ctx.invoke(recount, lang="es")
    ctx.invoke(release, quiet=True, lang="es")
    ctx.invoke(referrals, lang="es")
    ctx.invoke(sync, quiet=True, lang="es")
    ctx.invoke(tell_systems, lang="es")
    ctx.invoke(send, moment="", lang="es")


def _pass(parent: int) -> None:
    """One pass, watched: stopped when it takes too long or the server has gone."""
    running = subprocess.Popen([*MIRPS, "beside", "once"])  # noqa: S603 - our own interpreter
    begun = time.monotonic()
    while running.poll() is None:
        if os.getppid() != parent or time.monotonic() - begun > LONGEST_PASS:
            running.kill()
            running.wait()
            return
        time.sleep(0.2)


def start_beside(parent: int) -> None:
    """Start the loop beside the process `parent`, which is about to become the server."""
    subprocess.Popen([*MIRPS, "beside", "loop", "--parent", str(parent)])  # noqa: S603 - our own interpreter

"""`mirps findings`: what does not add up, and how people answered."""

from __future__ import annotations

import click

from mirps.web.shell import django_ready

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


@click.group()
def findings() -> None:
    """Contradictions in the ledger: list them, read one, answer one."""


@findings.command("list")
@click.option("--state", default="", help="ISO 3166-1 alpha-3 code")
@click.option("--open", "only_open", is_flag=True, help="only those nobody has answered")
@LANG
def list_(state: str, only_open: bool, lang: str) -> None:
    """One line a finding: code, State, kind, standing."""
    django_ready()
    from mirps.base.codelists.api import states
    from mirps.base.texts.api import say
    from mirps.evidence.findings import api

    if state and state not in states():
        raise click.ClickException(say("answer.fault.no_state", lang, what=state, known=", ".join(states())))
    for f in api.current():
        standing = api.standing_of(f)
        if (state and f.state != state) or (only_open and standing != api.OPEN):
            continue
        kind = say(f"finding.kind.{f.kind}", lang)
        click.echo(f"{f.code}\t{f.state}\t{f.severity}\t{standing}\t{kind}\t{f.stated} / {f.expected}")


@findings.command("answer")
@click.argument("code")
@click.option(
    "--kind", type=click.Choice(["explained", "acknowledged", "corrected", "withdrawn"]), required=True
)
@click.option("--reason-es", required=True, help="in Spanish")
@click.option("--reason-en", required=True, help="in English")
@click.option("--as", "username", required=True, help="the account that answers; its role must allow it")
@click.option("--figure", default="", help="for a correction: the id of the correcting figure")
@LANG
def answer(
    code: str, kind: str, reason_es: str, reason_en: str, username: str, figure: str, lang: str
) -> None:
    """Answer the finding CODE, with a reason in both languages, in the role you hold."""
    django_ready()
    from django.utils import timezone

    from mirps.base.access.api import NotAllowed, User, require
    from mirps.base.texts.api import say
    from mirps.evidence.findings import api
    from mirps.web.roles import role_for

    now = timezone.now()
    try:
        user = User.objects.get(username=username)
        held = api.Finding.objects.get(code=code)
        require(user, api.ACT[kind], state=held.state, on=now.date())
    except User.DoesNotExist as e:
        raise click.ClickException(say("answer.fault.unknown", lang, what=username)) from e
    except api.Finding.DoesNotExist as e:
        raise click.ClickException(say("answer.fault.unknown", lang, what=code)) from e
    except NotAllowed as e:
        raise click.ClickException(say("answer.fault.not_allowed", lang, state=e.state)) from e
    role = role_for(user, api.ACT[kind], state=held.state, on=now.date())
    try:
        api.answer(
            finding=code, kind=kind, role=role, reason_es=reason_es, reason_en=reason_en,
            by=username, at=now, figure=figure,
        )  # fmt: skip
    except api.AnswerFault as e:
        raise click.ClickException("; ".join(say(k, lang) for k in e.keys)) from e
    click.echo(say("answer.kept", lang, code=code))

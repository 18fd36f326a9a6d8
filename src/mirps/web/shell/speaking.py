"""How a command speaks: in the language asked for, and a refusal as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

LANG = click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)


def speaking(act: Callable[..., None]) -> Callable[..., None]:
    """A command that is told `lang`, with Django ready."""

    @LANG
    @wraps(act)
    def run(lang: str, **options: Any) -> None:
        from mirps.web.shell import django_ready

        django_ready()
        from mirps.base.crypto.api import CryptoFault
        from mirps.base.refusal import Refusal
        from mirps.base.texts.api import say

        try:
            act(lang=lang, **options)
        except CryptoFault as fault:
            raise click.ClickException(fault.es if lang == "es" else fault.en) from None
        except Refusal as fault:
            every = [f for f in (fault, fault.__cause__) if isinstance(f, Refusal)]
            raise click.ClickException(" ".join(say(f.key, lang, **f.values) for f in every)) from None

    return run

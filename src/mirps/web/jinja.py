"""The templates' environment: an undefined name is an error, never an empty string."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.sharing.portal import wording
from mirps.web.roles import answers_for_files, held, works_in_rounds, works_with_people
from mirps.web.rows import kept_markup
from mirps.web.said import InLanguages, saying


def environment(**options: Any) -> Environment:
    said = saying(
        {
            "t": texts.say,
            "url": lambda name, lang: _address(name, lang=lang),
            "static": lambda f, _: static(f),
        }
    )
    env = InLanguages(
        trim_blocks=True, lstrip_blocks=True, extensions=[said], **{**options, "undefined": StrictUndefined}
    )
    env.globals.update(
        static=lru_cache(maxsize=1000)(static),
        url=_url,
        t=_say,
        lists=codelists,
        state_name=_state_name,
        language_name=language_name,
        demo=settings.DEMO,
        works_in_rounds=_works_in_rounds,
        works_with_people=_works_with_people,
        answers_for_files=_answers_for_files,
    )
    env.speak(t=_say_in, url=_url_in)
    env.globals.update(kept_markup(env))
    env.filters.update(
        number=_number,
        day=_day,
        moment=_moment,
        due=_due,
        since=_since,
        partial=_partial,
        capital=wording.capital,
        commands=_commands,
    )
    return env


def _commands(text: str) -> Markup:
    """What a text says between backticks is a command for the shell."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts)
    )


def reader(request: HttpRequest) -> dict[str, object]:
    """What every page knows of its reader: language, locale, country, and who is signed in."""
    lang = language_of(request)
    other = "en" if lang == "es" else "es"
    return {
        # Masked once a page, where Django's own is at every form; not where no form asks for it.
        "csrf_input": SimpleLazyObject(partial(_token, request)),
        "lang": lang,
        "other": other,
        "other_address": in_other_language(request.get_full_path(), lang, other),
        "path": request.get_full_path(),
        "locale": locale_of(request),
        "country": country_of(request),
        "signed_in": _signed_in(request),
    }


_NTH = {c: n for n, c in enumerate(CSRF_ALLOWED_CHARS)}
_HIDDEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def _token(request: HttpRequest) -> str:
    """Django's `csrf_input`, whose mask (against BREACH) is drawn in one piece: letter by letter it takes ten times as
    long."""
    secret = request.META.get("CSRF_COOKIE")
    if not secret:
        return csrf_input(request)  # which makes one
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True  # its time begins anew, as with Django's get_token
    most = len(CSRF_ALLOWED_CHARS)
    mask = [n % most for n in os.urandom(len(secret))]
    token = [*mask, *((_NTH[c] + n) % most for c, n in zip(secret, mask, strict=True))]
    masked = "".join([CSRF_ALLOWED_CHARS[n] for n in token])
    return _HIDDEN.format(masked)


def in_other_language(path: str, lang: str, other: str) -> str:
    """The same page in the other language. Pages outside both languages lead to its home."""
    return f"/{other}/{path[4:]}" if path.startswith(f"/{lang}/") else f"/{other}/"


def language_of(request: HttpRequest) -> str:
    """The language is in the address, /es/… or /en/…; elsewhere it is the reader's, then Spanish."""
    first = request.path_info.split("/", 2)[1] if "/" in request.path_info else ""
    return first if first in texts.LANGUAGES else preferred_language(request)


def preferred_language(request: HttpRequest) -> str:
    """The first of ours among the languages that the reader's browser accepts."""
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower()):
        if code[:2] in texts.LANGUAGES:
            return code[:2]
    return "es"


def country_of(request: HttpRequest) -> str:
    """The country whose way of writing numbers and dates the reader chose, or nothing."""
    # Where somebody works for one country (request.home_country), hers is the way unless they chose another.
    code = request.COOKIES.get("country", "") or getattr(request, "home_country", "")
    return code if code in codelists.locales() else ""


def locale_of(request: HttpRequest) -> str:
    return texts.locale_for(language_of(request), country_of(request), codelists.locales())


def _signed_in(request: HttpRequest) -> str:
    # Touching request.user reads the session; without its cookie there is nobody to look up.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    user = getattr(request, "user", None)
    return str(user.first_name or user.username) if user is not None and user.is_authenticated else ""


@pass_context
def _works_in_rounds(context: Context) -> bool:
    return works_in_rounds(held(context["request"]))


@pass_context
def _works_with_people(context: Context) -> bool:
    return works_with_people(held(context["request"]))


@pass_context
def _answers_for_files(context: Context) -> bool:
    return answers_for_files(held(context["request"]))


@pass_context
def _say(context: Context, key: str, /, **values: object) -> str:
    return texts.say(key, context["lang"], **values)


def _say_in(lang: str, key: str, /, **values: object) -> str:
    return texts.say(key, lang, **values)


@pass_context
def _number(context: Context, value: Decimal | int, places: int | None = None) -> str:
    return texts.number(value, context["locale"], places)


@pass_context
def _day(context: Context, value: Any, form: str = "long") -> str:
    return texts.day(_on_the_clock(value), context["locale"], form)


@pass_context
def _since(context: Context, value: datetime) -> str:
    """The day since when something is known. What a document says is known from a day, kept as its midnight
    (UTC): that day it is, wherever it is read; what people did has an hour, and so the day of their clock."""
    day = value.astimezone(UTC)
    told = day.date() if (day.hour, day.minute, day.second) == (0, 0, 0) else _on_the_clock(value)
    return texts.day(told, context["locale"])


@pass_context
def _partial(context: Context, value: str) -> str:
    """A date as exact as it was stated: `2024`, `2024-06`, `2024-06-14`."""
    return texts.partial_date(value, context["locale"]) if value else ""


@pass_context
def _moment(context: Context, value: Any) -> str:
    return moment(value, context["locale"])


def _on_the_clock(value: Any) -> Any:
    """A moment by the reader's clock (mirps.web.middleware.ReaderClock); a day as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def moment(value: datetime, locale: str) -> str:
    """Day and hour by the clock of the reader's State, or the region's."""
    return texts.moment(_on_the_clock(value), locale)


def at_home(request: HttpRequest, state: str) -> None:
    """Numbers, days and clocks of this page are the State's, unless its reader chose another's."""
    request.home_country = state  # type: ignore[attr-defined]
    timezone.activate(zone(country_of(request)))


@pass_context
def _due(context: Context, value: Any, state: str = "") -> str:
    """The last day of something due: by the State's clocks if it ends a day there, else by the region's."""
    return texts.day(last_day(value, state), context["locale"])


def last_day(due: datetime, state: str = "") -> date:
    """What is due for everyone ends with the region's day, which in a State may be another hour."""
    here = due.astimezone(zone(state))
    ends_the_day = (here + timedelta(minutes=1)).date() != here.date()
    return (here if ends_the_day else due.astimezone(zone(""))).date()


@pass_context
def _state_name(context: Context, code: str) -> str:
    return wording.state(code, context["lang"])


@pass_context
def _url(context: Context, name: str, /, **kwargs: object) -> str:
    """The address of a page in the page's own language (or in `lang`, if given)."""
    return _url_in(context["lang"], name, **kwargs)


def _url_in(lang: str, name: str, /, **kwargs: object) -> str:
    kwargs.setdefault("lang", lang)
    return _addressed(name, kwargs)


def address(name: str, /, **kwargs: object) -> str:
    """The address of a page. Where two differ in somebody's id or registration number alone, the second is
    written after the first: a file leads to forty pages of that person and of nobody else."""
    return _addressed(name, kwargs)


def _addressed(name: str, kwargs: Mapping[str, object]) -> str:
    for key, value in kwargs.items():
        if isinstance(value, UUID) or (key == "number" and isinstance(value, str) and _NUMBERED(value)):
            return _address_of(name, key, str(value), kwargs)
    return _address(name, **kwargs)


_NUMBERED = re.compile(r"[A-Z]{3}-(?:[CG]-)?[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]").fullmatch
#: By page and what else its address holds: the address before what it is of, and after.
_around: dict[object, tuple[str, str]] = {}
_MOST_AROUND = 5000


def _address_of(name: str, key: str, of: str, kwargs: Mapping[str, object]) -> str:
    form = (name, key, len(of), *((k, v) for k, v in kwargs.items() if k != key))
    if form not in _around:
        made = reverse(name, kwargs=dict(kwargs))
        if made.count(of) != 1 or len(_around) >= _MOST_AROUND:
            return made
        before, _, after = made.partition(of)
        _around[form] = before, after
    before, after = _around[form]
    return f"{before}{of}{after}"


@lru_cache(maxsize=20_000)
def _address(name: str, /, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def language_name(lang: str) -> str:
    """The language's name in itself: español, English."""
    return str(get_language_info(lang)["name_local"])

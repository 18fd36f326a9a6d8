"""The page on which anybody verifies a letter, with or without a line, with or without JavaScript.

It is the same for everybody and holds the public keys, so a browser may keep it; the worker does. What is verified
in the browser is told to nobody; a PDF or a code that the form sends is verified here and not kept.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.base.texts.api import catalogue, say
from mirps.casework.letters import api as letters
from mirps.casework.letters.api import NotSigned, Verified
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures.wording import in_lang
from mirps.web.jinja import address
from mirps.web.pages import kept
from mirps.web.pages.kept import plain
from mirps.web.pages.page import private
from mirps.web.pages.people.door import with_camera
from mirps.web.pages.throttle import exceeded

STYLES = ("site/site.css", "site/verify.css")
SCRIPTS = ("site/verify.js", "site/verify-token.js", "vendor/noble-ed25519/index.js", "vendor/jsqr/jsQR.js")
_WORDS = "letters.verify.word."
STATUSES = "/verify/status/"
MOST_BYTES = 5_000_000


@csrf_exempt  # it changes nothing, and the page that is kept without a line holds no token
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, lang: str) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, lang)
    answer = with_camera(HttpResponse(_page(lang)))
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _answer(request: HttpRequest, lang: str) -> HttpResponse:
    """What the server makes of a code that was sent."""
    if exceeded(request, "verify", 60, 600):
        return private(
            HttpResponse(say("letters.verify.word.form", lang), status=429, content_type="text/plain")
        )
    code = request.POST.get("code", "").strip()
    file = request.FILES.get("file")
    given: dict[str, Any] = {"code": code[:4000]}
    try:
        if file is not None and not code:
            if (file.size or 0) > MOST_BYTES:
                raise NotSigned(letters.Wrong.FORM)
            given["code"] = code = letters.code_in(file.read())
        asked = {name: request.POST.get(name, "")[:200] for name in ("name", "born", "control")}
        on = timezone.now().astimezone(zone("")).date()
        given |= _told(letters.verify(code, on=on, **asked), lang)
    except NotSigned as e:
        given |= {"fault": e.why.value, "verdict": e.why.value}
    return private(with_camera(HttpResponse(_page(lang, **given))))


def _told(found: Verified, lang: str) -> dict[str, Any]:
    c, locale = found.claims, texts.locale_for(lang, "", codelists.locales())
    rows = [
        ("document", _documents(lang).get(c.document, c.document)), ("issuer", _issuer(c.issuer, lang)),
        ("serial", c.serial), ("issued", texts.day(c.issued, locale)),
    ]  # fmt: skip
    if c.until:
        rows.append(("until", texts.day(c.until, locale)))
    bearer = {None: "compare", True: "same", False: "differs"}[found.bearer]
    notes = [say(f"{_WORDS}{name}", lang) for name in ("asked", bearer)]
    return {"found": found, "verdict": found.verdict, "rows": rows, "notes": notes}


def _page(lang: str, **given: Any) -> bytes:
    told = {
        "lang": lang, "other": "en" if lang == "es" else "es", "icon": plain("site/mark.svg"),
        "styles": [plain(s) for s in STYLES], "script": plain(SCRIPTS[0]), "book": _book(lang), "found": None,
        "fault": "", "verdict": "", "code": "", "rows": (), "notes": (),
    }  # fmt: skip
    return render_to_string("casework/letters-verify.html", told | given).encode()


def _book(lang: str) -> Markup:
    """What the script needs: keys, names, words. Data, which the policy of content lets a page hold."""
    keys = letters.jwks()["keys"]
    told = {
        "lang": lang, "keys": keys, "documents": _documents(lang),
        "institutions": {k["iss"]: _issuer(k["iss"], lang) for k in keys},
        "words": {k.removeprefix(_WORDS): getattr(v, lang) for k, v in catalogue().items() if k.startswith(_WORDS)},
        "worker": address("letter-verify-worker", lang=lang), "scope": address("letter-verify", lang=lang),
        "statuses": STATUSES, "reader": plain("vendor/jsqr/jsQR.js"),
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - no `<` is left in it, so nothing ends the element


def _documents(lang: str) -> dict[str, str]:
    return {
        f"{p.name}.{code}": f"{in_lang(d.name, lang)} ({in_lang(p.title, lang)})"
        for versions in procedures.procedures().values()
        for p in versions.values()
        for code, d in p.documents.items()
    }


def _issuer(code: str, lang: str) -> str:
    known = codelists.institutions()
    return known.name(code, lang) if code in known else code


@require_safe
def worker(request: HttpRequest, lang: str) -> HttpResponse:
    held = kept.parts(*STYLES, *SCRIPTS)
    held[address("letter-verify", lang=lang)] = kept.integrity(_page(lang))
    text = kept.worker("site/verify-worker.js", lang, held, STATUSES=STATUSES)
    return kept.asked_anew(text, kept.SCRIPT)


@require_safe
def statuses(request: HttpRequest, issuer: str) -> HttpResponse:
    """What no longer holds of an institution's letters, signed; 404 for one that has signed nothing."""
    if issuer not in {k.institution for k in letters.public_keys()}:
        raise Http404
    return kept.asked_anew(letters.statuses(issuer, at=timezone.now()), "application/statuslist+jwt")


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for programs that verify (RFC 7517)."""
    answer = JsonResponse(letters.jwks(), content_type="application/jwk-set+json")
    answer["Cache-Control"] = "no-cache"
    return answer


def _to(lang: str) -> Any:
    """The short address that stands on paper, which leads to the page in its language."""

    @require_safe
    def led(request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(address("letter-verify", lang=lang))

    return led


patterns: list[URLPattern] = [
    path("verify/", verify, name="letter-verify"),
    path("verify/worker.js", worker, name="letter-verify-worker"),
]
without_language: list[URLPattern] = [
    *(path(letters.VERIFY[lang].lstrip("/"), _to(lang)) for lang in ("es", "en")),
    path("verify/keys.json", keys, name="letter-keys"),
    path("verify/status/<str:issuer>.jwt", statuses, name="letter-statuses"),
]

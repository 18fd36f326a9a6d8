"""The checker over any report, in the browser: the same engine as `mirps check`."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import number, say
from mirps.evidence.checks import api as checks
from mirps.evidence.checks.reading.readers import UnreadableError
from mirps.evidence.checks.render import place
from mirps.web.jinja import language_of, locale_of
from mirps.web.pages.errors import error
from mirps.web.pages.page import Reader, page, private
from mirps.web.pages.throttle import exceeded

#: What one person may send, in bytes and characters, and how often in a minute.
MOST_BYTES = 10 * 1024 * 1024
MOST_TEXT = 400_000
MOST_A_MINUTE = 20


@csrf_exempt  # it keeps nothing and acts for nobody
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, lang: str) -> HttpResponse:
    empty: dict[str, Any] = {"here": "check", "result": None, "fault": "", "text": "", "against": True}
    if request.method != "POST":
        return page(request, "check.html", **empty)
    # Refused before its body is read.
    if _length(request) > MOST_BYTES:
        return error(request, 413)
    if exceeded(request, "check", MOST_A_MINUTE, 60):
        answer = error(request, 429)
        answer["Retry-After"] = "60"
        return answer
    text = request.POST.get("text", "")
    given = {**empty, "text": text[:MOST_TEXT], "against": bool(request.POST.get("against"))}
    try:
        report = _checked(request, text, given["against"])
    except UnreadableError as e:
        return _fault(request, given, e.messages[language_of(request)])
    if report is None:
        return _fault(request, given, say("portal.check.nothing", language_of(request)))
    return private(page(request, "check.html", **{**given, "result": _shown(request, report)}))


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _fault(request: HttpRequest, given: dict[str, Any], words: str) -> HttpResponse:
    answer = private(page(request, "check.html", 422, **{**given, "fault": words}))
    answer.explained = True  # type: ignore[attr-defined]
    return answer


def _checked(request: HttpRequest, text: str, against: bool) -> checks.Report | None:
    """The checker's report on the file or text sent. None if nothing was."""
    options: dict[str, Any] = {}
    if against:
        r = Reader(request)
        options = {"figures": [e.figure for e in r.shelf.stock.everything], "measures": r.shelf.book.measures}
    sent = request.FILES.get("file")
    if sent:
        # Kept only while it is read, under its own name, so that a message can name it.
        with tempfile.TemporaryDirectory(prefix="mirps-check-") as folder:
            path = Path(folder) / (PurePath(sent.name or "").name[-100:] or "file")
            with path.open("wb") as f:
                for chunk in sent.chunks():
                    f.write(chunk)
            return checks.check_file(path, **options)
    if text.strip():
        return checks.check_text(text[:MOST_TEXT], **options)
    return None


def _shown(request: HttpRequest, report: checks.Report) -> dict[str, Any]:
    lang, locale = language_of(request), locale_of(request)
    claims = {c.id: c for c in report.claims}
    warnings = len(report.findings) - report.contradictions
    key = "clean" if not report.findings else "found"
    return {
        "lang": report.lang,
        "count": len(report.claims),
        "sentence": say(
            f"portal.check.{key}", lang, claims=number(len(report.claims), locale),
            contradictions=number(report.contradictions, locale), warnings=number(warnings, locale),
        ),
        "findings": [
            {"severity": f.severity, "message": f.message[lang], "locator": place(f.locator, lang),
             "claims": list(dict.fromkeys(claims[c].text for c in f.claims if c in claims)) or [f.text]}
            for f in report.findings
        ],
        "claims": [
            {"locator": place(c.locator, lang), "value": number(c.value, locale), "text": c.text,
             "figure": report.figures.get(c.id, "")}
            for c in report.claims[:500]
        ],
    }  # fmt: skip

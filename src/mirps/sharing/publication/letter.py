"""A newsletter as it is read: its figures in words, on a page, as PDF and as a mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mirps.base.codelists import api as lists
from mirps.base.texts.api import day, locale_for, say
from mirps.base.texts.prose import parse
from mirps.evidence.figures.api import Book
from mirps.planning.records import api as records
from mirps.sharing.reports.binding import Binder
from mirps.sharing.reports.building import with_sources
from mirps.sharing.reports.paper import write
from mirps.sharing.reports.tree import (
    Bind,
    Block,
    Bullets,
    Document,
    Heading,
    Line,
    Number,
    Paragraph,
    Section,
    Source,
    Text,
)

_GREY = "color:#4d5864;font-size:14px"


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter in one language with its figures in words. `stale`: the text is older than its original.
    A draft may lack its days."""

    key: str
    lang: str
    title: str
    lead: str
    since: date | None
    until: date | None
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    stale: bool = False


def issue(
    key: str, data: Mapping[str, Any], lang: str, book: Book, *, country: str = "", base: str = ""
) -> Issue:
    """The newsletter as the reader's country writes numbers. A language that it lacks is told in the other."""
    binder = Binder(book, lang, locale_for(lang, country, lists.locales()), base=base)
    text = data.get("text") or {}
    blocks = tuple(_bound(parse(_in(text, lang)), binder))
    return Issue(
        key=key, lang=lang, title=_in(data.get("title") or {}, lang), lead=_in(data.get("lead") or {}, lang),
        since=records.day(data.get("since")), until=records.day(data.get("until")), blocks=blocks,
        sources=binder.sources(), stale=text.get("stale") == lang,
    )  # fmt: skip


def _in(held: Mapping[str, str], lang: str) -> str:
    other = "en" if lang == "es" else "es"
    return held.get(lang) or held.get(other) or ""


def _bound(found: Iterable[object], binder: Binder) -> Iterable[Block]:
    for n, block in enumerate(found):
        match block:
            case Heading(level, line, _, at):
                yield Heading(max(level, 2), binder.line(line), f"h-{n}", at)
            case Paragraph(line, at):
                yield Paragraph(binder.line(line), at)
            case Bullets(items, ordered, at):
                yield Bullets(tuple(binder.line(i) for i in items), ordered, at)


def pdf(made: Issue, *, published: date, base: str, draft: bool = False) -> bytes:
    """The newsletter as tagged PDF (PDF/UA-1), its sources at the end."""
    lead = (Paragraph((Text(made.lead, strong=True),)),) if made.lead else ()
    locale = locale_for(made.lang, "", {})
    days = " – ".join(day(d, locale) for d in (made.since, made.until) if d)
    section = Section("newsletter", days or made.title, (*lead, *(_absolute(b, base) for b in made.blocks)))
    sections = with_sources((section,), made.lang) if made.sources else (section,)
    document = Document(
        code=made.key, lang=made.lang, locale=locale_for(made.lang, "", lists.locales()), title=made.title,
        subtitle=say("newsletter.subtitle", made.lang), author="MIRPS", published=published, sections=sections,
        sources=made.sources, short=True, base=base, draft=say("reports.draft", made.lang) if draft else "",
    )  # fmt: skip
    return write(document)


def _absolute(block: Block, base: str) -> Block:
    """Links of the product's own as they are followed from elsewhere."""

    def line(parts: Line) -> Line:
        return tuple(
            Text(p.words, p.strong, p.em, f"{base}{p.href}", p.name)
            if isinstance(p, Text) and p.href.startswith("/")
            else p
            for p in parts
        )

    match block:
        case Heading(level, inner, anchor, at):
            return Heading(level, line(inner), anchor, at)
        case Paragraph(inner, at):
            return Paragraph(line(inner), at)
        case Bullets(items, ordered, at):
            return Bullets(tuple(line(i) for i in items), ordered, at)
    return block


def mail(
    made: Issue, *, to: str, page: str, leave: str, one_click: str, message_id: str
) -> EmailMultiAlternatives:
    """The newsletter as plain text and simple HTML that say the same. `page`, `leave`, `one_click`: whole
    addresses of its page, of the way out, and of the way out in one click (RFC 8058)."""
    base = settings.ADDRESS.rstrip("/")
    blocks = [_absolute(b, base) for b in made.blocks]
    foot = [say("newsletter.mail.why", made.lang), f"{say('newsletter.mail.leave', made.lang)} {leave}"]
    plain = [
        made.title,
        made.lead,
        *(_plain(b) for b in blocks),
        f"{say('newsletter.mail.page', made.lang)} {page}",
    ]
    found = EmailMultiAlternatives(
        subject=" ".join(made.title.split())[:150],
        body="\n\n".join([*filter(None, plain), "\n".join(["-- ", *foot])]) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            "Message-ID": message_id, "Content-Language": made.lang, "Precedence": "bulk",
            "List-Id": "MIRPS <newsletter.mirps>", "List-Unsubscribe": f"<{one_click}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )  # fmt: skip
    found.attach_alternative(_html(made, blocks, page, leave), "text/html")
    return found


def _words(line: Line) -> str:
    return "".join(p.words for p in line if not isinstance(p, Bind))


def _plain(block: Block) -> str:
    match block:
        case Heading(_, line, _, _):
            return _words(line).upper()
        case Paragraph(line, _):
            return _linked(line)
        case Bullets(items, _, _):
            return "\n".join(f"- {_linked(i)}" for i in items)
    return ""


def _linked(line: Line) -> str:
    """A line with its addresses after it, as plain mail has them."""
    links = list(dict.fromkeys(p.href for p in line if isinstance(p, Text) and p.href))
    return "\n  ".join([_words(line), *links])


def _html(made: Issue, blocks: Iterable[Block], page: str, leave: str) -> SafeString:
    lead = f"<p><b>{escape(made.lead)}</b></p>" if made.lead else ""
    inner = "".join(_block(b) for b in blocks)
    seen, out = say("newsletter.mail.page", made.lang), say("newsletter.mail.leave", made.lang)
    return mark_safe(  # noqa: S308 - every word in it is escaped
        f'<!doctype html><html lang="{made.lang}"><head><meta charset="utf-8"><title>{escape(made.title)}</title>'
        "</head>"
        '<body style="font-family:sans-serif;line-height:1.5;color:#1b2430;max-width:40em">'
        f'<h1 style="font-size:24px">{escape(made.title)}</h1>{lead}{inner}'
        f'<p>{escape(seen)} <a href="{escape(page)}">{escape(page)}</a></p>'
        f'<p style="{_GREY}">{escape(say("newsletter.mail.why", made.lang))} {escape(out)} '
        f'<a href="{escape(leave)}">{escape(leave)}</a></p></body></html>'
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level, line, _, _):
            return f"<h{level}>{_inline(line)}</h{level}>"
        case Paragraph(line, _):
            return f"<p>{_inline(line)}</p>"
        case Bullets(items, ordered, _):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{_inline(i)}</li>' for i in items)}</{tag}>"
    return ""


def _inline(line: Line) -> str:
    out = []
    for p in line:
        if isinstance(p, Bind):
            continue
        words: str = escape(p.words)
        if isinstance(p, Number) or p.strong:
            words = f"<b>{words}</b>"
        if p.em:
            words = f"<em>{words}</em>"
        href = p.href if isinstance(p, Text) else ""
        out.append(f'<a href="{escape(href)}">{words}</a>' if _safe(href) else words)
    return "".join(out)


def _safe(href: str) -> bool:
    """Whether an address may be followed from a mail or a page: nothing that runs."""
    return href.startswith(("https://", "http://", "/"))

"""A mail in words: plain text and simple HTML that say the same, and nothing but what and where.

The pages' addresses are the web's: it gives the `Paths` by which a mail links to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import format_html, format_html_join

from mirps.base.access.api import User
from mirps.base.notices import wording
from mirps.base.notices.models import Notice
from mirps.base.notices.rules import one_line
from mirps.base.texts.api import say

#: How many notices a mail lists; the others are a line that leads to the pages.
MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of the pages that mails link to, each in a language."""

    notice: Callable[[Notice, str], str]  # the exact page of what the notice is about
    inbox: Callable[[str], str]
    settings: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Line:
    title: str
    where: str
    link: str


def mail_of(
    user: User, form: str, notices: Sequence[Notice], *, paths: Paths, message_id: str, lang: str, today: date
) -> EmailMultiAlternatives:
    """The mail that tells these notices, the nearest due date first and then the latest."""
    ordered = sorted(notices, key=lambda n: (n.due or date.max, -n.told_at.timestamp(), n.pk))
    lines = [_line(n, paths, lang, today) for n in ordered[:MOST_LISTED]]
    more = len(ordered) - len(lines)
    inbox, choose = _absolute(paths.inbox(lang)), _absolute(paths.settings(lang))
    hello = say("notice.mail.hello", lang, name=one_line(user.first_name or user.username, 80))
    mail = EmailMultiAlternatives(
        subject=_subject(form, lines, len(ordered), lang),
        body=_text(hello, lines, more, inbox, choose, lang),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{choose}>",
            "Content-Language": lang,
        },
    )
    mail.attach_alternative(_html(hello, lines, more, inbox, choose, lang), "text/html")
    return mail


def _absolute(path: str) -> str:
    return f"{settings.ADDRESS.rstrip('/')}{path}"


def _line(notice: Notice, paths: Paths, lang: str, today: date) -> _Line:
    where = (wording.where(notice, lang), wording.times(notice, lang))
    return _Line(
        title=one_line(wording.title(notice, lang, today), 400),
        where=" · ".join(one_line(w) for w in where if w),
        link=_absolute(paths.notice(notice, lang)),
    )


def _subject(form: str, lines: Sequence[_Line], n: int, lang: str) -> str:
    if n > 1 or form == "digest":
        return say(f"notice.mail.subject-{'digest' if form == 'digest' else 'many'}", lang, n=n)
    return one_line(say("notice.mail.subject-one", lang, title=lines[0].title), 150)


def _text(hello: str, lines: Sequence[_Line], more: int, inbox: str, choose: str, lang: str) -> str:
    told = [
        "\n".join(
            part
            for part in (f"- {line.title}", f"  {line.where}" if line.where else "", f"  {line.link}")
            if part
        )
        for line in lines
    ]
    rest = say("notice.mail.more", lang, n=more) if more else f"{say('notice.mail.all', lang)}:"
    choice = f"{say('notice.mail.choose', lang)} {choose}"
    foot = "\n".join(("-- ", say("notice.mail.why", lang), choice, say("notice.mail.no-reply", lang)))
    return "\n\n".join([hello, *told, f"{rest}\n{inbox}", foot]) + "\n"


def _html(hello: str, lines: Sequence[_Line], more: int, inbox: str, choose: str, lang: str) -> str:
    told = format_html_join(
        "",
        '<li style="margin:0 0 16px"><a href="{}">{}</a><br><span style="color:#4d5864">{}</span></li>',
        ((line.link, line.title, line.where) for line in lines),
    )
    rest = say("notice.mail.more", lang, n=more) if more else f"{say('notice.mail.all', lang)}:"
    return format_html(
        '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>MIRPS</title></head>'
        '<body style="font-family:sans-serif;line-height:1.5;color:#1b2430;max-width:40em">'
        '<p>{hello}</p><ul style="padding-left:20px">{told}</ul><p>{rest} <a href="{inbox}">{inbox}</a></p>'
        '<p style="color:#4d5864;font-size:14px">{why}<br>{choose_words} <a href="{choose}">{choose}</a><br>'
        "{no_reply}</p></body></html>",
        lang=lang,
        hello=hello,
        told=told,
        rest=rest,
        inbox=inbox,
        why=say("notice.mail.why", lang),
        choose_words=say("notice.mail.choose", lang),
        choose=choose,
        no_reply=say("notice.mail.no-reply", lang),
    )

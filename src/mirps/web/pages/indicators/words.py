"""An indicator's definition in the reader's words."""

from __future__ import annotations

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.indicators.api import Counts, Grain, Indicator, Kind
from mirps.evidence.indicators.model import QUANTILES, Where
from mirps.evidence.indicators.quality import Note
from mirps.sharing.portal import wording

#: Under which heading an indicator stands in the list.
GROUPS = ("flow", "stock", "share", "days")


def group(i: Indicator) -> str:
    if i.counts is Counts.SHARE:
        return "share"
    return "days" if i.counts in QUANTILES else i.kind.value


def dimension(name: str, lang: str) -> str:
    """The dimensions of cases have words of their own; the others are those of the figure ledger."""
    return _said(f"counted.dimension.{name}", lang, wording.dimension(name, lang))


def population(i: Indicator, lang: str) -> str:
    return codelists.populations().name(i.population, lang)


def egriss(i: Indicator) -> str:
    """The class of EGRISS's recommendations, of the population or of the wider one it is part of."""
    known, code = codelists.populations(), i.population
    while code and code in known:
        if found := known[code].extra.get("egriss"):
            return str(found)
        code = str(known[code].extra.get("parent") or "")
    return ""


def formula(i: Indicator, lang: str) -> list[str]:
    """What a cell holds, of which rows, and when they count."""
    values = {"what": say(f"counted.over.{i.over.value}", lang)}
    if i.between:
        values = dict(zip(("first", "last"), (milestone(m, lang) for m in i.between), strict=True))
    out = [say(f"counted.counts.{i.counts.value}", lang, **values)]
    out += [say("counted.where", lang, what=line) for line in _where(i.where, lang)]
    if i.of is not None:
        out += [say("counted.part", lang, what=line) for line in _where(i.of, lang)]
    if i.open:
        first, last = (milestone(m, lang) for m in i.open)
        out.append(say("counted.open", lang, first=first, last=last))
    elif i.at:
        out.append(say("counted.at", lang, what=milestone(i.at, lang)))
    return out


def milestone(name: str, lang: str) -> str:
    return say(f"counted.milestone.{name}", lang)


def _where(where: Where, lang: str) -> list[str]:
    out = [
        f"{dimension(name, lang)}: {', '.join(_member(name, m, lang) for m in members)}"
        for name, members in where.among.items()
    ]
    out += [say("counted.reached", lang, what=milestone(m, lang)) for m in where.reached]
    out += [say("counted.lacking", lang, what=milestone(m, lang)) for m in where.lacking]
    return out + [say(f"counted.least.{name}", lang, n=n) for name, n in where.least.items()]


def _member(name: str, member: str, lang: str) -> str:
    """Outcomes and endings have words of the house; matters, stages and acts may be a procedure's own."""
    known = wording.member(name, member, lang) if name in ("sex", "age", "nationality") else member
    return _said(f"counted.{name}.{member}", lang, known)


def _said(key: str, lang: str, other: str) -> str:
    return say(key, lang) if key in texts.catalogue() else other


def sums(i: Indicator, lang: str) -> list[tuple[bool, str]]:
    """Along what the values may be added up."""
    time = {True: "time-stock", False: "time-flow"}[i.kind is Kind.STOCK]
    if group(i) in ("share", "days"):
        time = "time-rate"
    a = i.additive
    parts = ((a.time, "time" if a.time else time), (a.place, "place"), (a.population, "population"))
    return [(ok, say(f"portal.sums.{'may' if ok else 'never'}.{part}", lang)) for ok, part in parts]


def periods(i: Indicator, lang: str) -> str:
    return say(f"counted.grain.{i.grain.value}", lang) if i.grain is not Grain.NONE else ""


def protection(i: Indicator, lang: str) -> str:
    if i.protect.full:
        return say("counted.protect.full", lang, base=i.protect.full)
    return _said(f"counted.protect.{i.protect.sensitivity}", lang, i.protect.sensitivity)


def rule(n: Note, lang: str) -> str:
    about = dimension(n.about, lang).lower() if n.about else ""
    return say(f"counting.quality.{n.rule}", lang, bound=n.bound, about=about)


def asked(i: Indicator) -> list[Note]:
    """The file's rules, before anything was counted."""
    q = i.quality
    out = [Note("known", d, least, None, "known" in q.blocks) for d, least in q.known.items()]
    each = {"ordered": q.ordered, "past": q.past, "least": q.least, "jump": q.jump}
    return out + [Note(name, "", bound, None, name in q.blocks) for name, bound in each.items() if bound]

"""A plan in the reader's words: rows of its tree, why each light has its colour, and whence that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.evidence.figures.api import short_day
from mirps.planning.plans.api import Branch, Judged, Light, Node, Sum
from mirps.web.pages.planning.door import Desk
from mirps.web.pages.planning.plans_board import Evaluated, shelf_of

COLOURS = ("red", "amber", "green", "grey")
#: Above this many parts a plan is opened one branch at a time.
MOST_AT_ONCE = 80
#: So many parts of the first two levels are shown of such a plan; with more, the first level alone.
MOST_AT_TOP = 60


@dataclass(frozen=True, slots=True)
class Whence:
    """What a light rests on: `word` says computed or stated; `where` and `href` lead to it."""

    word: str
    where: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """How many parts have each colour, with a bar of that many out of a hundred."""

    sum: Sum
    bars: tuple[tuple[str, float, float], ...]  # colour, from, width
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    number: str
    title: str
    lang: str  # of the title, where it is not the page's
    level: str
    href: str
    colour: str
    colour_word: str
    why: str
    whence: Whence | None
    late: bool
    due: str
    owners: str
    status: str
    lacks: tuple[str, ...]
    strip: Strip | None
    under: tuple[Row, ...]


@lru_cache(maxsize=4_000)
def _number(value: Decimal, locale: str) -> str:
    return texts.number(value, locale)


class Words:
    """How one reader is told of plans."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.lang, self.locale = desk.lang, desk.locale
        self._node = desk.url("plan-node", code="CODE")

    def day(self, value: date) -> str:
        return short_day(value, self.locale)

    def per_cent(self, value: Decimal) -> str:
        words = _number(
            round(value, 0) if value == value.to_integral_value() else round(value, 1), self.locale
        )
        return words + ("%" if self.lang == "en" else "\u00a0%")

    def why(self, light: Light) -> str:
        """The sentence of a light."""
        undated = say("plans.no-date", self.lang)
        said = {k: undated if v is None else self._value(k, v) for k, v in light.values.items()}
        return say(f"plans.light.{light.reason}", self.lang, **said)

    def _value(self, name: str, value: object) -> object:
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Decimal):
            return self.per_cent(value)
        if isinstance(value, int):
            return _number(Decimal(value), self.locale)
        if name == "stage" and value:
            return say(f"kind.progress.choice.stage.{value}", self.lang).lower()
        return value

    def whence(self, j: Judged) -> Whence | None:
        """Whether a light is computed or stated, and where that stands."""
        if j.light is None or not j.light.basis:
            return None
        word = say(f"plans.basis.{j.light.basis}", self.lang)
        if j.light.basis == "computed":
            ids = (
                j.shown.now.figures
                if j.shown and j.shown.share is not None
                else (j.stated.figure,)
                if j.stated
                else ()
            )
            entry = shelf_of(self.desk).public.get(ids[0]) if ids else None
            if entry is not None:
                line = shelf_of(self.desk).line(entry, self.lang, self.locale)
                return Whence(word, ", ".join(filter(None, (line.whence, line.when))), line.href)
            return Whence(word)
        s = j.stated
        if s is None:
            return Whence(word)
        by = ", ".join(self.institution(c) for c in s.by[:2])
        href = self.desk.url("record", kind="progress", code=s.key.partition("/")[2])
        return Whence(word, s.document or by, href)

    def institution(self, code: str) -> str:
        found = codelists.institutions().get(code)
        return (found.extra.get("acronym") or found.name(self.lang)) if found else code

    def owners(self, node: Node) -> str:
        names = [self.institution(c) for c in node.institutions]
        names += [say(f"kind.node.choice.bodies.{b}", self.lang) for b in node.bodies]
        return ", ".join(names)

    def strip(self, found: Sum) -> Strip | None:
        if not found.all:
            return None
        bars, at = [], 0.0
        for colour in COLOURS:
            width = round(getattr(found, colour) * 100 / found.all, 2)
            if width:
                bars.append((colour, round(at, 2), width))
                at += width
        counts = [(c, getattr(found, c)) for c in COLOURS if getattr(found, c)]
        words = ", ".join(f"{say(f'plans.colour.{c}', self.lang).lower()}: {n}" for c, n in counts)
        return Strip(found, tuple(bars), words)

    def row(self, e: Evaluated, b: Branch, open_: Callable[[Branch], bool] = lambda _: True) -> Row:
        """A part with those under it; where `open_` says no, without them."""
        n, j = b.node, e.judged[b.node.key]
        code = n.key.partition("/")[2]
        light = j.light
        lang = "" if n.title.get(self.lang) else ("en" if self.lang == "es" else "es")
        return Row(
            code=code, number=b.number, title=n.called(self.lang), lang=lang,
            level=say(f"kind.node.choice.level.{n.level}", self.lang), href=self._node.replace("CODE", code),
            colour=light.colour.value if light else "", why=self.why(light) if light else "",
            colour_word=say(f"plans.colour.{light.colour.value}", self.lang) if light else "",
            whence=self.whence(j), late=bool(light and light.late), due=self.day(n.due) if n.due else "",
            owners=self.owners(n), status=n.status if n.status != "published" else "", lacks=e.lacks[n.key].names,
            strip=self.strip(j.sum) if j.sum else None,
            under=tuple(self.row(e, x, open_) for x in b.under) if open_(b) else (),
        )  # fmt: skip

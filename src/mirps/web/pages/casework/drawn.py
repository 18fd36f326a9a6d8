"""A procedure as a drawing: its stages in the order of the file, and what can be done in each."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from mirps.base.texts.api import say
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Procedure
from mirps.sharing.drawings import Frame
from mirps.sharing.drawings.flows import Stop, Way, flow

#: On a desk and on a phone: there the words stand in the boxes.
WIDE, SLIM = 760, 330


class Kept:
    """A procedure as a key: the same object, the same drawing."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return id(self.procedure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and other.procedure is self.procedure


def drawing(p: Procedure, lang: str, width: int) -> str:
    """SVG. What can be done in every open stage stands beneath."""
    open_ = {c for c, s in p.stages.items() if s.open}
    always = [c for c, a in p.acts.items() if open_ <= set(a.sources)]
    opening = tuple(Way(wording.in_lang(a.name, lang), (a.to,)) for a in p.acts.values() if a.opens)
    stops = [Stop("", say("procedures.drawing.opens", lang), "", opening)]  # the first, from nowhere
    for code, stage in p.stages.items():
        ways = tuple(_way(p, a, code, lang) for a in p.from_stage(code) if a not in always)
        note = ", ".join(wording.in_lang(p.roles[r].name, lang) for r in stage.turn)
        stops.append(Stop(code, wording.in_lang(stage.name, lang), note, ways, ends=not stage.open))
    title = wording.in_lang(p.title, lang)
    to = {a: f" → {wording.in_lang(p.stages[p.acts[a].to].name, lang)}" for a in always if p.acts[a].to}
    names = ", ".join(wording.in_lang(p.acts[a].name, lang) + to.get(a, "") for a in always)
    about = say("procedures.drawing.about", lang, title=title, version=p.version)
    beneath = [say("procedures.drawing.always", lang, names=names)] if names else []
    return flow(stops, Frame(title, lang, description=about, width=width), beneath=beneath)


def _way(p: Procedure, act: str, stage: str, lang: str) -> Way:
    a = p.acts[act]
    targets = tuple(t for t in p.targets(act, stage) if t != stage)
    return Way(wording.in_lang(a.name, lang), targets, dashed=a.adverse, drawn=not a.back)


@lru_cache(maxsize=100)
def drawings(p: Kept, lang: str) -> tuple[Markup, Markup]:
    """For a desk and for a phone, kept."""
    wide, slim = (drawing(p.procedure, lang, width) for width in (WIDE, SLIM))
    return Markup(wide), Markup(slim)  # noqa: S704 - of our own making, escaped

"""Entering by form: one thing asked on a page, for a phone first; saved when one goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, NotRead, Outcome, Post, Ready
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import NOT_COLLECTED, FigureRow, Qualifier
from mirps.evidence.review.api import Remark
from mirps.evidence.rounds.api import Change
from mirps.sharing.portal import wording
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.enter_words import (
    Entering,
    group,
    group_name,
    label,
    names,
    post_mark,
    thing,
    uuid_of,
)  # fmt: skip

#: Why a total may have no value, as the form asks: there is one, it is not known, not collected, withheld.
CHOICES = ("value", *entries.ABSENCES)
MOST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A cell on the form. `text` is what was typed, else what stands."""

    cell: Cell
    label: str
    text: str
    shut: str
    said: list[str]
    earlier: str
    computed: str  # what was counted from cases, and until when
    same: bool  # it is what stands


@dataclass(slots=True)
class Typed:
    """What a posted form holds: posts that could be read, faults by field."""

    posts: list[Post] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def ask(desk: Desk, institution: str, ask: str) -> HttpResponse:
    e = Entering(desk, institution)
    at = next((i for i, r in enumerate(e.things) if r.line.ask.code == ask), None)
    if at is None:
        raise Http404
    typed = Typed()
    if desk.request.method == "POST":
        e.require_write()
        typed = read_form(e, e.things[at])
        if not typed.faults:
            done = entries.write_all(
                posts=typed.posts, by=desk.user.username, at=desk.now, via="form", whole=True,
                round=desk.round.code, institution=institution,
            )  # fmt: skip
            for name, written in zip(typed.fields, done, strict=True):
                if written.outcome is Outcome.REFUSED:
                    typed.faults[name] = " ".join(e.sentence(h) for h in written.hints)
            if not typed.faults:
                return _go_on(e, at, done)
    return _page(e, at, typed)


def _go_on(e: Entering, at: int, done: list[entries.Written]) -> HttpResponse:
    """After saving: to what met another's change, else to where the button said."""
    desk = e.desk
    met = [str(w.mine.pk) for w in done if w.outcome is Outcome.CONFLICT and w.mine]
    code = e.things[at].line.ask.code
    here = {"code": desk.round.code, "institution": e.institution}
    if met:
        return desk.go("enter-met", f"?then={','.join(met[1:])}", statement=int(met[0]), **here)
    go = desk.request.POST.get("go", "")
    if go.startswith("use-"):
        _take_over(e, done, go.removeprefix("use-"))
    if go == "stay" or go.startswith("use-"):
        return desk.go("enter-ask", "?kept=1", ask=code, **here)
    if go == "next" and at + 1 < len(e.things):
        return desk.go("enter-ask", "?kept=1", ask=e.things[at + 1].line.ask.code, **here)
    return desk.go("enter", "?kept=1", **here)


def _take_over(e: Entering, done: list[entries.Written], chosen: str) -> None:
    """Write what was counted into the cell whose button was pressed; all else on the form was saved before."""
    for written in done:
        if str(written.cell.pk) == chosen:
            entries.take_over(cell=written.cell, by=e.desk.user.username, at=e.desk.now)


def read_form(e: Entering, r: Ready) -> Typed:
    """Read what was typed for each cell that may be written. Faults are kept by field."""
    raw, out = e.desk.request.POST, Typed()
    form = uuid_of(raw.get("form", ""))
    ticked = {k.removeprefix("nc-") for k in raw if k.startswith("nc-")}
    for c in r.line.cells:
        name = f"v-{c.pk}"
        if name not in raw:
            continue
        text = raw[name].strip()
        if shut := e.shut(c):
            # It was open when the form was: handed over or closed since. What was typed is not dropped unsaid.
            if text and text != e.shown(c.value, c.absence):
                out.faults[name] = shut
            continue
        try:
            value, absence = e.read(text)
        except NotRead as wrong:
            out.faults[name] = e.sentence(wrong.hint)
            continue
        if c is r.total:
            post = _total(e, c, form, value, absence, out)
        else:
            if group(r.line.ask, c.dimensions) in ticked:
                if value is not None:
                    out.faults[name] = say("entries.fault.ticked", e.lang)
                absence = NOT_COLLECTED
            post = Post(c.pk, _base(raw, c), post_mark(form, c.pk, value, absence), value, absence)
        out.posts.append(post)
        out.fields.append(name)
    return out


def _base(raw: Mapping[str, str], c: Cell) -> int:
    """The version that the writer saw; one that fits nothing when the form does not say it."""
    given = raw.get(f"b-{c.pk}", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1


def _total(e: Entering, c: Cell, form: UUID, value: Decimal | None, absence: str, out: Typed) -> Post:
    """The total has more: how sure it is, why there is none, and notes."""
    raw = e.desk.request.POST
    chosen = raw.get("why", "value")
    if chosen in CHOICES[1:]:
        if value is not None:
            out.faults[f"v-{c.pk}"] = say("entries.fault.value_and_absence", e.lang)
        absence = chosen
    notes = {lang: raw.get(f"note_{lang}", "").replace("\r\n", "\n").strip() for lang in ("es", "en")}
    for lang, note in notes.items():
        if len(note) > MOST_NOTE:
            out.faults[f"note_{lang}"] = say("rounds.form.long", e.lang, most=MOST_NOTE)
    if absence and not any(notes.values()):
        out.faults[f"note_{e.lang}"] = say("entries.fault.reason", e.lang)
    sure = raw.get("qualifier", Qualifier.EXACT)
    qualifier = Qualifier(sure) if sure in list(Qualifier) else Qualifier.EXACT
    mark = post_mark(form, c.pk, value, absence, qualifier, *notes.values())
    return Post(c.pk, _base(raw, c), mark, value, absence, qualifier, notes["es"], notes["en"])


def _fields(
    e: Entering, r: Ready, before: Mapping[tuple[str, str], list[entries.Earlier]]
) -> dict[str, list[Field]]:
    """The cells of the form by breakdown, with what each was before and what was counted from cases."""
    asked, raw = r.line.ask, e.desk.request.POST
    posted, groups = e.desk.request.method == "POST", dict[str, list[Field]]()
    counted = entries.proposals((c, asked) for c in r.line.cells)
    for c in r.line.cells:
        earlier = before[asked.code, c.dimensions]
        groups.setdefault(group(asked, c.dimensions), []).append(
            Field(
                c, label(asked, c.dimensions, e.lang),
                raw.get(f"v-{c.pk}", "") if posted else e.shown(c.value, c.absence),
                e.shut(c), [e.sentence(h) for h in r.look.cells.get(c.dimensions, ())],
                e.shown(earlier[-1].value, "") if earlier else "", e.computed(counted.get(c.pk)),
                c.pk in counted and counted[c.pk].says(c.value, c.absence),
            )
        )  # fmt: skip
    return groups


def _page(e: Entering, at: int, typed: Typed) -> HttpResponse:
    desk, r = e.desk, e.things[at]
    asked, posted = r.line.ask, desk.request.method == "POST"
    raw = desk.request.POST
    before = entries.history([(asked, c.dimensions) for c in r.line.cells], before=desk.round.code)
    measure = figures.measures().get(asked.measure)
    groups = _fields(e, r, before)
    labels = {f.cell.pk: f.label for fields in groups.values() for f in fields}
    total = r.total
    back = entries.returns(r.line.cells)
    remarks = list(Remark.objects.filter(cell__in=r.line.cells).order_by("id"))
    people = [s.by for s in back.values()] + [x.by for x in remarks] + [total.written_by]
    line = before[asked.code, asked.dimensions]
    codes = [x.line.ask.code for x in e.things]
    return desk.page(
        "rounds/enter-ask.html", 422 if typed.faults else 200,
        e=e, r=r, a=asked, thing=thing(asked, e.lang, e.locale), faults=typed.faults, f=raw, posted=posted,
        total=groups.pop("")[0], groups=[(k, group_name(k, e.lang), cells) for k, cells in groups.items()],
        definition=(measure.definition_es if e.lang == "es" else measure.definition_en) if measure else "",
        guidance=_either(asked.guidance_es, asked.guidance_en, e.lang),
        changed=_either(asked.change_es, asked.change_en, e.lang), breaks=asked.change is Change.CHANGED,
        qualifiers=list(Qualifier), choices=CHOICES, why=_why(raw, posted, total),
        number=at + 1, count=len(codes), previous=codes[at - 1] if at else "",
        following=codes[at + 1] if at + 1 < len(codes) else "", form=raw.get("form") or uuid4(),
        earlier=line[-6:], spark=spark([x.value for x in line if x.value is not None][-8:]),
        predecessor=_predecessor(e, asked.previous, [x.figure for x in line]),
        others=[wording.line(x, figures.measures().get(x.measure), e.lang, e.locale)
                for x in entries.others(asked, known=[x.figure for x in line])],
        together=[e.sentence(h) for h in r.look.together], lacks_note=r.look.lacks_note,
        returned=list(back.values()), who=names(people),
        remarks=[(x, labels[x.cell_id]) for x in remarks if x.cell_id],
        files=[x for x in entries.files_of(desk.round.code, institution=e.institution)
               if x.asked_id in (None, r.line.asked.pk)],
        trail=[*e.trail, (thing(asked, e.lang, e.locale).name, "")], kept=bool(desk.request.GET.get("kept")),
    )  # fmt: skip


def _why(raw: Mapping[str, str], posted: bool, total: Cell) -> str:
    return raw.get("why", "value") if posted else total.absence or "value"


def _either(es: str, en: str, lang: str) -> tuple[str, str]:
    """A text in the reader's language, or in the other where it has none: (text, its language)."""
    own, other = (es, en) if lang == "es" else (en, es)
    return (own, lang) if own else (other, "en" if lang == "es" else "es")


def _predecessor(e: Entering, id_: str, shown: list[str]) -> wording.Line | None:
    """The figure that the ask continues or changes, where the history does not show it."""
    if not id_ or id_ in shown:
        return None
    row = FigureRow.objects.filter(pk=id_, status=figures.Status.PUBLISHED).first()
    if row is None:
        return None
    found = figures.figure_from(row)
    return wording.line(found, figures.measures().get(found.measure), e.lang, e.locale)


def spark(values: list[Decimal]) -> str:
    """The points of a line of 120 by 32, for two values or more; the table beside it says the same."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = float(high - low) or 1.0
    step = 112 / (len(values) - 1)
    return " ".join(f"{4 + i * step:.1f},{28 - 24 * float(v - low) / span:.1f}" for i, v in enumerate(values))


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/enter/<str:institution>/<slug:ask>/", ask, name="enter-ask"),
]

"""Running totals and running accounts over a few sentences: what only grows, what came and went."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, product

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import readings
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier

REACH = 4
_SINCE = re.compile(
    r"\b(?:cumulative\w*|running (?:total|count|tally)|year to date|to date|\w+(?:ed|en|ers|ions?|es)\s(?:so far|since (?:the|its|it|their|they|then|we|<[dhyr]))|since (?:its|their|the) (?:first day|start|opening|launch|beginning|creation|foundation)|"
    r"acumul\w+|hasta la fecha|en lo que va|\w+(?:[ai]d[oa]s|[ai]d[oa]|ones|as|os)\sdesde (?:que|su|el|la|l[oa]s|<[dhyr])|desde (?:que (?:abrió|empezó|comenzó|inició|existe|se abrió|arrancó)|su (?:apertura|inicio|creación|fundación)|el (?:primer día|inicio|comienzo)))"
)
_NEW = re.compile(
    r"\b(?:per (?:month|week|day|year)|a (?:month|week|day)|monthly|weekly|new|each (?:month|week)|alone|only|in the (?:month|week|quarter)|removed|withdrawn|corrected|revised|restated|al mes|por mes|mensual\w*|nuev[oa]s|sol[oa]|sólo|en el (?:mes|trimestre)|depur\w+|corrig\w+|revis\w+|baja)\b"
)
_NEVER = re.compile(
    r"\b(?:no|none|never|nobody|nothing|not|nunca|ningun[oa]|nadie|nada)\b[^.;<]{0,50}\b(?:removed|struck|withdrawn|deleted|erased|taken off|borra\w*|elimina\w*|retira\w*|quita\w*|descuenta\w*|da de baja)\b"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        stretch = [s for s in sentences[max(0, i - REACH + 1) : i + 1] if s.block is sent.block]
        after = [s for s in sentences[i + 1 : i + 3] if s.block is sent.block]
        found += _falls(sent, stretch, after)
        found += _longer(sent)
        found += _account(stretch, sent)
        found += _last(sent, [s for s in sentences[max(0, i - 5) : i + 1] if s.block is sent.block])
    return found


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]


def _falls(sent: Sentence, stretch: Sequence[Sentence], after: Sequence[Sentence]) -> list[Hit]:
    """'Homes repaired since the storm: 640; 905; 880', in the order of telling or of their dates."""
    text = " ".join(s.masked for s in stretch)
    never = _NEVER.search(text + " " + " ".join(s.masked for s in after))
    if not (_SINCE.search(text)) or (_NEW.search(_NEVER.sub("", sent.masked)) and not never):
        return []
    places = [p for p in subjects.counted([sent], "cm") if _m(p).qualifier is Qualifier.EXACT]
    if len(places) < 3 or len(places) != len(subjects.counted([sent], "cm")):
        return []
    if any(not subjects.alike(_m(a), _m(b)) for a, b in pairwise(places)) or re.search(
        r"\b(?:of (?:which|whom)|de l[oa]s (?:cuales|que)|total)\b", sent.masked
    ):
        return []
    values = [_m(p).value for p in places]
    if readings.balanced(values) or any(len(_gap(a, b)) > 45 for a, b in pairwise(places)):
        return []
    times = [subjects.when(p) for p in places]
    if None not in times and len(set(times)) == len(times):
        known = [t for t in times if t is not None]
        places = [p for _, p in sorted(zip(known, places, strict=True), key=lambda x: x[0])]
    breach = relations.cumulative([_m(p).quantity() for p in places])
    return [Hit(breach, sent, tuple(places))] if breach else []


def _gap(a: Place, b: Place) -> str:
    return a[0].masked.split(subjects.mark(a), 1)[1].split(subjects.mark(b), 1)[0]


def _longer(sent: Sentence) -> list[Hit]:
    """'1,120 from January to April and 1,045 from January to June': the longer period holds no less."""
    places = subjects.counted([sent], "cm")
    periods = [d for d in sent.dates if d.kind in ("months", "days")]
    if (
        len(places) != 2
        or len(periods) != 2
        or len(sent.dates) > 3
        or not subjects.alike(_m(places[0]), _m(places[1]))
    ):
        return []
    row = re.findall(r"<([cmr])\d+>", sent.masked)
    if row not in (["c", "r", "c", "r"], ["r", "c", "r", "c"], ["m", "r", "m", "r"], ["r", "m", "r", "m"]):
        return []
    (a, b), (one, other) = places, periods
    if (one.first.month, one.first.day) != (other.first.month, other.first.day) or one.first.month is None:
        return []
    years = {d.first.year for d in periods} - {None}
    ends = [(d.last.month or 0, d.last.day or 31) for d in periods]
    if len(years) > 1 or ends[0] == ends[1]:
        return []
    short, long_ = (a, b) if ends[0] < ends[1] else (b, a)
    breach = relations.cumulative([_m(short).quantity(), _m(long_).quantity()])
    return [Hit(breach, sent, (short, long_))] if breach else []


_START = re.compile(
    r"\b(?:began|begin|begins|started|starts|opened|opens?|opening balance|had|there were|was of|held|stood at|comenz\w+|empez\w+|inici\w+|abrió|había|tenía|eran|era de|contaba con|saldo (?:inicial|anterior|de ayer)|hasta (?:la semana pasada|ayer|entonces) eran)\b[^<.;]{0,35}$"
)
_END = re.compile(
    r"\b(?:ended|ends?|closed|closes|closing balance|finished|left|leaving|leaves|now (?:has|have|stands at|totals?)|so (?:it|they|there) (?:now )?(?:has|have|are|ended)|makes?|bring\w* (?:it|the total) to|total\w*|terminó|termin\w+|cerró|cerr\w+|qued[óa]\w*|acabó|"
    r"suman?|por lo que (?:ahora )?(?:son|hay|tiene)|ahora (?:son|hay|tiene|suman)|saldo (?:final|de hoy|actual)|llega\w* a|llegó a)\b[^<.;]{0,45}$"
)
_MOVE = re.compile(
    r"\b(?:added|opened|closed|shut|joined|left|new|more|further|another|came|went|received|issued|hired|resigned|died|sold|bought|lost|won|moved|arrived|departed|entered|with the|"
    r"abri\w+|cerr\w+|sum\w+|se sumaron|llegaron|salieron|se fueron|ingres\w+|egres\w+|entraron|contrat\w+|renunci\w+|murieron|compr\w+|vendi\w+|perdi\w+|gan\w+|nuev[oa]s|más|otr[oa]s|con l[oa]s|juramentad\w+)\b"
)
_OTHER = re.compile(
    r"\b(?:of (?:whom|which|these|them)|de (?:l[oa]s cuales|ell[oa]s|est[oa]s)|each|per|cada|average|promedio|between|entre|times|veces|target|meta|than|que en|percent|running|cumulative|since the start|acumulad\w+|desde el inicio)\b"
)


def _account(stretch: Sequence[Sentence], sent: Sentence) -> list[Hit]:
    """'Began the year with 26. Nine were opened and four were shut, so it ended with 33.'"""
    for size in range(1, len(stretch) + 1):
        scope = stretch[-size:]
        text = " ".join(s.masked for s in scope)
        places = subjects.counted(scope, "cm")
        if (
            not 3 <= len(places) <= 5
            or _OTHER.search(text)
            or any(m.kind in "p" for s in scope for m in s.mentions)
        ):
            continue
        fronts = [p[0].masked.split(subjects.mark(p), 1)[0][-60:] for p in places]
        starts = [p for p, f in zip(places, fronts, strict=True) if _START.search(f)]
        ends = [p for p, f in zip(places, fronts, strict=True) if _END.search(f) and p not in starts[:1]]
        if (
            not starts
            or len(ends) != 1
            or ends[0] == starts[0]
            or not _MOVE.search(text)
            or (sent is not ends[0][0] and sent is not starts[0][0])
        ):
            continue
        if any(
            not subjects.alike(_m(p), _m(starts[0])) or _m(p).qualifier is not Qualifier.EXACT for p in places
        ):
            continue
        made = _settled(starts[0], [p for p in places if p not in (starts[0], ends[0])], ends[0], sent)
        if made:
            return made
    return []


def _settled(start: Place, moves: Sequence[Place], end: Place, sent: Sentence) -> list[Hit]:
    """Silent when any signs make the account true; else told against the nearest that they make."""
    values = [_m(p).value for p in moves]
    results = {
        _m(start).value + sum((v * s for v, s in zip(values, signs, strict=True)), Decimal(0))
        for signs in product((1, -1), repeat=len(values))
    }
    if _m(end).value in results or readings.balanced([_m(start).value, *values, _m(end).value]):
        return []
    signed = _m(start).value + sum((_sign(p) * _m(p).value for p in moves), Decimal(0))
    if signed <= 0 or not Decimal("0.6") < _m(end).value / signed < Decimal("1.7"):
        return []
    params = {
        "parts": " , ".join(plain(_m(p).value) for p in (start, *moves)),
        "stated": plain(_m(end).value),
        "expected": plain(signed),
    }
    breach = Breach("account_mismatch", CONTRADICTION, params["stated"], params["expected"], params)
    return [Hit(breach, sent, (start, *moves, end))]


_LOSS = re.compile(
    r"\b(?:shut|clos\w+|left|lost|died|resign\w+|went|issued|sold|depart\w+|moved out|withdr\w+|cerr\w+|salieron|se fueron|egres\w+|renunci\w+|murieron|vendi\w+|perdi\w+|retir\w+|baja)\b"
)


def _sign(place: Place) -> int:
    left, _, right = place[0].masked.partition(subjects.mark(place))
    near = (
        re.split(r"<[cm]\d+>|[,;.]|\b(?:and|y)\b", left)[-1][-30:]
        + " "
        + re.split(r"<[cm]\d+>|[,;.]|\b(?:and|y)\b", right)[0][:30]
    )
    return -1 if _LOSS.search(near) else 1


_NTH = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "segunda": 2, "segundo": 2, "tercera": 3, "tercero": 3, "tercer": 3, "cuarta": 4, "cuarto": 4, "quinta": 5, "quinto": 5, "sexta": 6, "sexto": 6,
}  # fmt: skip
_LAST = re.compile(
    r"\b(?P<o>second|third|fourth|fifth|sixth|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa])\s(?:and|y)\s(?:last|final|últim[oa])\b"
)
_FIRSTS = (
    ("first", "second", "third", "fourth", "fifth", "sixth"),
    ("primer[oa]?", "segund[oa]", "tercer[oa]?", "cuart[oa]", "quint[oa]", "sext[oa]"),
)


def _last(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Four phases ... in the third and last, families move'; 'three causes and no more. First ... Fourth ...'."""
    match = _LAST.search(sent.masked)
    said = _NTH[match["o"]] if match else _reached(sent, scope)
    if not said:
        return []
    announced = [
        p
        for p in subjects.counted(scope, "c")
        if 2 <= _m(p).value <= 8
        and _m(p).noun
        and _m(p).kin != "person"
        and (p[0] is not sent or (match and sent.masked.find(subjects.mark(p)) < match.start()))
    ]
    if (
        len(announced) != 1
        or _m(announced[0]).qualifier is not Qualifier.EXACT
        or (not match and _m(announced[0]).value >= said)
    ):
        return []
    breach = relations.list_count(_m(announced[0]).quantity(), said, said)
    return [Hit(breach, sent, (announced[0],))] if breach else []


def _reached(sent: Sentence, scope: Sequence[Sentence]) -> int:
    """How far sentences that begin 'First', 'Second' ... have counted with this one."""
    for words in _FIRSTS:
        at = [
            next(
                (
                    n
                    for n, w in enumerate(words, 1)
                    if re.match(rf"\W*(?:the |el |la |l[oa]s )?{w}\b[,:]?", s.masked)
                ),
                0,
            )
            for s in scope
        ]
        told = [n for n in at if n]
        if at and at[-1] == len(told) >= 2 and told == list(range(1, len(told) + 1)):
            return len(told)
    return 0

"""What is said of a series as a whole: that it rises or falls each time, that a target was passed, that it spans years."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from mirps.evidence.checks import relations
from mirps.evidence.checks.over_text import changes
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain
from mirps.evidence.figures.rules import Qualifier


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        scope = [s for s in sentences[max(0, i - 8) : i + 1] if s.block is sent.block]
        found += _each_time(sent, scope)
        found += _running(sent, scope)
        found += _target(sent)
        found += _packed(sent)
        found += _years(sent, scope)
    return found


_EACH_TIME = re.compile(
    r"\b(?:(?:at|in|with|for) (?:every|each)(?: (?:one )?of (?:the|these|those))?|every (?:year|month|week|quarter|session|round|time|edition)|(?:each|every) successive|year (?:after|on|by) year|month (?:after|by) month|steadily|consistently|continuously|without (?:interruption|exception)|uninterrupted\w*|never stopped|"
    r"en cada (?:un[oa] de|año|mes|sesión|edición|ronda|trimestre)|cada (?:año|mes|trimestre|sesión|edición|vez)|todos los (?:años|meses|trimestres)|año (?:tras|a|con) año|mes (?:tras|a|con) mes|sin (?:interrupción|excepción|pausa)|de (?:forma|manera) (?:sostenida|constante|ininterrumpida)|"
    r"sostenidamente|ininterrumpid\w+|sin dejar de|no (?:ha |han )?(?:dejado|dejó|dejaron|paró|pararon) de)\b"
)


def _each_time(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Attendance declined at every session (118, 97, 101 and 74)'."""
    cue = _EACH_TIME.search(sent.masked)
    if not cue or re.search(r"\b(?:not|except|salvo|excepto|but|pero|almost|casi)\b", sent.masked):
        return []
    near = sent.masked[max(0, cue.start() - 70) : cue.end() + 40]
    direction = changes._direction(near)
    if not direction or (changes._UP_RE.search(near) and changes._DOWN_RE.search(near)):
        return []
    for source in (sent, *reversed(scope[-2:-1])):
        places = subjects.counted([source], "cmp")
        same = [p for p in places if places and subjects.alike(_of(p), _of(places[0]))]
        times = [subjects.when(p) for p in same]
        if len(same) < 3 or len(same) != len(places) or not _listed(source, same):
            continue
        known = [t for t in times if t is not None]
        if len(known) == len(same) and known != sorted(known) and len(set(known)) == len(known):
            continue
        for a, b in pairwise(same):
            breach = relations.change(_of(a).quantity(), _of(b).quantity(), direction=direction)
            if breach:
                return [Hit(breach, sent, (a, b))]
    return []


def _listed(sent: Sentence, places: Sequence[Place]) -> bool:
    """Nothing but short words, dates and labels between the values."""
    spans = [_of(p) for p in places]
    return all(b.begin - a.end <= 30 for a, b in pairwise(spans))


def _of(place: Place) -> Mention:
    return place[0].mentions[place[1]]


_RUNNING = re.compile(
    r"\b(?:since the start|since (?:it|its|the)\b|cumulative\w*|running|accumulated|acumul\w+|desde (?:el inicio|su|<[dhyr]\d+>)|hasta la fecha|to date|since <[dhyr]\d+>|total (?:registered|recorded|issued))\b"
)


def _running(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """Two running totals of one subject, told some sentences apart, the later the lower."""
    if len(scope) < 2 or not _RUNNING.search(sent.masked):
        return []
    for last in subjects.counted([sent], "cm"):
        for first in reversed(subjects.counted(scope[:-1], "cm")):
            if not _RUNNING.search(first[0].masked) and not _RUNNING.search(_before(first, scope)):
                continue
            pair = _in_time(first, last)
            if pair is None or not subjects.alike(_of(first), _of(last)) or pair[1] != last:
                continue
            a, b = subjects.about(first), subjects.about(last)
            if a.partial or b.partial or a.traits != b.traits or (a.names and b.names and a.names != b.names):
                continue
            if not (a.words & b.words or (first[0].masked and _RUNNING.search(_before(first, scope)))):
                continue
            breach = relations.cumulative([_of(first).quantity(), _of(last).quantity()])
            return [Hit(breach, sent, (first, last))] if breach else []
    return []


def _before(place: Place, scope: Sequence[Sentence]) -> str:
    at = next((n for n, s in enumerate(scope) if s is place[0]), 0)
    return scope[at - 1].masked if at else ""


def _in_time(first: Place, last: Place) -> tuple[Place, Place] | None:
    """By date; a month without a year follows the months told before it."""
    a, b = subjects.when(first), subjects.when(last)
    if a is None or b is None or a == b:
        return None
    months = [d for d in first[0].dates if d.kind in ("month", "day")]
    again = [d for d in last[0].dates if d.kind in ("month", "day")]
    if (a[0] == 0) != (b[0] == 0) and months and again:
        x, y = months[0].first, again[0].first
        if x.month and y.month and (not x.year or not y.year) and x.month < y.month:
            return first, last
        return None
    return subjects.ordered(first, last)


_PASSED = re.compile(
    r"\b(?:exceed(?:ed|ing|s)|surpass(?:ed|ing|es)|beat|overshot|above|went beyond|super(?:ó|a|aron|ando|ado)|sobrepas\w+|rebas\w+|por encima de|excedi\w+)\s(?:\w+\s){0,3}?(?:target|goal|plan|meta|objetivo|previsto|planificado|planeado)\b"
)
_SHORT = re.compile(
    r"\b(?:fell short of|short of|missed|below|under|did not (?:reach|meet)|no (?:alcanzó|cumplió|llegó a)|por debajo de|incumpli\w+|sin alcanzar)\s(?:\w+\s){0,3}?(?:target|goal|plan|meta|objetivo|previsto|planificado|planeado)\b"
)
_AIM = re.compile(
    r"(?:\b(?:target|goal|planned|foreseen|expected|programmed|meta|objetivo|previst[oa]s?|planificad[oa]s?|planead[oa]s?|programad[oa]s?|comprometid[oa]s?)\b)"
)


def _target(sent: Sentence) -> list[Hit]:
    """'The indicator passed its target: 278 trained of the 300 planned'."""
    up, down = bool(_PASSED.search(sent.masked)), bool(_SHORT.search(sent.masked))
    places = subjects.counted([sent], "cmp")
    if up == down or len(places) != 2 or _of(places[0]).kind != _of(places[1]).kind:
        return []
    named = [m.noun for m in map(_of, places) if m.noun and not _AIM.fullmatch(m.noun_raw.lower())]
    if len(named) == 2 and not subjects.alike(_of(places[0]), _of(places[1])):
        return []
    aims = [p for p in places if _AIM.search(_own(p))]
    if len(aims) != 1:
        return []
    aim, got = aims[0], next(p for p in places if p != aims[0])
    breach = relations.change(_of(aim).quantity(), _of(got).quantity(), direction=1 if up else -1)
    return [Hit(breach, sent, (aim, got))] if breach else []


def _own(place: Place) -> str:
    """The few words that touch a value: 'target of 300', '300 planned'."""
    left, _, right = place[0].masked.partition(subjects.mark(place))
    return re.split(r"[<,;.:]", left)[-1][-30:] + "|" + re.split(r"[<,;.:]", right)[0][:30]


_RANGE = re.compile(
    r"(?:(?:from|between|de|entre)\s)?<(?P<k>[ct])(?P<a>\d+)>\s?(?:to|and|a|y|-|–)\s?<[ct](?P<b>\d+)>\s?(?P<u>[a-záéíóúñ]+)|(?:from|between|de|entre)\s(?:l[oa]s\s)?<(?P<k2>[ct])(?P<a2>\d+)>\s(?:to|and|a|y)\s(?:l[oa]s\s)?<[ct](?P<b2>\d+)>\s?(?P<u2>[a-záéíóúñ]*)"
)
_PER_ONE = re.compile(
    r"\b(?:each|per|every|apiece|a (?:day|class|session|ward|room|group)|cada|por (?!ciento|lo|los|las)[a-záéíóúñ]+|weight of|peso de)\b"
)


def _packed(sent: Sentence) -> list[Hit]:
    """'Wards have 12-18 beds each; with nine wards, there are 190 beds': n times the range holds the total."""
    if not _PER_ONE.search(sent.masked) or re.search(
        r"\b(?:most|usually|mayoría|suele\w*|average|promedio)\b", sent.masked
    ):
        return []
    match = _RANGE.search(sent.masked)
    places = subjects.counted([sent], "ct")
    if not match or len(places) != 4:
        return []
    got = match.groupdict()
    a, b = int(got["a"] or got["a2"]), int(got["b"] or got["b2"])
    low, high = sent.mentions[a], sent.mentions[b]
    rest = [sent.mentions[i] for _, i in places if i not in (a, b)]
    if low.value >= high.value or len(rest) != 2:
        return []
    noun = high.noun or got["u"] or got["u2"] or ""
    total, count = sorted(rest, key=lambda m: -m.value)
    same = not total.noun or subjects.stem(total.noun) == subjects.stem(noun)
    if (
        not same
        or not count.noun
        or subjects.stem(count.noun) == subjects.stem(noun)
        or total.value <= count.value
    ):
        return []
    units = {subjects.stem(w) for w in re.findall(r"[a-záéíóúñ]{4,}", sent.masked.replace(noun, ""))}
    if subjects.stem(count.noun) not in units:
        return []
    fewest, most = low.value * count.value, high.value * count.value
    said = total.quantity().interval()
    if said.lo <= most and said.hi >= fewest:
        return []
    params = {"low": plain(fewest), "high": plain(most), "value": plain(total.value)}
    breach = Breach(
        "range_conflict", CONTRADICTION, plain(total.value), f"{plain(fewest)}-{plain(most)}", params
    )
    return hit(breach, sent, [i for _, i in places])


_ORDINALS = {
    lang: {word: n for n, words in enumerate(rows, 1) for word in words.split()}
    for lang, rows in {
        "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
        "es": ("primer primero", "segundo", "tercer tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo", "undécimo decimoprimer", "duodécimo decimosegundo", "decimotercer decimotercero", "decimocuarto", "decimoquinto"),
    }.items()
}  # fmt: skip
_NTH = re.compile(
    r"(?<![-\w])(?P<o>[a-záéíóú]+)\s(?:year|anniversary|birthday|año|aniversario)\b(?P<k>\s(?:of|de)\s(?!the\s(?:plan|crisis)))?"
)
_SINCE = re.compile(
    r"\b(?:years (?:later|after\w*|ago|since|of (?:work|service|operation|existence|life))|anniversary|birthday|años (?:después|más tarde|de (?:trabajo|servicio|funcionamiento|existencia|vida|aquel|aquella|haber|la|su))|cumpl\w+|turn(?:s|ed)|mark(?:s|ed|ing)|celebr\w+|aniversario)\b"
)


def _years(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'Begun in 2015, the programme marked in 2023 its twelfth year'; 'crossed in 2016; this 2024 makes ten years'."""
    near = scope[-2:]
    years = [d.first.year for s in near for d in s.dates if d.kind == "year" and d.first.year]
    if (
        len(set(years)) != 2
        or any(d.kind != "year" for s in near for d in s.dates)
        or not _SINCE.search(sent.masked)
    ):
        return []
    span = Decimal(max(years) - min(years))
    for index, m in enumerate(sent.mentions):
        aged = re.search(rf"\b(?:con|aged?|of|at|turned|tenía|cumplí)\s<t{index}>", sent.masked)
        if m.kind == "t" and m.kin == "year" and m.qualifier is Qualifier.EXACT and not aged:
            said = f"{min(years)}-{max(years)}"
            return hit(relations.duration(m.quantity(), span - 1, span + 1, said), sent, [index])
    for match in _NTH.finditer(sent.masked):
        nth = _ORDINALS[sent.lang].get(match["o"])
        if nth and not span - 1 <= nth <= span + 1:
            params = {
                "stated": str(nth),
                "expected": f"{plain(span)}-{plain(span + 1)}",
                "period": f"{min(years)}-{max(years)}",
            }
            return hit(
                Breach("duration_mismatch", CONTRADICTION, str(nth), params["expected"], params), sent, []
            )
    return []

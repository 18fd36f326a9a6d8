"""Order in time and in rank: what ends before it begins, what comes first with less."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain

#: Verbs of beginning and of ending, of one thing.
_BEGINS = re.compile(
    r"\b(?:began|begins?|begun|opened|opens?|started|starts?|launched|commenced|founded|filed|lodged|submitted|published|announced|called|signed|issued|entered|was born|born|"
    r"comenz\w+|empez\w+|empieza|abri\w+|abre|abierta?|inici\w+|arranc\w+|se lanz\w+|lanzad\w+|fundad\w+|se present\w+|presentad\w+|se public\w+|publicad\w+|se anunci\w+|se convoc\w+|convocad\w+|se firm\w+|firmad\w+|se emiti\w+|emitid\w+|ingres\w+|naci\w+)\b"
)
_ENDS = re.compile(
    r"\b(?:ended|ends?|closed|closes?|concluded|finished|completed|expired|expires?|lifted|decided|resolved|granted|evaluat\w+|awarded|delivered|died|left|"
    r"termin\w+|cerr\w+|cierra|conclu\w+|finaliz\w+|acab\w+|venc\w+|vence|culmin\w+|se levant\w+|se resolvi\w+|resuelt\w+|sentencia|se adjudic\w+|adjudicad\w+|evaluaci\w+|se entreg\w+|muri\w+|falleci\w+|contrato)\b"
)
_APART = re.compile(
    r"\b(?:another|other|second|next|previous|earlier|first|new|again|reopened|since|former|separate|otr[oa]s?|segund[oa]|anterior|próxim[oa]|primer[oa]?|nuev[oa]s?|de nuevo|reabri\w+|desde|distint[oa]|"
    r"before that|antes de eso|ya antes|había|had|years? earlier|años antes|instead of|en vez de|postponed|aplaz\w+|pospu\w+)\b"
)
_EVE = re.compile(
    r"\b(?P<w>the day before|the previous day|the eve|the day after|the next day|the following day|la víspera|el día anterior|un día antes|al día siguiente|el día siguiente|un día después)(?:,|\s\(|:)?\s?(?:on\s|el\s|that is,\s|es decir,\s)?<d(?P<d>\d+)>"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        before = sentences[i - 1] if i and sentences[i - 1].block is sent.block else None
        found += _begun(sent, before)
        found += _eve(sent, before)
        found += _ranked(sent)
    return found


def _key(dated: Dated) -> tuple[int, int, int]:
    m = dated.first
    return (m.year or 0, m.month or 0, m.day or 0)


def _begun(sent: Sentence, before: Sentence | None) -> list[Hit]:
    """'Opens on 2 October 2023 and closes on 11 September 2023': the verb nearest in front of each date."""
    scope = [
        (s, n) for s in ([before] if before and not _two(sent) else []) + [sent] for n in range(len(s.dates))
    ]
    if (
        len(scope) != 2
        or _APART.search(sent.masked)
        or (before and scope[0][0] is before and _APART.search(before.masked))
    ):
        return []
    (one, a), (other, b) = scope
    first, last = one.dates[a], other.dates[b]
    if (
        first.kind != last.kind
        or first.kind not in ("day", "month", "year")
        or first.faulty()
        or last.faulty()
    ):
        return []
    if not first.first.year or not last.first.year or (one is not other and first.kind != "year"):
        return []
    start, end = _verb(one, a), _verb(other, b)
    if (start, end) != ("begins", "ends") or _key(last) >= _key(first):
        return []
    if one is not other and not re.search(
        r"\b(?:its|their|the same|su|sus|del? mism[oa]|dich[oa])\b", other.masked
    ):
        return []
    said = f"{one.text[first.start : first.end]} … {other.text[last.start : last.end]}"
    return hit(Breach("period_reversed", CONTRADICTION, said, "", {"period": said}), sent, [])


def _two(sent: Sentence) -> bool:
    return len(sent.dates) != 1


def _verb(sent: Sentence, index: int) -> str:
    """Whether the words about a date tell of a beginning or an end; '' when neither or both."""
    marks = [m.group() for m in re.finditer(r"<[dhyr]\d+>", sent.masked)]
    mark = next((m for m in marks if m[2:-1] == str(index)), "")
    if not mark:
        return ""
    left = sent.masked.partition(mark)[0]
    near = re.split(r"<[dhyr]\d+>|;", left)[-1]
    begins, ends = list(_BEGINS.finditer(near)), list(_ENDS.finditer(near))
    if begins and ends:
        return "begins" if begins[-1].start() > ends[-1].start() else "ends"
    return "begins" if begins else "ends" if ends else ""


def _eve(sent: Sentence, before: Sentence | None) -> list[Hit]:
    """'Lifted on 1 June. The day before, 3 July': days that are not one after the other."""
    match = _EVE.search(sent.masked)
    if not match:
        return []
    index = int(match["d"])
    own = [n for n, d in enumerate(sent.dates) if d.kind == "day" and n != index]
    anchors = [sent.dates[n] for n in own] or [d for d in (before.dates if before else ()) if d.kind == "day"]
    if len(anchors) != 1:
        return []
    a, b = _day(anchors[0], sent.dates[index]), _day(sent.dates[index], anchors[0])
    if a is None or b is None:
        return []
    step = -1 if re.search(r"before|previous|eve|víspera|anterior|antes", match["w"]) else 1
    if b == a + timedelta(days=step):
        return []
    said = f"{a.isoformat()} … {b.isoformat()}"
    params = {"label": match["w"], "period": said}
    return hit(Breach("period_label", CONTRADICTION, match["w"], said, params), sent, [])


def _day(dated: Dated, other: Dated) -> date | None:
    m = dated.first
    if not (m.month and m.day):
        return None
    try:
        return date(m.year or other.first.year or 2023, m.month, m.day)
    except ValueError:
        return None


#: 'A (40), ahead of B (50)': the first has more.
_ABOVE = re.compile(
    r"\b(?:ahead of|followed (?:\w+ )?by|followed at a distance by|then|and then|(?:trailed|tailed) by|above|seguid[oa]s? (?:\w+ )?(?:de|por)|le siguen?|por delante de|por encima de|luego|y después|después)\b"
)
_BEHIND = re.compile(r"\b(?:behind|trailing|below|por detrás de|detrás de|por debajo de)\b")
_MOST = re.compile(
    r"\b(?:largest|biggest|highest|most|first place|came first|comes first|top|leads?|led|longest|mayor|más (?:alt|grande|numeros|larg|poblad|afectad|solicitad)\w*|primer lugar|primera posición|encabez\w+|lidera\w*)\b"
)
_LEAST = re.compile(
    r"\b(?:smallest|lowest|fewest|least|shortest|last place|menor|más (?:baj|pequeñ|cort)\w*|último lugar)\b"
)
_ORDERED = re.compile(
    r"\b(?:in that order|in descending order|from (?:most|highest|largest) to (?:least|lowest|smallest)|ranked by|en ese orden|por ese orden|de mayor a menor|en orden descendente)\b"
)
_RISING = re.compile(
    r"\b(?:ascending|from (?:least|lowest|smallest)|de menor a mayor|orden ascendente|alphabetical|alfabético|chronological|cronológico)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:per (?:capita|head)|target|of (?:whom|which)|respectively|by rate|por tasa|alphabet\w*|youngest|oldest|newest|fewer than|second[- ](?:largest|highest)|segund[oa])\b"
)


def _ranked(sent: Sentence) -> list[Hit]:
    """'Nicaraguans (5,980) remain the largest group, ahead of Venezuelans (6,410)'."""
    if _OTHERWISE.search(sent.masked) or _RISING.search(sent.masked):
        return []
    places = subjects.counted([sent], "cmp")
    kinds = {_m(p).kind for p in places}
    if "m" in kinds and kinds <= {"c", "m"} and all(_m(p).kind == "m" or not _m(p).noun for p in places):
        kinds = {"m"}
    if not 2 <= len(places) <= 6 or len(kinds) != 1:
        return []
    down = _listed_down(sent, places)
    if not down:
        return []
    for a, b in pairwise(down):
        if _m(a).value < _m(b).value and _m(a).quantity().interval().hi < _m(b).quantity().interval().lo:
            params = {"low": plain(_m(a).value), "high": plain(_m(b).value)}
            stated, expected = f"{params['low']} > {params['high']}", f"{params['high']} > {params['low']}"
            return [Hit(Breach("rank_mismatch", CONTRADICTION, stated, expected, params), sent, (a, b))]
    return []


def _listed_down(sent: Sentence, places: Sequence[Place]) -> list[Place]:
    """The values in the order that the words give them, the highest first; empty when they give none."""
    gaps = [_between(sent, a, b) for a, b in pairwise(places)]
    if any(len(g) > 75 or re.search(r"[.!?]", g) for g in gaps):
        return []
    front = sent.masked.split(subjects.mark(places[0]), 1)[0][-110:]
    tail = sent.masked.split(subjects.mark(places[-1]), 1)[1][:60]
    ordered = _ORDERED.search(sent.masked) is not None and len(places) > 2
    top = _MOST.search(front + " " + gaps[0]) is not None and not _LEAST.search(front)
    if ordered or (top and _ABOVE.search(gaps[0])):
        if (
            len(places) > 2
            and not ordered
            and not all(
                _ABOVE.search(g) or re.fullmatch(r"[^<;]{0,40}(?:,|\band\b|\by\b)[^<;]{0,60}", g)
                for g in gaps[1:]
            )
        ):
            return []
        return list(places)
    if _ABOVE.search(gaps[0]) and re.search(r"\bahead of|por delante de", gaps[0]):
        return list(places[:2])
    if len(places) == 2 and top and _LEAST.search(gaps[0] + tail):
        return list(places)
    if _BEHIND.search(gaps[0]) and not _m(places[0]).noun:
        return [places[1], places[0]]
    return []


def _between(sent: Sentence, a: Place, b: Place) -> str:
    return sent.masked.split(subjects.mark(a), 1)[1].split(subjects.mark(b), 1)[0]


def _m(place: Place) -> Mention:
    return place[0].mentions[place[1]]

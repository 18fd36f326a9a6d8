"""What a quantity is about, and when: enough of a clause to tell whether another speaks of the same."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mirps.evidence.checks.reading import enumerations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.lexicon import fold
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Place, comparable

#: Words that say nothing about the subject: small words, words of telling, words of counting.
_COMMON = frozenset(
    "the of in to an and was were is are been be being have has had by for with that this these those it its at on as from or during their his her our who whom which whose there then than also not all but into "
    "over under about some any each both one same such so only just very still already again once year years month months day days time number numbers total figure figures count counted people person persons "
    "according report reports reported says said summary chapter section page annex table note noted states stated gives given puts shows shown record records earlier above below elsewhere overall altogether "
    "el la los las lo un una unos unas de del al en y e o u que se su sus por con para como mas muy ya no ni sin sobre entre desde hasta este esta estos estas ese esa esos esas aquel quien quienes cual cuyo cuya "
    "fue fueron era eran es son sido ser estar esta estan estaba estaban ha han habia habian hay hubo asi tambien solo cada otro otra otros otras mismo misma ano anos mes meses dia dias numero total cifra cifras "
    "personas persona segun informe resumen capitulo seccion pagina anexo cuadro nota indica dice senala registra consigna figura suma sumaron ademas luego donde cuando mientras durante parte".split()
)
_SUFFIX = re.compile(
    r"(?:ations?|ements?|ments?|ings?|ions?|ers?|ed|es|s|e|y"
    r"|aciones|acion|iciones|icion|imientos?|amientos?|ados?|adas?|idos?|idas?|aron|ieron|ando|iendo|aban?|ian?|ar|er|ir|os?|as?|en|an|n)$"
)
_CUT = re.compile(
    r"[;()—:]|\s[–-]\s|,\s(?:and|but|y|e|pero|while|whereas|mientras|así|of wh\w+|de l[oa]s cuales)\s"
)
#: Who says it is no part of what is said.
_FRAME = re.compile(
    r"^.{0,80}\b(?:says?|said|states?|notes?|reports?|mentions?|speaks?|tells?|refers?|puts?|claims?|affirms?|indicates?|shows?|dice|dicen|indica|señala|habla|menciona|sostiene|afirma|recoge|consigna|reporta|informa|cifra|refiere|da)"
    r"(?:\s(?:that|of|to|about|que|de|en|a|at))?\s|^\W*(?:according to|as (?:stated|noted|reported) in|in the|según|de acuerdo con|conforme a|en el|en la)\s[^<,]{0,60},\s"
)
_PART = re.compile(
    r"\b(?:another|additional|further|others?|of (?:these|those|them|whom|which)|each|per|average|mean|only|remain\w*|rest|capacity|target|goals?|planned|expected|projected|estimated|budget\w*|aim\w*|hop\w+|should|would|"
    r"otr[oa]s?|adicional(?:es)?|de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s cuales)|cada|promedio|media|s[oó]lo|restantes?|resto|metas?|previst\w+|esperad\w+|proyectad\w+|estimad\w+|se esperaba\w*|objetivo|debían?)\b"
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without the endings of its family: 'recorded' and 'records' meet, 'atendió' and 'atendidas'."""
    plain = fold(word)
    for _ in range(2):  # the plural, then what it leaves: 'hogares', 'hogar'
        cut = _SUFFIX.sub("", plain)
        plain = cut if len(cut) >= 3 else plain
    return plain[:6]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]{3,}", fold(re.sub(r"<\w+>", " ", text)))
    return frozenset(stem(w) for w in words if w not in _COMMON)


def mark(place: Place) -> str:
    sent, index = place
    return f"<{sent.mentions[index].kind}{index}>"


def clause(place: Place) -> str:
    """The masked clause of a quantity, up to the quantities of its kind beside it."""
    sent, _ = place
    return _clause(sent.masked, mark(place))


@lru_cache(maxsize=4096)
def _clause(masked: str, own: str) -> str:
    if own not in masked:
        return own
    left, right = masked.split(own, 1)
    left, right = _FRAME.sub("", _CUT.split(left)[-1]), _CUT.split(right)[0]
    other = r"<[cm]\d+>" if own[1] in "cm" else rf"<{own[1]}\d+>"
    return re.split(other, left)[-1] + own + re.split(other, right)[0]


def narrow(place: Place) -> str:
    """The words that hold a value: what leads to it, and what follows up to a comma or an 'and'."""
    return _narrow(place[0].masked, mark(place))


@lru_cache(maxsize=4096)
def _narrow(masked: str, own: str) -> str:
    left, _, right = _clause(masked, own).partition(own)
    return left + own + re.split(r",|\s(?:and|y|e|to)\s|\sal?\s(?=<)", right)[0]


@dataclass(frozen=True, slots=True)
class About:
    """The content of a clause: stems, names with capitals, classes of people or things, dates."""

    words: frozenset[str]
    names: frozenset[str]
    traits: frozenset[str]
    dates: frozenset[tuple[object, object]]
    partial: bool


def about(place: Place) -> About:
    """What the clause of a quantity says of it, read once."""
    sent, index = place
    known = sent.memo.get(index)
    if not isinstance(known, About):
        left, _, right = clause(place).partition(mark(place))
        known = sent.memo[index] = describe(sent, left + mark(place) + right.split(",")[0])
    return known


def describe(sent: Sentence, text: str) -> About:
    inside = set(re.findall(r"\w+", fold(text)))
    capitals = _capitals(sent.text)
    traits = _traits(text)
    periods = frozenset(sent.dates[int(n)].period() for n in re.findall(r"<[dhyr](\d+)>", text))
    return About(stems(text), frozenset(capitals & inside), traits, periods, bool(_PART.search(text)))


def alike(a: Mention, b: Mention) -> bool:
    """One kind, and one noun as far as both are named."""
    if a.kind != b.kind or not comparable(a, b):
        return False
    return a.kind in "mp" or not a.noun or not b.noun or stem(a.noun) == stem(b.noun)


@lru_cache(maxsize=2048)
def _capitals(text: str) -> frozenset[str]:
    return frozenset(fold(w) for w in re.findall(r"(?<=[\wÀ-ÿ,;:] )[A-ZÁÉÍÓÚÑ][\wÀ-ÿ]{2,}", text))


@lru_cache(maxsize=4096)
def _traits(text: str) -> frozenset[str]:
    plain = fold(text)
    return frozenset(
        name + m.group()[:4] for name, words in enumerations._DIMENSION.items() for m in words.finditer(plain)
    )


#: Words that put a value before the others of its subject, or after them.
_EARLY = re.compile(
    r"\b(?:at the (?:start|beginning|outset|opening)|(?:at|in|from) the beginning|initially|originally|before|formerly|previously|used to|earlier|last (?:year|yr|month|week|season)|when we (?:arrived|began|started|took)|cuando (?:llegamos|empezamos|comenzamos|asumimos)|(?:a|one|the) (?:year|month|week) (?:ago|before|earlier)|"
    r"(?:the )?(?:previous|preceding|prior|past) (?:year|month|week|quarter|period|edition|season)|ago|had been|stood at|began with|started with|opened with|then|"
    r"al (?:inicio|comienzo|empezar|comenzar|abrir)|a(?:l)? principios?|inicialmente|originalmente|antes|anteriormente|hace|(?:el )?(?:año|mes|trimestre|período|periodo|ciclo) (?:anterior|pasado|previo)|"
    r"la (?:semana|temporada|edición) (?:anterior|pasada)|(?:que )?era[n]?|cost(?:aba|aban)|había[n]?|ten[ií]a[n]?|entonces|comenzó con|empezó con|partió con)\b"
)
_LATE = re.compile(
    r"\b(?:now|today|currently|at present|at the end|by the end|in the end|ended|ends|finished|closed|nowadays|this (?:year|yr|month|week|morning)|has reached|reached|has become|are now|is now|"
    r"ahora|hoy|actualmente|en la actualidad|al (?:final|término|cierre|terminar|cerrar|concluir|finalizar)|cerró|terminó|concluyó|est[ea] (?:año|mes|semana)|alcanz[aóa]\w*|llegó a|llegaron a|quedó en|quedaron en)\b"
)
_YEAR_END = re.compile(
    r"\b(?:end|close|fin|final(?:es)?|cierre|término) (?:of|de|del)?\s*(?:the year |año )?$"
)

Key = tuple[int, int, int]


def key(dated: Dated) -> Key:
    moment = dated.last
    return (moment.year or 0, moment.month or 0, moment.day or 0)


def when(place: Place) -> Key | None:
    """When a value holds: its date, or what 'now' and 'a year earlier' say; None when nothing tells."""
    sent, _ = place
    return _when(sent.masked, mark(place), tuple(sent.dates))


@lru_cache(maxsize=4096)
def _when(masked: str, own: str, dates: tuple[Dated, ...]) -> Key | None:
    text = _clause(masked, own)
    marks = [
        (int(m.group(1)), m.start(), text[: m.start()])
        for m in re.finditer(r"<[dhyr](\d+)>", text)
        if not re.search(r"\b(?:since|desde)\s(?:el\s|the\s)?$", text[: m.start()])
    ]
    if not marks and (opening := re.match(r"\W*(?:\w+\s){0,5}?(?=<[dhyr](\d+)>)", masked)):
        marks = [(int(opening.group(1)), 0, opening.group())]
    if marks:
        at = text.find(own)
        index, _, front = min(marks, key=lambda x: abs(x[1] - at))
        found = key(dates[index])
        return (found[0], 12, 31) if found[1] == 0 and _YEAR_END.search(front) else found
    words = _narrow(masked, own)
    early, late = bool(_EARLY.search(words)), bool(_LATE.search(words))
    if early == late:
        return None
    return (-1, 0, 0) if early else (9999, 0, 0)


def ordered(one: Place, other: Place) -> tuple[Place, Place] | None:
    """(before, after), when the clauses of both tell; a date without a year only beside another."""
    a, b = when(one), when(other)
    if a is None or b is None or a == b or (a[0] == 0) != (b[0] == 0):
        return None
    return (one, other) if a < b else (other, one)


def counted(sentences: Sequence[Sentence], kinds: str) -> list[Place]:
    return [(s, i) for s in sentences for i, m in enumerate(s.mentions) if m.kind in kinds and not m.weak]


_ADVERSE = re.compile(
    r"\b(?P<p>north\w*|south\w*|east\w*|west\w*|central|upper|lower|first|second|third|morning|evening|night\w*|day|weekend|norte|sur|este|oeste|oriental|occidental|centr[oa]l?|costa|sierra|primer[oa]?|segund[oa]|tercer[oa]?|"
    r"noche|nocturn\w+|diurn\w+|mañana|tarde|semana|coast\w*|inland|mountain\w*|island\w*|main|sede|branch|local|national|nacional|regional|online|virtual\w*)\b"
)


def narrower(one: tuple[Place, str], other: tuple[Place, str]) -> bool:
    """Whether the lesser of two values tells of a part: its clause sets out a where, when or which of its own."""
    (a, first), (b, again) = one, other
    x, y = ({m["p"] for m in _ADVERSE.finditer(text)} for text in (first, again))
    less, more = (x, y) if a[0].mentions[a[1]].value < b[0].mentions[b[1]].value else (y, x)
    return bool(less - more)

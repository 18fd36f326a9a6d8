"""Quantities as a sentence mentions them: value, unit, qualifier and the noun that is counted."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from mirps.evidence.checks.reading import fractions, lexicon, numbers
from mirps.evidence.checks.reading.dates import Dated
from mirps.evidence.checks.reading.nouns import noun_phrase
from mirps.evidence.checks.reading.qualifiers import qualifier as _qualifier
from mirps.evidence.checks.relations import Quantity
from mirps.evidence.figures.rules import Qualifier

#: Kinds of mention, as they stand in a masked sentence: <c0> a count, <p1> a percentage ...
COUNT, PERCENT, MONEY, TIME, POINTS, AGE = "c", "p", "m", "t", "o", "a"


@dataclass(frozen=True, slots=True)
class Mention:
    """One quantity in a sentence. Offsets are in the sentence; `begin` includes the qualifier."""

    begin: int
    start: int
    end: int
    kind: str
    value: Decimal
    step: Decimal
    qualifier: Qualifier
    unit: str = ""
    noun: str = ""
    noun_raw: str = ""
    kin: str = ""
    phrase: str = ""
    weak: bool = False  # 'one', 'uno', nought: counts only beside other numbers

    def interval_low(self) -> Decimal:
        """The lowest value that the words allow ('about' widens it)."""
        return self.quantity().interval().lo if self.qualifier is Qualifier.ABOUT else self.value

    def interval_high(self) -> Decimal:
        return self.quantity().interval().hi if self.qualifier is Qualifier.ABOUT else self.value

    def quantity(self) -> Quantity:
        unit = "percent" if self.kind in (PERCENT, POINTS) else self.unit
        return Quantity(self.value, unit, self.qualifier, self.step)


_PERCENT = re.compile(r"\s?%|\s?per\s?cent\b|\s+por\s?ciento\b|\s+por\s+100\b", re.IGNORECASE)
_POINTS = re.compile(
    r"[\s-](?:(?P<basis>basis[\s-]points?|puntos\s+básicos)|(?:percentage|percent)[\s-]points?|puntos\s+porcentuales|p\.?p\.?(?=\W|$))",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:(?:USD|EUR|CAD|HNL|GTQ|PAB|CRC|MXN|BZD|GBP|CHF|JPY)\s?\$?|US\s?\$|CAN?\$|BZ\$|[$€£₡]|L\.|Lps\.?|\bL(?=\s?$)"
    r"|\bQ(?=\s?$)|B/\.)\s?$"
)
_MONEY_AFTER = re.compile(
    r"\s?(?:(?:million(?:es)?\s)?(?:(?:de|of)\s)?(?:US\s|U\.S\.\s|Canadian\s)?"
    r"(lempiras?|c[óo]rdobas?|quetzal(?:es)?|balboas?|colones|colons|pesos|dollars?|dólares|dólar|euros?)\b"
    r"|(USD|EUR|CAD|HNL|GTQ|PAB|CRC|MXN|BZD|€|\$))",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:no|n|núm|num|nº|n°|art|arts)[.º°]*|\b(?:number|número|decree|decreto|decreto ejecutivo|article|articles|"
    r"artículo|artículos|resolution|resolución|law|ley|chapter|capítulo|section|sección|objective|objetivo|pillar|"
    r"pilar|priority|prioridad|page|página|pág|step|paso|phase|fase|figure|figura|table|tabla|cuadro|gráfico|annex|"
    r"anexo|point|punto|item|level|nivel|version|route|ruta|line|línea|age|edad|aged|grade|grado|room|sala|"
    r"kilometre|kilómetro|zone|zona|group|grupo|component|componente|indicator|indicador|paragraphs?|párrafos?|row|fila|renglón|question|pregunta|goal|ods|sdg|note|nota))"
    r"\s*[:#(]?\s?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(
    r"(?:\s+(?:and\s+(?:over|above|older)|or\s+(?:over|older)))?"
    r"(?:[\s-]+years?[\s-]+(?:old|of\s+age)|\s+años\s+de\s+edad|-year-olds?|\s+(?:o|y)\s+más\s+años)",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(
    r"(?:\baged?\s+(?:between\s+|from\s+|under\s+|over\s+)?|\bages?\s+(?:of\s+)?|mayor(?:es)?\s+de\s+|menor(?:es)?\s+de\s+|"
    r"\bages?\s+\d+\s+(?:to|and|-)\s+|\baged\s+(?:between\s+)?\d+\s+(?:to|and|-)\s+|(?:children|people|persons|those|adolescents|youth|adults?|women|men|girls|boys|pupils|minors|infants)\s+(?:under|over|below|above)\s+"
    r"(?:the\s+age\s+of\s+)?|(?:under|over)[\s-](?=\d{1,2}s\b)|up\s+to\s+the\s+age\s+of\s+|until\s+age\s+|"
    r"(?:niñ[oa]s|personas|adolescentes|jóvenes|mujeres|hombres)\s+de\s+(?:entre\s+)?(?:\d+\s+(?:a|y)\s+)?)$",
    re.IGNORECASE,
)
_SUPERSCRIPT = "¹²³⁴⁵⁶⁷⁸⁹⁰"


def is_year(lang: str, text: str, start: int, end: int) -> bool:
    """A bare 1900-2099 is a year unless a counted noun follows or a currency stands before."""
    if _MONEY_BEFORE.search(text[max(0, start - _SIGN) : start]) or _MONEY_AFTER.match(text, end):
        return False
    after = re.match(r"\s+([a-záéíóúñü-]+)", text[end:])
    if not after:
        return True
    word = after.group(1)
    noun = lexicon.lemma(word, lang)
    known = lexicon.PERSON[lang] | lexicon.GENERIC[lang] | set(lexicon.UNITS)
    return not (noun != word and (noun in known or noun in lexicon.TIME[lang]))


def scan(
    text: str, lang: str, style: numbers.Style, dates: Iterable[Dated]
) -> tuple[list[Mention], list[str]]:
    """The quantities of a sentence, and the numbers that its document's style cannot read."""
    taken = [(d.start, d.end) for d in dates]
    found: list[Mention] = []
    unread: list[str] = []
    for start, end, value in fractions.scan(text, lang):
        if not _overlaps(taken, start, end):
            found.append(_fraction(text, start, end, value, lang))
            taken.append((start, end))
    for number in numbers.scan(text, lang, style):
        if _overlaps(taken, number.start, number.end):
            continue
        if number.value is not None and _aged(text, number):
            found.append(_age(text, number, number.value))
            continue
        if _not_counted(text, number):
            continue
        if number.value is None:
            unread.append(number.raw)
        else:
            found.append(_mention(text, number, number.value, lang))
    found.sort(key=lambda m: m.start)
    found = _named_last(text, _scaled(text, found))
    kept = _trim(text, _enumerators(text, found))
    return [replace(m, weak=True) if m.value == 0 else m for m in kept], unread


def _scaled(text: str, found: list[Mention]) -> list[Mention]:
    """'30.6 of the 36 million quetzales', '6.5 million for rent' after a sum of money: scale and currency carry over."""
    made = list(found)
    for i in range(len(made) - 2, -1, -1):
        if made[i].kind == COUNT and not made[i].noun:
            made[i] = _carried(made[i], made[i + 1], text[made[i].end : made[i + 1].begin])
    units = {m.unit for m in made if m.kind == MONEY}
    if len(units) == 1:
        unit = units.pop()
        made = [
            replace(m, kind=MONEY, unit=unit)
            if m.kind == COUNT and not m.noun and _BIG.search(text[m.start : m.end])
            else m
            for m in made
        ]
    return made


_MEMBERS = re.compile(r",\s|,?\s(?:and|y|e|to|a|al|hasta|or|o|u)\s(?:the\s|l[oa]s\s)?|\s?[-–]\s?")


def _named_last(text: str, found: list[Mention]) -> list[Mention]:
    """'12, 19, 15 and 22 days': the bare members of a list count what its last one names."""
    made = list(found)
    for i in range(len(made) - 2, -1, -1):
        one, last = made[i], made[i + 1]
        if (
            one.kind == COUNT
            and not one.noun
            and not one.weak
            and last.kind in (COUNT, TIME)
            and (last.noun or last.kin)
            and _MEMBERS.fullmatch(text[one.end : last.begin])
            and last.step == one.step
        ):
            made[i] = replace(
                one, kind=last.kind, unit=last.unit, noun=last.noun, noun_raw=last.noun_raw, kin=last.kin
            )
    return made


def _carried(one: Mention, following: Mention, gap: str) -> Mention:
    """A bare number with the scale, currency or per cent of the number behind it."""
    if _SCALE_GAP.fullmatch(gap):
        scaled = following.value >= 10**6 and following.value > 1000 * one.value
        if one.value < 1000 and scaled and following.kind in (COUNT, MONEY):
            factor = Decimal(10**6)
            step = min(one.step, Decimal("0.1")) * factor
            return replace(one, value=one.value * factor, step=step, kind=following.kind, unit=following.unit)
        if following.kind == MONEY:
            return replace(one, kind=MONEY, unit=following.unit)
    if one.value <= 100 and following.kind == PERCENT and _LIST_GAP.fullmatch(gap):
        return replace(one, kind=PERCENT, unit="percent")  # '33.3, 33.3 and 33.3 per cent'
    return one


_SCALE_GAP = re.compile(r"\s(?:(?:of|out of|de|from|to|a|and|y|or|o)(?:\s(?:the|l[oa]s))?|[-–])\s")
_LIST_GAP = re.compile(r",?\s(?:and|y|e|or|o|to|a)\s|,\s|\s[-–]\s")
_BIG = re.compile(r"(?:million|millones|millón|billion|thousand|mil|[Mm])$")


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in taken)


#: How much of a text before or behind a number is looked at.
_NEAR = 70
#: And how much for the word that a number names, and for the sign of a currency.
_WORD, _SIGN = 30, 8


def _not_counted(text: str, number: numbers.Number) -> bool:
    before, after = text[max(0, number.start - _NEAR) : number.start], text[number.end : number.end + _NEAR]
    if (not number.words and _NAMED_BEFORE.search(before[-_WORD:])) or (
        re.search(r"\bpor\s+$", before[-8:], re.IGNORECASE)
        and not _LASTING.match(after)
        and (number.words or number.value in _PER)
    ):
        return number.words is False or number.raw.lower() in ("ciento", "cien")
    if re.match(r"(?::\d\d|\s?[ap]\.?\s?m\b|\s?h\b|[./]\d)", after) or re.search(
        r"\d:$|[A-Za-z]\.$|\+$", before[-2:]
    ):
        return True
    if before.endswith("Q") and re.fullmatch("[1-4]", number.raw):  # a quarter
        return True
    if re.match(r"/\s", after) and before.strip() == "":  # '1/ First of all'
        return True
    if re.match(r"\)\s+\S", after) and not re.search(r"\([^()]*$", before):  # the enumerator '1) '
        return True
    opening = before.strip()  # the numerals '1. ', '1.- ' and '(1) '
    return (opening == "" and re.match(r"\.-?\s", after) is not None) or (
        opening == "("
        and number.start < 3
        and re.match(r"\d\d?$", number.raw) is not None
        and after.startswith(") ")
    )


#: '18 por 1,000 nacimientos' is a rate.
_PER = frozenset(Decimal(10) ** n for n in range(1, 7))
_LASTING = re.compile(r"\s(?:d[ií]as?|semanas?|mes(?:es)?|años?|horas?|minutos?|trimestres?|semestres?)\b")


def _aged(text: str, number: numbers.Number) -> bool:
    before, after = text[max(0, number.start - _NEAR) : number.start], text[number.end : number.end + _NEAR]
    if _AGE_AFTER.match(after):
        return True
    if not _is_age(number, after):
        return False
    return _AGE_BEFORE.search(before) is not None or (
        _AGES.search(text) is not None and _AGE_SPAN.search(before + "|" + after) is not None
    )


#: A sentence that tells of ages, and how it writes their groups: 'under 12, 893 between 12 and 29', '18-29, 31%'.
_AGES = re.compile(r"\b(?:age|aged|ages|edad|edades|años)\b", re.IGNORECASE)
_AGE_SPAN = re.compile(
    r"\b(?:under|over|below|above|between|menores de|mayores de|menos de|más de|entre)\s\||\b(?:between|entre|de)\s\d{1,2}\s(?:and|to|a|y)\s\||[\d]\s?[-–]\s?\|\s?[:,;)]|\|\s?[-–]\s?\d{1,2}(?:,\s|:|\s\()",
    re.IGNORECASE,
)


def _age(text: str, number: numbers.Number, value: Decimal) -> Mention:
    """Ages are claims, but nobody adds them up."""
    return Mention(
        number.start,
        number.start,
        number.end,
        AGE,
        value,
        number.step,
        Qualifier.EXACT,
        "year",
        "age",
        "",
        "age",
    )


def _is_age(number: numbers.Number, after: str) -> bool:
    small = number.value is not None and number.value <= 99
    return (
        small
        and re.match(
            r"\s+(?:años|years)|\s*[,.;:)]|\s?[-–]\s?\d|\s+(?:to|and|a|y|o|or|are|were|have|who)\b|$", after
        )
        is not None
    )


def _fraction(text: str, start: int, end: int, value: Decimal, lang: str) -> Mention:
    begin, qualifier = _qualifier(text, start, end, lang)
    return Mention(begin, start, end, PERCENT, value, fractions.STEP, qualifier, "percent")


def _mention(text: str, number: numbers.Number, value: Decimal, lang: str) -> Mention:
    start, end, kind, unit = number.start, number.end, COUNT, ""
    before = _MONEY_BEFORE.search(text[max(0, start - _SIGN) : start])
    after = _MONEY_AFTER.match(text, end)
    if points := _POINTS.match(text, end):
        kind, unit, end = POINTS, "points", points.end()
        if points["basis"]:  # a hundredth of a percentage point
            value, number = value / 100, replace(number, step=number.step / 100)
    elif percent := _PERCENT.match(text, end):
        kind, unit, end = PERCENT, "percent", percent.end()
    elif before:
        mark = re.sub(r"^([A-Z]{3})\$$", r"\1", re.sub(r"\s", "", before.group())).lower()
        kind, unit, start = MONEY, lexicon.CURRENCY.get(mark, "XXX"), max(0, start - _SIGN) + before.start()
    elif after:
        mark = (after.group(1) or after.group(2)).lower()
        kind, unit, end = MONEY, lexicon.CURRENCY.get(mark, "XXX"), after.end()
    begin, qualifier = _qualifier(text, start, end, lang)
    if kind == COUNT and (half := _HALF_MORE.match(text, end)):
        value, end = value + Decimal("0.5"), half.end()
    noun, raw, phrase = noun_phrase(text, end, number.raw, lang) if kind == COUNT else ("", "", "")
    if lang == "es" and value > 1 and raw.islower() and not raw.endswith("s") and len(raw) > 3:
        noun, raw, phrase = "", "", ""  # what is counted is plural; 'en 51 consta el acta' names nothing
    kin = lexicon.noun_class(noun, raw, lang)
    if kin in lexicon.TIME[lang].values():
        kind, unit = TIME, kin
        if qualifier is Qualifier.AT_LEAST and re.match(
            r"(?:over|more than|above)", text[begin:], re.IGNORECASE
        ):
            qualifier = Qualifier.EXACT if text[begin:].lower().startswith("over") else qualifier
    elif kind == COUNT:
        unit = lexicon.UNITS.get(noun, "person" if kin == "person" else noun)
    if kind == TIME and (half := _AND_HALF.match(text, end)):
        value, end = value + Decimal("0.5"), half.end()
    weak = number.words and value == 1
    return Mention(begin, start, end, kind, value, number.step, qualifier, unit, noun, raw, kin, phrase, weak)


#: 'Two and a half hours'.
_HALF_MORE = re.compile(r"\sand\sa\shalf(?=\s[a-z])", re.IGNORECASE)
#: 'Dos horas y media', 'un año y medio'.
_AND_HALF = re.compile(
    r"\s(?:d[ií]as?|semanas?|mes(?:es)?|años?|horas?|minutos?|hours?|years?|months?|weeks?|days?)\s(?:y\smedi[oa]|and\sa\shalf)\b",
    re.IGNORECASE,
)


def _enumerators(text: str, mentions: list[Mention]) -> list[Mention]:
    """Leave out the marks of '(1) ... (2) ...' and footnote figures."""
    marks = [m for m in mentions if text[m.start - 1 : m.start] == "(" and text[m.end : m.end + 1] == ")"]
    run = [m for i, m in enumerate(marks) if m.value == i + 1]
    if len(run) >= 2 and run[0].value == 1:
        mentions = [m for m in mentions if m not in run]
    return mentions


def _trim(text: str, mentions: list[Mention]) -> list[Mention]:
    """'One' counts only beside another number of its kind, or with a noun of time."""
    nouns = {m.noun for m in mentions if not m.weak and m.noun}
    return [m for m in mentions if not m.weak or (m.kind in (COUNT, TIME) and _counts(text, m, nouns))]


def _counts(text: str, one: Mention, nouns: set[str]) -> bool:
    """'..., two in Yoro and one in Colón', 'one workshop and three fairs'; not 'a total', 'un aumento'."""
    before, after = text[: one.start], text[one.end :]
    if not nouns and not re.search(r"\d", text):
        return False
    listed = re.search(r"(?:^|[,;:(–—]|\b(?:and|y|e|plus|más))\s*$", before) is not None
    return listed and (
        one.noun in nouns or re.match(r"\s(?:in|en|at|for|para|to|del?)\s+(?!la\s+mitad)", after) is not None
    )

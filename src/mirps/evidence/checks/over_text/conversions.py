"""One amount in two units or two currencies, with or without the rate beside it."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading import subjects
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import CURRENCY, lemma
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, hit, named, pattern
from mirps.evidence.checks.relations import CONTRADICTION, Breach, plain

#: Size of a unit in the base of its dimension.
UNITS: dict[str, tuple[str, Decimal]] = {
    word: (dimension, Decimal(size))
    for dimension, sizes in {
        "length": {"metre meter metro m": "1", "kilometre kilometer kilómetro km": "1000", "mile milla": "1609.34", "centimetre centímetro cm": "0.01"},
        "area": {"hectare hectárea ha": "10000", "manzana": "6988.96", "acre": "4046.86"},
        "mass": {"kilo kilogram kilogramo kg": "1", "tonne tonelada ton": "1000", "gram gramo": "0.001", "quintal": "45.36", "pound libra": "0.4536"},
        "volume": {"litre liter litro": "1", "gallon galón": "3.785"},
        "time": {"minute minuto": "1", "hour hora": "60", "day día": "1440", "week semana": "10080"},
        "months": {"month mes": "1", "year año": "12", "quarter trimestre": "3", "semester semestre": "6"},
        "pieces": {"dozen docena": "12"},
    }.items()
    for words, size in sizes.items()
    for word in words.split()
}  # fmt: skip
_SQUARE = re.compile(
    r"^\s?(?:square\s(?:met(?:re|er)s?|kilomet(?:re|er)s?)|metros\scuadrados|kilómetros\scuadrados|m2|m²|km2|km²)"
)
_CUBIC = re.compile(r"^\s?(?:cubic\smet(?:re|er)s?|metros\scúbicos|m3|m³)")
_EQUAL = (
    r"(?:\((?:that is,?\s|or\s|about\s|i\.e\.,?\s|es decir,?\s|o\s|unos\s|equal to\s|equivalentes? a\s)?"
    r"|,?\s(?:that is|i\.e\.|or|o|es decir|o sea|equivalent to|equal to|equivalentes? a|lo que equivale a|esto es|the equivalent of|namely|which is|which makes|are equal to|equals?|equivalen? a|son)[,:]?\s(?:a total of\s|unos\s|some\s|about\s)?)"
)
_BOTH = pattern(rf"{{ct:a}}(?P<u>[^<.;()]{{1,45}}?)\s?{_EQUAL}{{ct:b}}(?P<v>[^<.;()]{{0,30}})")
_MONEY = pattern(rf"{{m:a}}(?P<u>[^<.;()]{{0,60}}?)\s?{_EQUAL}{{m:b}}")
_RATE = pattern(
    r"(?:{m:a}|{c:c}\s(?P<cur>[a-záéíóúñ]+))\s?(?:to|per|por|a|for|=|al)\s(?:the\s|each\s|one\s|cada\s|un\s|el\s|1\s)?(?:(?P<per>us dollar|u\.s\. dollar|dollar|dólar(?: estadounidense)?|euro)\b|{m:b})"
)

_RATE_LAST = pattern(
    r"(?:{m:a}|{c:c}\s(?P<cur>[a-záéíóúñ]+))\s?(?:to|per|por|a|al)\s(?:the\s|each\s|cada\s|un\s|el\s)?(?P<per>us dollar|dollar|dólar|euro)\b(?P<b>(?!))?"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for i, sent in enumerate(sentences):
        found += _units(sent)
        scope = [s for s in sentences[max(0, i - 8) : i] if s.block is sent.block]
        found += _rated(sent) or _rated_far(sent, scope) or _bare(sent)
        found += _same_money(sent)
    return [*found, *_conversions(sentences)]


def _size(text: str, mention: Mention, sent: Sentence) -> tuple[str, Decimal] | None:
    square = _SQUARE.match(text)
    if square:
        return "area", Decimal(1_000_000) if "k" in square.group() else Decimal(1)
    if _CUBIC.match(text):
        return "volume", Decimal(1000)
    words = re.findall(r"[a-záéíóúñ²]+", text)
    counted = mention.kind == "t" or not words  # 'two hours and a half' holds its own noun
    noun = mention.noun if counted else lemma(words[0], sent.lang)
    return UNITS.get(noun)


def _units(sent: Sentence) -> list[Hit]:
    """'2 hectares, that is, 2,000 square metres'."""
    found: list[Hit] = []
    for match in _BOTH.finditer(sent.masked):
        a, b = named(match, "a", "b")
        one, other = sent.mentions[a], sent.mentions[b]
        if re.match(r"[^<.;]{0,12}\s(?:of|de)\s<t\d+>", sent.masked[match.start("v") :]):
            continue  # 'three days of eight hours'
        first, again = _size(match["u"], one, sent), _size(match["v"], other, sent)
        if not first or not again or first[0] != again[0] or first[1] == again[1]:
            continue
        expected = one.value * first[1] / again[1]
        room = expected * Decimal("0.03") + other.step / 2
        if abs(expected - other.value) > room:
            params = {"first": plain(one.value), "again": plain(other.value), "expected": plain(expected)}
            found += hit(
                Breach("unit_mismatch", CONTRADICTION, plain(other.value), plain(expected), params),
                sent,
                [a, b],
            )
    return found


_BARE_RATE = re.compile(
    r"\b(?:at|at the rate of|a|al|a razón de|at a rate of)\s<c(?P<r>\d+)>\s(?:per|to the|por|por cada|for each|for one)\s(?:us\s|u\.s\.\s)?(?:dollar|dólar)"
)
_PAR = re.compile(
    r"\b(?:at par|on a par|one to one|equal value|a la par|uno a uno|de igual valor|(?:rate|tasa|cambio|tipo)[^<;.]{0,30}\s(?:of|de)\s<c(?P<a>\d+)>\s(?:[a-záéíóúñ]+\s){0,2}?(?:to|a|por)\s(?:<c(?P<b>\d+)>|one|un[oa]?)\b)"
)


def _bare(sent: Sentence) -> list[Hit]:
    """'Q 39 million, which at 7.80 per dollar translates into USD 6 million'; 'at par'; 'two to one'."""
    rows = [(i, m) for i, m in enumerate(sent.mentions) if m.kind == "m"]
    match = _BARE_RATE.search(sent.masked)
    par = _PAR.search(sent.masked)
    if len(rows) != 2 or not (match or par) or {m.unit for _, m in rows} == {"USD"}:
        return []
    local = [(i, m) for i, m in rows if m.unit != "USD"]
    foreign = [(i, m) for i, m in rows if m.unit == "USD"]
    if len(local) != 1 or len(foreign) != 1:
        return []
    if match:
        rate = sent.mentions[int(match["r"])].value
    else:
        over = sent.mentions[int(par["a"])].value if par and par["a"] else Decimal(1)
        under = sent.mentions[int(par["b"])].value if par and par["b"] else Decimal(1)
        rate = over / under if under else over
    (a, one), (b, other) = local[0], foreign[0]
    if rate <= 0:
        return []
    expected = one.value / rate
    if abs(expected - other.value) <= expected * Decimal("0.03") + other.step / 2:
        return []
    params = {"first": plain(one.value), "again": plain(other.value), "expected": plain(expected)}
    return hit(
        Breach("exchange_mismatch", CONTRADICTION, plain(other.value), plain(expected), params), sent, [a, b]
    )


def _rated_far(sent: Sentence, scope: Sequence[Sentence]) -> list[Hit]:
    """'At 24.5 lempiras to the dollar, that comes to US$4 million', of a sum that an earlier sentence gives."""
    match = next((m for m in _RATE.finditer(sent.masked)), None) or _RATE_LAST.search(sent.masked)
    rate = _rate_of(sent, match) if match else None
    if rate is None:
        return []
    value, currency, base, used = rate
    rows = [(i, m) for i, m in enumerate(sent.mentions) if m.kind == "m" and i not in used]
    if len(rows) != 1 or rows[0][1].unit not in (base, currency):
        return []
    index, said = rows[0]
    other = currency if said.unit == base else base
    known = [(s, i) for s in scope for i, m in enumerate(s.mentions) if m.kind == "m" and m.unit == other]
    room = said.value * Decimal("0.03") + said.step / 2
    expected = [
        s.mentions[i].value / value if said.unit == base else s.mentions[i].value * value for s, i in known
    ]
    if not known or any(abs(e - said.value) <= room for e in expected):
        return []
    words = subjects.about((sent, index)).words | subjects.stems(sent.masked)
    linked = [n for n, p in enumerate(known) if len(known) == 1 or subjects.about(p).words & words]
    if len(linked) != 1:
        return []
    place, worth = known[linked[0]], expected[linked[0]]
    params = {
        "first": plain(place[0].mentions[place[1]].value),
        "again": plain(said.value),
        "expected": plain(worth),
    }
    breach = Breach("exchange_mismatch", CONTRADICTION, plain(said.value), plain(worth), params)
    return [Hit(breach, sent, (place, (sent, index)))]


def _rated(sent: Sentence) -> list[Hit]:
    """'L 500,000 (about US$200,000 at 25 lempiras to the dollar)': two sums against the rate named."""
    matches = list(_RATE.finditer(sent.masked))
    match = next((m for m in matches if m["per"]), None) or _RATE_LAST.search(sent.masked)
    if match is None and matches:
        match = matches[0]
    if match is None:
        return []
    rate = _rate_of(sent, match)
    if rate is None:
        return []
    value, currency, base, used = rate
    rows = [(i, m) for i, m in enumerate(sent.mentions) if m.kind == "m" and i not in used]
    local = [(i, m) for i, m in rows if m.unit == currency]
    foreign = [(i, m) for i, m in rows if m.unit == base]
    if len(local) != 1 or len(foreign) != 1:
        return []
    (a, one), (b, other) = local[0], foreign[0]
    expected = one.value / value
    room = expected * Decimal("0.03") + other.step / 2
    if abs(expected - other.value) <= room:
        return []
    params = {"first": plain(one.value), "again": plain(other.value), "expected": plain(expected)}
    return hit(
        Breach("exchange_mismatch", CONTRADICTION, plain(other.value), plain(expected), params), sent, [a, b]
    )


def _rate_of(sent: Sentence, match: re.Match[str]) -> tuple[Decimal, str, str, set[int]] | None:
    per = match["per"]
    base, divisor, used = "USD" if not per or "euro" not in per else "EUR", Decimal(1), set()
    if match["b"]:
        unit = sent.mentions[int(match["b"])]
        base, divisor = unit.unit, unit.value
        used.add(int(match["b"]))
    index = int(match["a"] or match["c"])
    used.add(index)
    rate = sent.mentions[index]
    currency = rate.unit if match["a"] else CURRENCY.get(match["cur"] or "", "")
    if not currency or currency == base or divisor <= 0 or rate.value <= 0:
        return None
    return rate.value / divisor, currency, base, used


def _same_money(sent: Sentence) -> list[Hit]:
    """'US$1.5m, equivalent to US$1,050 thousand'."""
    found: list[Hit] = []
    for match in _MONEY.finditer(sent.masked):
        a, b = named(match, "a", "b")
        one, other = sent.mentions[a], sent.mentions[b]
        same = re.search(r"equi?val|equal|that is|es decir|i\.e\.|o sea|esto es", match.group())
        if (
            one.unit == other.unit
            and same
            and not re.search(
                r"(?:\bat|@|\ba|\ba razón de|\beach|\bper|[×x*])\s$", sent.masked[: match.start()]
            )
            and not re.search(
                r"\b(?:per|por|each|cada|al|a (?:year|month|week))\b",
                match["u"] + sent.masked[match.end() :][:25],
            )
        ):
            found += hit(relations.restated(one.quantity(), other.quantity()), sent, [a, b])
    return found


_CONVERTED = pattern(
    r"{m:a}(?P<g>[^<.;()]{0,40})(?:\((?:some |about |unos |equivalent to |equivalentes? a |approximately |aproximadamente )*|,?\s(?:equivalent to|equivalentes? a|or|o|about|that is|es decir),?\s){m:b}"
)


def _conversions(sentences: Sequence[Sentence]) -> list[Hit]:
    """Sums given in two currencies: the same sum, or the same rate, wherever they stand."""
    found: list[Hit] = []
    rows: list[tuple[Sentence, int, int]] = []
    for sent in sentences:
        for match in _CONVERTED.finditer(sent.masked):
            a, b = named(match, "a", "b")
            if sent.mentions[a].unit == sent.mentions[b].unit:
                if (match["g"] or "").strip() == "" and "(" in match.group():
                    found += hit(
                        relations.restated(sent.mentions[a].quantity(), sent.mentions[b].quantity()),
                        sent,
                        [a, b],
                    )
                continue
            for before, x, y in rows:
                pair = sent.mentions[a], sent.mentions[b]
                known = before.mentions[x], before.mentions[y]
                if known[0].unit != pair[0].unit:
                    known = known[1], known[0]
                if [k.unit for k in known] != [p.unit for p in pair]:
                    continue
                breach = relations.conversion(*(m.quantity() for m in (*known, *pair)))
                if breach:
                    found.append(Hit(breach, sent, ((before, x), (before, y), (sent, a), (sent, b))))
                break
            rows.append((sent, a, b))
    return found

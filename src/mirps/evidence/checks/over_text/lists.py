"""Stated counts against the items listed, and products and averages against their factors."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Sequence

from mirps.evidence.checks import relations
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.mentions import Mention
from mirps.evidence.checks.reading.patterns import Hit, Place, hit
from mirps.evidence.figures.rules import Qualifier

#: Things that happen in places or to people: their number is not that of the places listed with them.
_EVENTS = frozenset(
    "workshop session meeting fair visit event mission training course talk day survey forum consultation conference campaign activity "
    "case service interview kit permit application grant agreement job vacancy project round family household document training "
    "taller sesión reunión feria visita evento misión capacitación curso charla jornada encuesta foro consulta conferencia campaña actividad "
    "caso servicio entrevista permiso solicitud acuerdo convenio vacante proyecto ronda familia hogar documento brigada operativo".split()
)
_BODIES = frozenset(
    "member partner donor leader miembro integrante socio donante".split()
)  # bodies, more often than people
_NOT_LIST = re.compile(
    r"\b(?:in spanish|by its spanish|acronym|siglas|including|such as|e\.g|among others|etc|entre otr[oa]s|between|from|source|fuente|see|ver|incluid\w+|incluyendo|"
    r"por ejemplo|for example|like|as well as|así como|by its|in english|mainly|principalmente|mostly|in particular|formerly|about|with|con)\b",
    re.IGNORECASE,
)
_JOIN = r"(?:and|y|e|&|as well as)"
_NAME = r"(?:(?:San|Santa|El|La|Los|Las|Puerto|de|del|of|the|Ciudad|Nueva|Villa)\s)*[A-ZÁÉÍÓÚÑ][\wÀ-ÿ'’.-]*(?:\s(?:(?:de|del|of|the|la|las|los|el|for|and the)\s)*[A-ZÁÉÍÓÚÑ][\wÀ-ÿ'’.-]*)*"
_NAMES = re.compile(
    rf"{_NAME}(?:\s*\([^()]{{1,40}}\))?(?:,\s(?:and\s|y\s|e\s)?{_NAME}(?:\s*\([^()]{{1,40}}\))?)*,?\s(?:and|y|e)\s(?:in\s|en\s|the\s)?{_NAME}"
)


def check(sentences: Sequence[Sentence]) -> list[Hit]:
    found: list[Hit] = []
    for sent in sentences:
        for index, mention in enumerate(sent.mentions):
            if _may_list(mention):
                found += _listed(sent, index, mention)
        found += _listed_before(sent)
        found += _marked(sent)
    found += _bullets(sentences)
    return found


def _may_list(m: Mention) -> bool:
    return (
        m.kind == "c"
        and not m.weak
        and 2 <= m.value <= 30
        and m.qualifier is Qualifier.EXACT
        and bool(m.noun)
        and m.value == int(m.value)
    )


def _listed(sent: Sentence, index: int, mention: Mention) -> list[Hit]:
    """'Three offices (A, B and C)', 'three offices: A, B and C', 'in three cities, A, B and C'."""
    rest = sent.text[mention.end :]
    upto = sent.mentions[index + 1].begin - mention.end if index + 1 < len(sent.mentions) else len(rest)
    shapes = (
        r"^(?P<np>[^().;:,\d]{1,60}?),\s(?:namely|specifically|that is|i\.e\.|a saber|es decir|concretamente)[,:]?\s(?P<list>[^.;:\d]{5,400}?)(?:[.;]|$)",
        r"^(?P<np>[^().;:<\d]{1,70}?)\s?\((?P<list>[^()\d]{5,400})\)",
        r"^(?P<np>[^().;:\d]{1,90}?):\s(?P<list>[^.:\d]{5,500}?)(?:[.]|$)",
        r"^(?P<np>[^().;:,\d]{1,60}?)(?:\s[–—-]\s|\s?—)(?P<list>[^–—.;:\d]{5,400}?)(?:\s[–—-]\s|—|[.]|$)",
        r"^(?P<np>[^().;:,\d]{1,45}?)\s(?:are|son)\s(?P<list>[^,.;:\d]{2,50},\s[^,.;:\d]{2,50},\s?[^.;:\d]{2,200}?)[.]?$",
    )
    for shape in shapes:
        match = re.match(shape, rest)
        if match and match.end("list") <= upto:
            span = None if re.match(r"(?:in|en|at|across)\s", match["list"]) else items(match["list"])
            if span and not (
                (mention.kin == "person" and mention.noun not in _BODIES)
                or (mention.noun in _EVENTS and _capitals(match["list"]))
            ):
                return hit(relations.list_count(mention.quantity(), *span), sent, [index])
    if re.search(r"\b(?:of|de) (?:the|l[oa]s|sus|its) $", sent.text[: mention.start]):
        return []  # 'the second of the three phases covers A, B and C'
    named = re.match(rf"^(?P<np>[^().;:,\d]{{1,50}}?)(?:,| of| de| del)?\s(?P<list>{_NAMES.pattern})", rest)
    if named and named.end("list") <= upto and mention.noun not in _EVENTS and mention.kin != "person":
        joined = re.match(rf"\s(?:{lexicon_head(mention)})\b", named["np"] + " ")
        span = items(named["list"])
        if (
            span
            and joined
            and re.fullmatch(r"[\s\wÀ-ÿ-]{1,40}", named["np"])
            and _direct(named["np"], mention)
        ):
            return hit(relations.list_count(mention.quantity(), *span), sent, [index])
    return []


def lexicon_head(mention: Mention) -> str:
    return re.escape(mention.phrase) if mention.phrase else "(?!)"


def _direct(np: str, mention: Mention) -> bool:
    """The list stands right behind the noun ('in five cities of A, B ...'), nothing in between."""
    return np.strip() in (mention.phrase, f"{mention.phrase} of", f"{mention.phrase} de") or (
        np.strip().startswith(mention.phrase) and len(np.strip()) <= len(mention.phrase) + 14
    )


def _capitals(text: str) -> bool:
    parts = re.split(rf",|;|\s{_JOIN}\s", text)
    return all(
        re.match(r"\s*(?:the |la |el |los |las |in |en |de )?[A-ZÁÉÍÓÚÑ]", p) for p in parts if p.strip()
    )


def items(text: str) -> tuple[int, int] | None:
    """How many items a list names, from and to (an inner 'and' may join two items or be part of one)."""
    if _NOT_LIST.search(text):
        return None
    text = text.strip(" .;,")
    for mark in ("·", "•", "|", " / "):
        if text.count(mark) > 1:
            return text.count(mark) + 1, text.count(mark) + 1
    if ";" in text:
        parts = [p for p in re.split(r";\s*(?:and\s|y\s|e\s)?", text) if p.strip()]
        return (len(parts), len(parts)) if len(parts) > 1 else None
    parts = [p.strip() for p in text.split(",") if p.strip()]
    last = parts[-1]
    if re.match(rf"{_JOIN}\s", last):
        inner = sum(len(re.findall(rf"\s{_JOIN}\s", p)) for p in parts)
        return (len(parts), len(parts) + inner) if len(parts) > 1 else None
    joins = [len(re.findall(rf"\s{_JOIN}\s", p)) for p in parts]
    if len(parts) == 1 and joins[0] == 0:
        return None
    if joins[-1] == 0 and not (_capitals(text) and len(parts) > 2):
        return None  # 'A, B' without a last 'and' is seldom the whole list
    most = len(parts) + sum(joins)
    sure = joins[-1] == 1 or _capitals(last)
    fewest = len(parts) + (1 if joins[-1] and sure else 0)
    if any(len(p.split()) > 14 for p in parts):
        return None
    if len(parts) == 1:
        return (2, 2) if joins[0] == 1 else (2, most)
    return (fewest if joins[-1] <= 1 else len(parts), most)


_BEFORE = re.compile(
    rf"(?P<list>{_NAMES.pattern})(?:,|\s[–—-]|:)?\s(?:the|los|las|are the|son l[oa]s|form the|conforman l[oa]s|as the)\s$"
)


def _listed_before(sent: Sentence) -> list[Hit]:
    """'A, B and C, the three States of the team'."""
    found: list[Hit] = []
    for index, mention in enumerate(sent.mentions):
        if not _may_list(mention) or mention.kin == "person" or mention.noun in _EVENTS:
            continue
        match = _BEFORE.search(sent.text[: mention.start])
        span = items(match["list"]) if match else None
        if span and re.search(
            r",\s(?:the|los|las)\s$|\s(?:are|son|form|conforman|as)\s\w+\s$", sent.text[: mention.start]
        ):
            found += hit(relations.list_count(mention.quantity(), *span), sent, [index])
    return found


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MARK = re.compile(r"(?:(?<=\s)|(?<=\()|^)(?P<m>[ivx]{1,4}|\d{1,2}|[a-l])[).](?=\s)")


def _marked(sent: Sentence) -> list[Hit]:
    """'Eight deliverables: 1) ...; 2) ...' counted by its marks."""
    marks = [(m.group("m"), m.start()) for m in _MARK.finditer(sent.text)]
    best: list[int] = []
    for style in (_ROMAN, tuple(str(n) for n in range(1, 31)), tuple("abcdefghijkl")):
        run: list[int] = []
        for mark, at in marks:
            if len(run) < len(style) and mark == style[len(run)]:
                run.append(at)
        best = max(best, run, key=len)
    if len(best) < 2:
        return []
    before = [(i, m) for i, m in enumerate(sent.mentions) if m.end < best[0] and m.kind == "c"]
    if not before or not re.search(r":[\s(]*$", sent.text[: best[0]]):
        return []
    index, mention = before[-1]
    gap = sent.text[mention.end : best[0]]
    if (
        mention.kin == "person"
        or not mention.noun
        or len(gap) > 130
        or mention.value > 30
        or mention.qualifier is not Qualifier.EXACT
    ):
        return []
    return hit(relations.list_count(mention.quantity(), len(best), len(best)), sent, [index])


_LABELLED = re.compile(r"^(?:[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ ]{3,30}):\s")


def _bullets(sentences: Sequence[Sentence]) -> list[Hit]:
    """A paragraph that ends with a colon and announces N things, against the list under it."""
    found: list[Hit] = []
    blocks: list[list[Sentence]] = []
    for sent in sentences:
        if blocks and blocks[-1][0].block is sent.block:
            blocks[-1].append(sent)
        else:
            blocks.append([sent])
    for at, block in enumerate(blocks):
        if not block[-1].text.rstrip().endswith(":"):
            continue
        under = _under(blocks[at + 1 :])
        announced = _announced(block)
        if under >= 2 and announced:
            (sent, index), mention = announced, announced[0].mentions[announced[1]]
            found += hit(relations.list_count(mention.quantity(), under, under), sent, [index])
    return found


def _under(blocks: Sequence[list[Sentence]]) -> int:
    bullets = 0
    for block in blocks:
        if not block[0].block.bullet:
            break
        bullets += 1
    if bullets:
        return bullets
    labelled = 0
    for block in blocks:
        if not _LABELLED.match(block[0].block.text):
            break
        labelled += 1
    return labelled


def _announced(block: Sequence[Sentence]) -> Place | None:
    last = block[-1]
    for sent in reversed(block[-2:]):
        for index in range(len(sent.mentions) - 1, -1, -1):
            mention = sent.mentions[index]
            if not _may_list(mention) or mention.kin == "person":
                continue
            if sent is last:
                close = len(sent.text) - mention.end <= 70
                return (sent, index) if close else None
            shared = {w[:6].lower() for w in mention.phrase.split() if len(w) > 3}
            words = {w[:6].lower() for w in re.findall(r"[A-Za-zÀ-ÿ]{4,}", last.text)}
            return (sent, index) if shared & words and not last.mentions else None
    return None

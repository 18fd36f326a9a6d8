"""Enumerations of quantities in a sentence: 'A women, B men and C others', 'x (A), y (B)', 'x: A; y: B'."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from dataclasses import dataclass

from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.lexicon import fold

_AND = r"(?:and|y|e|plus|más|&|as well as|así como|además de|together with|junto con|while|whereas|mientras que|mientras)"
_LEAD = (
    r"(?:(?:the|los|las|el|la)?\s*(?:other|another|remaining|remainder|further|additional|otr[oa]s?|restantes?|finalmente|"
    r"finally|lastly|por último|followed by|seguid[oa]s? (?:de|por)|by|also|also|the|l[oa]s|el|un|una)\s*){0,3}"
)
_TEXT = r"(?:[^<.;:()]|<[dhyrta]\d+>|(?<=\w)\.(?=\w))"
_SEP = rf"(?:\s*[,;]\s*(?:{_AND}\s+)?|\s+{_AND}\s+)"
_NUMBER_FIRST = re.compile(
    rf"(?P<label>{_TEXT}{{0,110}}?){_SEP}(?P<lead>{_LEAD})(?P<tail>[^<.;:(),]{{0,45}}?)\s*$"
)
#: Words that make what follows no further item of the list.
_BREAK = re.compile(
    r"\b(?:including|includes?|of (?:whom|which|these|them)|among|total\w*|de (?:l[oa]s|ell[oa]s|quienes) (?:cuales|que)?|de (?:est|es)[oa]s|incluid[oa]s|incluyendo|entre ell[oa]s|"
    r"compar\w+|than|bringing|leaving|that is|es decir|i\.e|or|o sea|equival\w+|represent\w+|in all|suma\w*|add\w* up|with|con|but|pero|"
    r"compris\w+|consist\w+|made up|divid\w+|respectively|quedando|elevando|up from|down from|average|promedio|each|cada|an increase|a decrease|un aumento|una disminución)\b"
)
_BRACKETED = re.compile(rf"[^<()]{{0,30}}\){_SEP}{_LEAD}(?P<next>[^<.;:(]{{1,90}}?)\s*\((?:\w+\s+)?$")
_LABEL_FIRST = re.compile(rf"{_SEP}(?P<next>{_TEXT}{{1,60}}?)[:,]?\s*(?:con|with|=)?\s*$")
_COLONED = re.compile(rf"\s*(?P<label>{_TEXT}{{0,40}}?){_SEP}(?P<next>{_TEXT}{{1,60}}?):\s*$")
_TOKEN = re.compile(r"<([cpmto])(\d+)>")
_ASIDE = {
    "c": re.compile(
        r"\s*\([^()<]*<[pt]\d+>[^()<]*\)|,\s*(?:or|o|es decir,?|i\.e\.,?|that is,?)\s+(?:el\s+)?<p\d+>,?"
    ),
    "m": re.compile(r"(?<=>)\s*\([^()<]*<[pm]\d+>[^()<]*\)"),
    "p": re.compile(
        r"\s*\([^()<]*<[cm]\d+>[^()<]*\)"
        r"|(?<=\)),\s*(?:of (?:which|whom)|de (?:los|las) (?:cuales|que)|de quienes)\s+<p\d+>[^<;.()]*?(?=[;,])"
    ),
}


@dataclass(frozen=True, slots=True)
class Chain:
    """Consecutive quantities of one kind that one sentence sets side by side."""

    kind: str
    items: tuple[int, ...]
    labels: tuple[str, ...]
    start: int  # offsets in the masked sentence that the chain was read from
    end: int
    masked: str


def chains(sent: Sentence, kind: str) -> list[Chain]:
    """Every enumeration of two or more quantities of `kind`, asides left out."""
    masked = _ASIDE[kind].sub("", sent.masked)
    tokens = [m for m in _TOKEN.finditer(masked) if m.group(1) == kind or m.group(1) in "cpm"]
    found: list[Chain] = []
    run: list[re.Match[str]] = []
    labels: list[str] = []
    form = ""
    for token in tokens:
        if token.group(1) != kind:
            _close(found, run, labels, masked, kind, form)
            run, labels, form = [], [], ""
            continue
        if run:
            gap = masked[run[-1].end() : token.start()]
            linked = _link(gap, form)
            if linked:
                form, label = linked
                labels.append(label)
                run.append(token)
                continue
            _close(found, run, labels, masked, kind, form)
        run, labels, form = [token], [], ""
    _close(found, run, labels, masked, kind, form)
    return found


def _link(gap: str, form: str) -> tuple[str, str] | None:
    """How the gap joins two items: (form, label). A chain keeps to one form."""
    for name, shape in (
        ("bracket", _BRACKETED),
        ("colon", _COLONED),
        ("first", _NUMBER_FIRST),
        ("label", _LABEL_FIRST),
    ):
        if form and name != form:
            continue
        match = shape.fullmatch(gap)
        if match:
            got = match.groupdict()
            if _BREAK.search(got.get("tail") or "") or re.search(
                r"\b(?:total|than|compared|(?:más|menos) que|respecto|frente)\b", gap
            ):
                continue
            if name == "first" and (got["tail"] or got["lead"]):
                return name, f"{got['label'].strip()}|{got['lead'].strip()} {got['tail'].strip()}"
            return name, (got.get("next") or got.get("label") or "").strip()
    return None


def _close(
    found: list[Chain], run: list[re.Match[str]], labels: list[str], masked: str, kind: str, form: str
) -> None:
    if len(run) < 2:
        return
    if (
        len(run) == 2
        and re.search(r"\b(?:between|entre|from|de)\s(?:the\s|l[oa]s\s)?$", masked[: run[0].start()])
        and not labels[0].split("|")[0].strip()
    ):
        return  # 'between 20 and 30' is a range
    after = re.match(rf"{_TEXT}{{0,90}}", masked[run[-1].end() :])
    before = re.search(rf"{_TEXT}{{0,60}}$", masked[: run[0].start()].rstrip(" ("))
    if form in ("bracket", "label", "colon"):
        labels = [before.group().strip() if before else "", *labels]
    elif any("|" in label for label in labels):
        # 'women are 57% of participants and men 43%': words stand on both sides of each number
        left = [before.group().strip() if before else "", *(x.partition("|")[2] for x in labels)]
        right = [*(x.partition("|")[0] for x in labels), after.group().strip() if after else ""]
        labels = [f"{a} {b}".strip() for a, b in zip(left, right, strict=True)]
    else:
        labels = [*labels, after.group().strip() if after else ""]
    items = tuple(int(t.group(2)) for t in run)
    found.append(Chain(kind, items, tuple(fold(x) for x in labels), run[0].start(), run[-1].end(), masked))


_DIMENSIONS = {
    "sex": r"\b(?:wom[ae]n|girls?|females?|m[ae]n|boys?|males?|mujer(?:es)?|ninas?|hombres?|ninos?|varones|femenin\w+|masculin\w+)\b",
    "age": r"\b(?:child(?:ren)?|minors?|adolescents?|adults?|youths?|infants?|under 1\d|ninez|menores|adolescentes?|adult[oa]s?"
    r"|jovenes|girls?|boys?|ninas?|ninos?|older|elderly|mayores|young)\b",
    "status": r"\b(?:refugees?|asylum.seekers?|stateless|returnees?|internally displaced|migrants?|host communit\w+"
    r"|refugiad[oa]s?|solicitantes?|apatridas?|retornad[oa]s?|desplazad[oa]s?|migrantes?|comunidad(?:es)? de acogida|at risk|en riesgo)\b",
    "nation": r"\b(?:hondurans?|salvadorans?|guatemalans?|nicaraguans?|venezuelans?|colombians?|haitians?|cubans?|ecuadorians?|mexicans?"
    r"|hondur\w+|salvador\w+|guatemaltec\w+|nicarag\w+|venezolan\w+|colombian\w+|haitian\w+|cuban\w+|ecuatorian\w+|mexican\w+)\b",
    "area": r"\b(?:urban\w*|rural\w*)\b",
    "outcome": r"\b(?:approv\w+|granted|reject\w+|denied|refused|pending|withdrawn|abandon\w+|closed|aprobad\w+|otorgad\w+|rechazad\w+"
    r"|denegad\w+|negad\w+|pendientes?|desistid\w+|cerrad\w+|archivad\w+|favorables?|desfavorables?|open|abiertos?|en tramite|resuelt\w+)\b",
    "trait": r"\b(?:disabilit\w+|discapacidad\w*|lgbt\w*|indigen\w+|afro\w*|pregnan\w+|embarazad\w+|survivors?|sobrevivientes?"
    r"|unaccompanied|no acompanad\w+|heads? of|jefas?|chronic|cronic\w+|single parent\w*|bilingu\w+|literate|languages?|lenguas?|speak|hablan|mothers|madres|lideresas|leaders)\b",
}
_DIMENSION = {name: re.compile(words) for name, words in _DIMENSIONS.items()}
_CLOSERS = re.compile(
    r"\b(?:others?|rest|remaining|remainder|otr[oa]s|resto|restantes?|demas|neither|none|unknown|ningun[oa]?|desconocid\w+)\b"
)
_PAIRS = (
    (r"\b(?:wom[ae]n|females?|mujer(?:es)?|femenin\w+)\b", r"\b(?:m[ae]n|males?|hombres?|varones|masculin\w+)\b"),
    (r"\b(?:girls?|ninas)\b", r"\b(?:boys?|ninos)\b"),
    (r"\b(?:adults?|adult[oa]s?)\b", r"\b(?:child(?:ren)?|minors?|ninez|menores|ninas|adolescents?|adolescentes)\b"),
    (r"\burban\w*", r"\brural\w*"),
    (r"\b(?:primary|primaria)\b", r"\b(?:secondary|secundaria)\b"),
    (r"\b(?:in.person|presencial(?:es)?)\b", r"\b(?:virtual(?:es|ly)?|online|remote|remot[oa]s?|en linea)\b"),
    (r"\b(?:approved|granted|aprobad\w+|positive|favorables?|accepted|aceptad\w+)\b",
     r"\b(?:rejected|denied|refused|rechazad\w+|denegad\w+|negative|desfavorables?)\b"),
    (r"\b(?:passed|aprobaron|pass)\b", r"\b(?:failed|fail|reprobaron|reprobad\w+)\b"),
    (r"\b(?:admitted|let in|admitid\w+|admiti\w+|allowed|ingresaron)\b", r"\b(?:refused|turned (?:back|away)|rechazad\w+|inadmitid\w+|devuelt\w+)\b"),
    (r"\b(?:in favou?r|a favor)\b", r"\b(?:against|en contra)\b"),
    (r"\b(?:present|attended|asistieron|presentes)\b", r"\b(?:absent|missing|faltaron|ausentes)\b"),
    (r"\b(?:completed|finished|closed|resolved|culmin\w+|complet\w+|conclu\w+|termin\w+|cerrad\w+|resuelt\w+)\b",
     r"\b(?:dropped out|pending|open|abandon\w+|pendientes?|ongoing|in progress|en curso|en tramite|did not|no )"),
)  # fmt: skip
_STAGE = re.compile(
    r"\b(?:review\w+|process\w+|interview\w+|analy[sz]ed|assess\w+|registered|examined|completed|attended|enrolled|graduat\w+|trained"
    r"|selected|shortlisted|found (?:work|employment|a job)|placed|revis\w+|procesad\w+|entrevist\w+|analizad\w+|evaluad\w+"
    r"|registrad\w+|inscri\w+|complet\w+|culmin\w+|seleccionad\w+|capacitad\w+|atendid\w+|colocad\w+|certif\w+|approved|aprobad\w+"
    r"|recogni[sz]ed|reconocid\w+|resuelt\w+)\b"
)
_COMPLEMENT = re.compile(
    r"\b(?:drop\w+ out|abandon\w+|not|no|pending|reject\w+|denied|refus\w+|withdr\w+|still|await\w+|in progress|under review|ongoing|open"
    r"|pendientes?|rechazad\w+|denegad\w+|desist\w+|en tramite|en proceso|siguen|continuan|en curso|abiert\w+|fail\w+|archivad\w+)\b"
)


_OF_THEM = re.compile(r"\b(?:of (?:them|whom|these)|de (?:ell[oa]s|est[oa]s|l[oa]s cuales))\b")


def overlapping(labels: tuple[str, ...]) -> bool:
    """Whether labels speak of different traits, so that one person may be counted twice."""
    if sum(bool(_OF_THEM.search(label)) for label in labels) > 1 and not _CLOSERS.search(labels[-1]):
        return True  # '11 of them minors, 14 of them women'
    if closed_pair(labels):
        return False
    dims = [{d for d, words in _DIMENSION.items() if words.search(label)} for label in labels]
    if any("trait" in d for d in dims) and not all("trait" in d for d in dims):
        return True
    if any("trait" in d for d in dims):
        return True
    if any(a and b and not a & b for i, a in enumerate(dims) for b in dims[:i]):
        return True
    if set.intersection(*dims):
        return False  # all labels answer one question: refugees, asylum-seekers, stateless
    stages = [bool(_STAGE.search(label)) for label in labels]
    one_word = {m.group() for label in labels if (m := _STAGE.search(label))}
    return (
        any(stages) and not (all(stages) and len(one_word) == 1) and not any(map(_COMPLEMENT.search, labels))
    )


def closed_pair(labels: tuple[str, ...]) -> bool:
    """Women and men, adults and children, urban and rural: both halves of a whole are named."""
    for one, other in _PAIRS:
        has = (
            [bool(re.search(one, label)) for label in labels],
            [bool(re.search(other, label)) for label in labels],
        )
        if any(has[0]) and any(has[1]) and has[0] != has[1]:
            return True
    return False


def closed(labels: tuple[str, ...]) -> bool:
    """Whether the labels leave nobody out: 'others', 'the remaining', or both halves."""
    return bool(_CLOSERS.search(labels[-1])) or closed_pair(labels)

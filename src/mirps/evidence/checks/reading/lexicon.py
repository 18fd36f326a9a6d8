"""The words of the grammar, in both languages: what the extraction and the relations look for."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mirps.evidence.figures.rules import Qualifier

PERSON = {
    "en": frozenset(
        "person people individual man woman boy girl child adolescent youth teenager adult minor refugee "
        "migrant returnee asylum-seeker seeker applicant beneficiary participant official student teacher "
        "worker intern attendee resident citizen national victim survivor member user learner inhabitant "
        "servant professional volunteer employee candidate inspector supervisor deportee infant elder parent "
        "mother father caregiver leader female male displaced idp owner entrepreneur graduate patient nurse "
        "doctor police officer passenger claimant recipient trainee facilitator judge defender tenant guest "
        "representative delegate director pupil baby human household-head arrival staff respondent interviewee "
        "prosecutor lawyer coordinator guard agent technician manager relative survivor farmer artisan vendor "
        "speaker expert promoter adviser advisor mentor educator psychologist consultant clerk judge colleague".split()
    ),
    "es": frozenset(
        "persona individuo hombre mujer niño niña adolescente joven adulto adulta menor refugiado refugiada "
        "migrante retornado retornada solicitante beneficiario beneficiaria participante funcionario "
        "funcionaria estudiante alumno alumna docente maestro maestra trabajador trabajadora pasante "
        "asistente residente ciudadano ciudadana nacional víctima sobreviviente integrante miembro usuario "
        "usuaria habitante servidor servidora profesional voluntario voluntaria empleado empleada candidato "
        "deportado deportada infante madre padre cuidador cuidadora líder lideresa desplazado desplazada "
        "apátrida bebé egresado egresada graduado graduada paciente técnico técnica promotor promotora "
        "inspector inspectora reclamante receptor titular niñez extranjero extranjera becario becaria "
        "emprendedor emprendedora postulante buscador delegado delegada representante juez policía encuestado "
        "encuestada entrevistado entrevistada jueza fiscal defensor defensora abogado abogada agente guardia educador "
        "educadora psicólogo psicóloga experto experta asesor asesora facilitador facilitadora productor productora "
        "hondureño hondureña salvadoreño salvadoreña guatemalteco guatemalteca nicaragüense venezolano venezolana "
        "colombiano colombiana haitiano haitiana cubano cubana mexicano mexicana costarricense panameño panameña "
        "pasajero pasajera "
        "beliceño beliceña ecuatoriano ecuatoriana varón operador operadora gestor gestora artesano artesana".split()
    ),
}
#: Heads that stand for many kinds of thing, so that differently named parts can add up to them.
GENERIC = {
    "en": frozenset(
        "case activity service action event session institution organisation organization entity project "
        "document permit kit application request claim place office item centre center facility visit "
        "measure initiative meeting space site location municipality department country community "
        "participation record file appointment vacancy job offer course city town state member team post "
        "district".split()
    ),
    "es": frozenset(
        "caso actividad servicio acción evento sesión institución organización entidad proyecto documento "
        "permiso kit solicitud petición lugar oficina elemento centro instalación visita medida iniciativa "
        "reunión espacio sitio municipio departamento país comunidad registro expediente cita vacante "
        "empleo oferta curso ciudad jornada taller trámite atención miembro equipo puesto sede plaza "
        "distrito".split()
    ),
}
TIME = {
    "en": {"day": "day", "week": "week", "month": "month", "year": "year", "hour": "hour", "minute": "minute"}
    | {"quarter": "quarter", "semester": "semester", "decade": "decade"},
    "es": {"día": "day", "semana": "week", "mes": "month", "año": "year", "hora": "hour", "minuto": "minute"}
    | {"trimestre": "quarter", "semestre": "semester", "década": "decade", "decenio": "decade"},
}
CURRENCY = {
    "usd": "USD", "us$": "USD", "u.s.$": "USD", "$": "USD", "dollar": "USD", "dollars": "USD", "dólares": "USD",
    "dólar": "USD", "us": "USD", "eur": "EUR", "€": "EUR", "euro": "EUR", "euros": "EUR", "cad": "CAD",
    "can$": "CAD", "hnl": "HNL", "lempira": "HNL", "lempiras": "HNL", "l": "HNL", "l.": "HNL", "lps": "HNL",
    "lps.": "HNL", "gtq": "GTQ", "quetzal": "GTQ", "quetzales": "GTQ", "q": "GTQ", "pab": "PAB",
    "balboa": "PAB", "balboas": "PAB", "b/.": "PAB", "crc": "CRC", "₡": "CRC", "colón": "CRC",
    "colones": "CRC", "colons": "CRC", "mxn": "MXN", "peso": "MXN", "pesos": "MXN", "bzd": "BZD", "bz$": "BZD",
    "córdobas": "NIO", "córdoba": "NIO", "nio": "NIO",
    "gbp": "GBP", "£": "GBP", "chf": "CHF", "jpy": "JPY",
}  # fmt: skip

_AT_LEAST, _AT_MOST, _ABOUT = Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.ABOUT
QUALIFIERS: dict[str, list[tuple[str, Qualifier]]] = {
    "en": [
        (
            r"no (?:fewer|less) than|not (?:fewer|less) than|at least|a minimum of|minimum|upwards of",
            _AT_LEAST,
        ),
        (
            r"no more than|not more than|no longer than|not longer than|at most|a maximum of|maximum|up to|as many as|at the most",
            _AT_MOST,
        ),
        (r"in excess of|more than|above|exceed(?:ing|ed|s)?|surpass(?:ed|es|ing)|over", _AT_LEAST),
        (r"fewer than|less than|below|under", _AT_MOST),
        (
            r"close to|approximately|approx\.?|around|about|some|nearly|almost|roughly|circa|just under",
            _ABOUT,
        ),
        (r"just over|a little over|slightly more than|a little more than|slightly over", _AT_LEAST),
        (r"~|≈|in the region of|virtually", _ABOUT),
    ],
    "es": [
        (
            r"no menos de|no menor(?:es)? (?:de|a)|no inferior(?:es)? a|al menos|por lo menos|como mínimo|un mínimo de|mínimo|cuando menos",
            _AT_LEAST,
        ),
        (
            r"no (?:pasar|pasan|pasa|pase|exceder?|exceden?) de|no más de|no mayor(?:es)? (?:de|a)|no superior(?:es)? a|a lo sumo|como máximo|un máximo de|máximo"
            r"|hasta|a lo más",
            _AT_MOST,
        ),
        (r"poco menos de|cerca de|alrededor de|en torno a(?:l| las| los)?", _ABOUT),
        (r"aproximadamente|unos|unas|casi|cercan[oa]s? a|aprox\.?|~|≈|prácticamente|del orden de", _ABOUT),
        (
            r"(?:un )?poco más de|algo más de|más de|superior(?:es)? a|por encima de|super(?:ó|a|an|aron)(?: a)?",
            _AT_LEAST,
        ),
        (r"menos de|inferior(?:es)? a|por debajo de", _AT_MOST),
    ],
}
AFTER_QUALIFIERS = {
    "en": [(r"or more|or above|plus|\+", _AT_LEAST), (r"or fewer|or less", _AT_MOST)],
    "es": [(r"o más|\+", _AT_LEAST), (r"o menos", _AT_MOST)],
}
#: Words that end a noun phrase read to the right of a number.
STOP = {
    "en": frozenset(
        "of in to from for with over above below means apiece who that "
        "which whom whose were was are is be been being have has had and or by "
        "at on as per than into during through under between among within across while when where if but "
        "also not this these those the a an each every following including such so then their his her its "
        "more fewer less higher lower only not did do does will would can could may might since until after "
        "before because however respectively total all both we they it there here made up came come received "
        "took take attended compared equivalent".split()
    ),
    "es": frozenset(
        "de del en a al para por con sin que quien quienes cuyo cuya fueron fue son es era eran ser sido "
        "estar han ha había habían y e o u como según durante entre hasta desde sobre bajo ante mientras "
        "cuando donde si pero también no este esta estos estas el la los las un una unos unas cada más menos "
        "se su sus lo le les ya además así entonces total respectivamente incluyendo incluidos incluidas "
        "participaron recibieron están estaban tienen tenían corresponden corresponde provienen".split()
    ),
}
_IRREGULAR = {
    "en": {"people": "person", "persons": "person", "children": "child", "women": "woman", "men": "man"}
    | {
        "staff": "staff",
        "interviewees": "applicant",
        "countries": "country",
        "youth": "youth",
        "series": "series",
    }
    | {"lives": "life", "girls": "girl", "idps": "idp", "criteria": "criterion", "females": "female"},
    "es": {"países": "país", "meses": "mes", "niños": "niño", "jóvenes": "joven", "mujeres": "mujer"}
    | {"líderes": "líder", "veces": "vez", "jueces": "juez", "interés": "interés", "autobuses": "autobús"},
}


@lru_cache(maxsize=4096)
def lemma(word: str, lang: str) -> str:
    """The singular of a noun, by rule; good enough to compare words of one text."""
    word = word.lower().strip("'’\"“”*_.,;:()[]")
    if word in _IRREGULAR[lang]:
        return _IRREGULAR[lang][word]
    if lang == "en":
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if re.search(r"(?:sses|shes|ches|xes)$", word):
            return word[:-2]
        return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    if word.endswith("iones"):
        return word[:-5] + "ión"
    known = PERSON["es"] | GENERIC["es"]
    if word[:-1] in known:  # 'hombres', 'asistentes'
        return word[:-1]
    if word.endswith("es") and len(word) > 4 and word[-3] in "lrndjz" and word[-4] in "aeiouáéíóú":
        return word[:-2]
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("is") else word


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Lower case without accents, for comparing."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


_NATIONALS = re.compile(r"(?:[A-Z]\w+(?:ans|ans?eans|ians|itians|oreans|uans|ese|ards|eños|eñas|anos|anas))")


def noun_class(noun: str, raw: str, lang: str) -> str:
    """'person', a unit of time, or the noun's own lemma ('' when there is none)."""
    if noun in PERSON[lang] or _NATIONALS.fullmatch(raw):
        return "person"
    if noun in TIME[lang]:
        return TIME[lang][noun]
    return noun


#: Heads of code lists (data/codelists/units.csv) for the `unit` of a claim.
UNITS = {
    "case": "case", "caso": "case", "family": "family", "familia": "family", "household": "household",
    "hogar": "household", "application": "application", "solicitud": "application", "claim": "application",
    "interview": "interview", "entrevista": "interview", "permit": "permit", "permiso": "permit",
    "document": "document", "documento": "document", "service": "service", "servicio": "service",
    "session": "session", "sesión": "session", "meeting": "meeting", "reunión": "meeting", "event": "event",
    "evento": "event", "institution": "institution", "institución": "institution", "company": "company",
    "organisation": "organisation", "organization": "organisation", "organización": "organisation",
    "empresa": "company", "municipality": "municipality", "municipio": "municipality", "country": "country",
    "país": "country", "state": "state", "estado": "state",
}  # fmt: skip

"""The few words that drawings say themselves, in both languages."""

from __future__ import annotations

from mirps.sharing.drawings.model import Frame, Point

ABSENT = {
    "es": {"": "sin dato", "_U": "se desconoce", "_L": "no se recoge", "_S": "protegido"},
    "en": {"": "not reported", "_U": "not known", "_L": "not collected", "_S": "protected"},
}
QUALIFIED = {
    "es": {"about": "aprox. {}", "at_least": "más de {}", "at_most": "hasta {}"},
    "en": {"about": "about {}", "at_least": "over {}", "at_most": "up to {}"},
}
#: The same in a sign, where room is short. The words stand in the shape's title.
SIGNS = {"about": "≈", "at_least": "≥", "at_most": "≤"}
WORDS = {
    "es": {"legend": "Clases", "to": "a", "none": "Sin dato", "neighbour": "País vecino", "total": "Total"},
    "en": {"legend": "Classes", "to": "to", "none": "No data", "neighbour": "Neighbour", "total": "Total"},
}


def word(key: str, frame: Frame) -> str:
    return WORDS[frame.lang][key]


def written(point: Point, frame: Frame) -> str:
    """The value in words, as in a table: 'over 800', 'not collected'."""
    if point.value is None:
        return ABSENT[frame.lang].get(point.absence, ABSENT[frame.lang][""])
    return QUALIFIED[frame.lang].get(point.qualifier, "{}").format(frame.show(point.value))


def signed(point: Point, frame: Frame) -> str:
    """The value beside a mark: '≥800', or the absence in words."""
    if point.value is None:
        return written(point, frame)
    return SIGNS.get(point.qualifier, "") + frame.show(point.value)

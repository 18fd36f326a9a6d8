"""What a finding says, in both languages: what is stated, what would follow, and no accusation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from string import Template

from mirps.base.texts.rules import DEFAULT_LOCALE, number
from mirps.evidence.checks.relations import Breach

#: kind: (Spanish, English). `$name` stands for a value of the breach.
TEXTS: dict[str, tuple[str, str]] = {
    "parts_exceed_total": (
        "Las partes ($parts) suman $sum, más que el total indicado de $total: así no cuadra.",
        "The parts ($parts) make $sum, more than the stated total of $total: this does not add up.",
    ),
    "parts_below_total": (
        "Las partes ($parts) suman $sum y el total indicado es $total: faltan partes o el total no cuadra.",
        "The parts ($parts) make $sum and the stated total is $total: parts are missing or the total does not add up.",
    ),
    "shares_exceed_whole": (
        "Los porcentajes ($parts) suman $sum, más de 100.",
        "The percentages ($parts) make $sum, more than 100.",
    ),
    "shares_below_whole": (
        "Los porcentajes ($parts) suman $sum; una lista completa daría 100.",
        "The percentages ($parts) make $sum; a complete list would make 100.",
    ),
    "share_mismatch": (
        "$part de $base es el $expected %, y se indica $share %.",
        "$part of $base is $expected%, and $share% is stated.",
    ),
    "change_mismatch": (
        "De $before a $after hay un cambio de $expected$sign, y se indica $stated$sign.",
        "From $before to $after is a change of $expected$sign, and $stated$sign is stated.",
    ),
    "direction_mismatch": (
        "El texto y las cifras van en sentido contrario: de $before a $after.",
        "The words and the figures point in opposite directions: from $before to $after.",
    ),
    "multiple_mismatch": (
        "$factor veces $before sería $expected, y se indica $after.",
        "$factor times $before would be $expected, and $after is stated.",
    ),
    "series_falls": (
        "Un total acumulado no puede bajar de $before a $after.",
        "A running total cannot fall from $before to $after.",
    ),
    "list_count": (
        "Se anuncian $stated y se enumeran $listed.",
        "$stated are announced and $listed are listed.",
    ),
    "product_mismatch": (
        "$factors son $product, y se indica $total.",
        "$factors make $product, and $total is stated.",
    ),
    "rate_mismatch": (
        "$total entre $count da un promedio de $expected, y se indica $rate.",
        "$total over $count is an average of $expected, and $rate is stated.",
    ),
    "ratio_mismatch": (
        "$first y $second dan $expected por cada uno, y se indica $stated.",
        "$first and $second make $expected for each one, and $stated is stated.",
    ),
    "restated": (
        "Lo mismo se indica dos veces con valores distintos: $first y $again.",
        "The same thing is stated twice with different values: $first and $again.",
    ),
    "qualifier_mismatch": (
        "«Más de» o «menos de» no concuerda con el valor exacto: $first y $again.",
        "'More than' or 'fewer than' does not agree with the exact value: $first and $again.",
    ),
    "restated_period": (
        "Lo mismo lleva dos fechas distintas: «$first» y «$again».",
        "The same thing carries two different dates: '$first' and '$again'.",
    ),
    "duration_mismatch": (
        "El período «$period» dura $expected, y se indica $stated.",
        "The period '$period' lasts $expected, and $stated is stated.",
    ),
    "period_label": (
        "La etiqueta «$label» y el período «$period» no coinciden.",
        "The label '$label' and the period '$period' do not match.",
    ),
    "period_reversed": (
        "El período «$period» termina antes de empezar.",
        "The period '$period' ends before it begins.",
    ),
    "weekday_mismatch": ("«$date» cae en $es.", "'$date' falls on a $en."),
    "impossible_date": ("La fecha «$date» no existe.", "The date '$date' does not exist."),
    "range_reversed": (
        "El rango está invertido: de $low a $high.",
        "The range has its ends reversed: $low to $high.",
    ),
    "rank_mismatch": (
        "El orden que se indica pone $low antes que $high.",
        "The stated order puts $low before $high.",
    ),
    "range_conflict": (
        "El valor $value queda fuera del rango indicado, de $low a $high.",
        "The value $value lies outside the stated range, $low to $high.",
    ),
    "account_mismatch": (
        "Con $parts se llegaría a $expected, y se indica $stated.",
        "With $parts one would arrive at $expected, and $stated is stated.",
    ),
    "exchange_mismatch": (
        "A la tasa indicada, $first equivale a $expected, y se indica $again.",
        "At the stated rate $first is worth $expected, and $again is stated.",
    ),
    "conversion_mismatch": (
        "Dos conversiones entre las mismas monedas ($units) suponen tasas distintas: $first y $again.",
        "Two conversions between the same currencies ($units) imply different rates: $first and $again.",
    ),
    "number_style": (
        "«$number» no se puede leer con seguridad: el documento usa otra forma de escribir miles y decimales. "
        "Escriba todos los números de una sola forma.",
        "'$number' cannot be read with certainty: the document writes thousands and decimals in another way. "
        "Write all numbers in one way.",
    ),
    "unit_mismatch": (
        "En la segunda unidad, $first sería $expected, y se indica $again.",
        "In the second unit $first would be $expected, and $again is stated.",
    ),
    "ledger_mismatch": (
        "El texto indica $stated y el registro de cifras $expected ($figure).",
        "The text states $stated and the figure ledger $expected ($figure).",
    ),
}


def message(breach: Breach) -> dict[str, str]:
    """The sentence for a finding in both languages. Raises KeyError for a kind without texts."""
    values: Mapping[str, str] = {"stated": breach.stated, "expected": breach.expected, **breach.params}
    texts = zip(("es", "en"), TEXTS[breach.kind], strict=True)
    return {lang: Template(text).safe_substitute(_written(breach.kind, values, lang)) for lang, text in texts}


#: Kinds whose values are dates and names as the document writes them.
_AS_WRITTEN = frozenset(
    (
        "restated_period",
        "period_label",
        "period_reversed",
        "weekday_mismatch",
        "impossible_date",
        "number_style",
    )
)
_VALUE = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w.,])")


def _written(kind: str, values: Mapping[str, str], lang: str) -> dict[str, str]:
    """Numbers as the reader of a language writes them; labels, periods and names stay as they stand."""
    if kind in _AS_WRITTEN:
        return dict(values)
    locale = DEFAULT_LOCALE[lang]
    return {
        name: value
        if name in ("period", "label", "name", "figure")
        else _VALUE.sub(lambda m: number(Decimal(m.group()), locale), value)
        for name, value in values.items()
    }

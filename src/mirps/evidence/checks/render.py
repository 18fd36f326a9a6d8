"""A report of the checker as text for the shell and as a page that stands alone."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

from html import escape

from mirps.evidence.checks.api import Report

_WORDS = {
    "es": {
        "title": "Revisión de cifras", "claims": "afirmaciones con cifras", "claim": "afirmación con cifras", "contradictions": "contradicciones",
        "warnings": "dudas", "none": "No se encontró ninguna contradicción.", "bound": "con cifra en el registro",
        "unknown": "sin cifra en el registro", "contradiction": "contradicción", "warning": "duda", "where": "Lugar",
        "value": "Valor", "unit": "Unidad", "text": "Texto", "figure": "Cifra", "line": "línea", "page": "página",
        "paragraph": "párrafo", "table": "tabla", "qualifier": "Calificador",
    },
    "en": {
        "title": "Check of figures", "claims": "statements with figures", "claim": "statement with figures", "contradictions": "contradictions",
        "warnings": "doubts", "none": "No contradiction was found.", "bound": "with a ledger figure",
        "unknown": "without a ledger figure", "contradiction": "contradiction", "warning": "doubt", "where": "Place",
        "value": "Value", "unit": "Unit", "text": "Text", "figure": "Figure", "line": "line", "page": "page",
        "paragraph": "paragraph", "table": "table", "qualifier": "Qualifier",
    },
}  # fmt: skip


def place(locator: str, lang: str) -> str:
    first, _, rest = locator.partition(" ")
    return f"{_WORDS[lang].get(first, first)} {rest}".strip()


def as_text(report: Report, lang: str) -> str:
    """The findings, one a paragraph, and a last line with the counts."""
    words = _WORDS[lang]
    lines: list[str] = []
    for f in report.findings:
        lines += [f"{place(f.locator, lang)}: {words[f.severity]}: {f.message[lang]}", f"    {f.text}", ""]
    if not report.findings:
        lines += [words["none"], ""]
    lines.append(_counts(report, lang))
    return "\n".join(lines)


def _counts(report: Report, lang: str) -> str:
    words, s = _WORDS[lang], report.summary()
    counted = (("claims", "claim"), ("contradictions", "contradiction"), ("warnings", "warning"))
    text = ", ".join(f"{s[many]} {words[one if s[many] == 1 else many]}" for many, one in counted)
    if report.compared:
        text += f"; {s['bound']} {words['bound']}, {s['unknown']} {words['unknown']}"
    return text + "."


def as_html(report: Report, lang: str) -> str:
    """A page of its own: no script, no other file."""
    words = _WORDS[lang]
    found = "".join(
        f'<li class="{f.severity}"><p><strong>{escape(words[f.severity])}</strong> · {escape(place(f.locator, lang))}</p>'
        f"<p>{escape(f.message[lang])}</p><blockquote>{escape(f.text)}</blockquote></li>"
        for f in report.findings
    )
    head = "".join(f'<th scope="col">{escape(words[k])}</th>' for k in _columns(report))
    rows = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in _rows(report, lang))
    listed = f"<ul>{found}</ul>" if found else f"<p>{escape(words['none'])}</p>"
    title = f"{words['title']}: {report.name}" if report.name else words["title"]
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
        "li{border-left:.4rem solid #8a5a00;padding:.1rem 1rem;margin:1rem 0;list-style:none}li.contradiction{border-color:#b50909}"
        "blockquote{margin:.5rem 0;color:#454545}ul{padding:0}table{border-collapse:collapse;width:100%}"
        "td,th{border-bottom:1px solid #a9aeb1;padding:.3rem .5rem;text-align:left;vertical-align:top}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p>{escape(_counts(report, lang))}</p>"
        f"{listed}"
        f"<table><caption>{escape(words['claims'])}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</main></body></html>"
    )


def _columns(report: Report) -> list[str]:
    return ["where", "text", "value", "unit", "qualifier", *(["figure"] if report.compared else [])]


def _rows(report: Report, lang: str) -> list[list[str]]:
    made: list[list[str]] = []
    for c in report.claims:
        row = [place(c.locator, lang), c.text, f"{c.value.normalize():f}", c.unit, c.qualifier]
        made.append([*row, report.figures.get(c.id, "")] if report.compared else row)
    return made

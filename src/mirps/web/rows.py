"""Rows of figures and drawings as markup, kept: a page made anew shows mostly what others have shown.

A statement never changes, nor do its words for one language and country, so its row need not be
written again. The markup itself is a template, `parts/rows.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, lru_cache

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mirps.sharing.portal.charts import Drawing
from mirps.sharing.portal.wording import Line

#: What marks a figure that was corrected: the words, and the address of the erratum.
Mark = tuple[str, str]
#: About a kilobyte each.
MOST_ROWS = 20_000
#: With their values as rows, some ten kilobytes each.
MOST_DRAWINGS = 500
#: What frames every page: by language, and by which of its few links is the page itself; some kilobytes each.
MOST_PARTS = 1_000


def kept_markup(env: Environment) -> dict[str, Callable[..., Markup]]:
    """The functions `row`, `drawn` and `framed` of the templates."""

    @cache
    def parts(lang: str, name: str = "parts/rows.html") -> object:
        return env.get_template(name).make_module({"lang": lang})

    @lru_cache(maxsize=MOST_ROWS)
    def row_of(line: Line, first: str, doubt: str, erratum: Mark | None, lang: str) -> Markup:
        made: Markup = parts(lang).row(line, first, doubt, erratum)  # type: ignore[attr-defined]
        return made

    @lru_cache(maxsize=MOST_DRAWINGS)
    def drawing_of(drawing: Drawing, wide: bool, lang: str) -> Markup:
        made: Markup = parts(lang).drawing(drawing, wide)  # type: ignore[attr-defined]
        return made

    @lru_cache(maxsize=MOST_PARTS)
    def part_of(name: str, lang: str, chosen: tuple[Hashable, ...]) -> Markup:
        made: Markup = getattr(parts(lang, "parts/framed.html"), name)(*chosen)
        return made

    @pass_context
    def framed(context: Context, name: str, *chosen: Hashable) -> Markup:
        return part_of(name, context["lang"], chosen)

    @pass_context
    def row(context: Context, line: Line, first: str, doubt: str = "", erratum: Mark | None = None) -> Markup:
        return row_of(line, first, doubt, erratum, context["lang"])

    @pass_context
    def drawn(context: Context, drawing: Drawing, wide: bool = False) -> Markup:
        return drawing_of(drawing, wide, context["lang"])

    return {"row": row, "drawn": drawn, "framed": framed}

"""Words of the other language on a page: everything that the product says is in its data in both, so a page can be
asked whether it says something that is known to it in the other one alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import yaml
from playwright.sync_api import Page

from mirps.base.codelists.api import data_folder

LANGUAGES = ("es", "en")
#: Where what is said in both languages is kept.
_KEPT = ("texts", "procedures", "bodies", "interpreting")
#: What a reader sees, piece by piece; without what says itself that it is in another language.
_SEEN = """() => {
  const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    const at = n.parentElement;
    if (at.closest('script, style, template, code, textarea, [lang]:not(html), [hreflang], .reason')) continue;
    if (n.data.trim()) out.push(n.data.trim().replace(/\\s+/g, ' '));
  }
  return out;
}"""


def foreign(page: Page, lang: str) -> list[str]:
    """What the page says in the other language."""
    mine, (other,) = _said(lang), [x for x in LANGUAGES if x != lang]
    theirs = _said(other)
    found = [re.sub(r"[.:;,]$", "", text) for text in page.evaluate(_SEEN)]
    return [x for x in dict.fromkeys(found) if theirs.fullmatch(x) and not mine.fullmatch(x)]


@cache
def _said(lang: str) -> re.Pattern[str]:
    """All that is said in a language, with anything in the place of what is filled in."""
    out = set()
    for folder in _KEPT:
        for path in sorted((data_folder() / folder).glob("*.yaml")):
            for text in _texts(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), lang):
                words = re.sub(r"\s+", " ", text).strip().rstrip(".:;,")
                if len(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{.*?\}", "", words))):
                    out.add(r".+?".join(re.escape(part) for part in re.split(r"\{\w*\}", words)))
    return re.compile("|".join(sorted(out)))


def _texts(node: object, lang: str) -> Iterator[str]:
    if isinstance(node, dict):
        if set(node) == set(LANGUAGES):
            yield str(node[lang])
        else:
            for value in node.values():
                yield from _texts(value, lang)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, lang)

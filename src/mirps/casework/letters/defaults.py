"""The texts and papers of this installation (data/letters), read and proved once a process.

`<procedure>-<document>.yaml` where there is one, else the sort of paper's own: a new procedure needs no file here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.marked.faults import Fault, Faults
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import tree
from mirps.casework.letters import templates
from mirps.casework.letters.fields import NEEDS, known
from mirps.casework.letters.templates import Template
from mirps.casework.procedures.model import Paper, Procedure

LANGUAGES = ("es", "en")
_STANDARD = {"paper": "us-letter", "language": "es"}


@dataclass(frozen=True, slots=True)
class Text:
    """A letter's text in both languages. `version`: where it comes from."""

    version: str
    es: str
    en: str

    def of(self, lang: str) -> str:
        return self.es if lang == "es" else self.en


def folder() -> Path:
    return data_folder() / "letters"


@cache
def papers() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((folder() / "papers.yaml").read_text(encoding="utf-8"))
    return found


def paper_of(state: str) -> str:
    return papers().get(state, _STANDARD)["paper"]


def language_of(state: str) -> str:
    """The language in which a State issues."""
    return papers().get(state, _STANDARD)["language"]


@cache
def text(procedure: str, document: str, paper: Paper) -> Text:
    """The text where no office has its own. Raises Faults."""
    own = f"{procedure}-{document}"
    name = own if (folder() / f"{own}.yaml").is_file() else paper.value
    return _read(folder() / f"{name}.yaml", f"default/{name}")


def _read(path: Path, version: str) -> Text:
    top, r = tree(path.read_bytes(), path.name), Reading(path.name)
    given = r.parts(top, LANGUAGES, LANGUAGES)
    r.end()
    return Text(version, *(given[lang].text or "" for lang in LANGUAGES))


def proved(given: Text, p: Procedure | None, paper: Paper) -> Mapping[str, Template]:
    """Both languages of a text, ready to be filled. Raises Faults with everything wrong in either, and with what
    one language says and the other does not."""
    return _proved(given, known(p), paper)


@lru_cache(maxsize=500)
def _proved(given: Text, fields: tuple[str, ...], paper: Paper) -> Mapping[str, Template]:
    out, faults = {}, list[Fault]()
    for lang in LANGUAGES:
        try:
            out[lang] = templates.read(given.of(lang), lang, fields, NEEDS[paper])
        except Faults as e:
            faults += e.faults
    if len(out) == 2:
        for lang, other in (LANGUAGES, LANGUAGES[::-1]):
            for name in sorted(out[other].names - out[lang].names):
                faults.append(Fault(lang, 0, "", "letter_one_language", (("name", name),)))
    if faults:
        raise Faults(faults)
    return out

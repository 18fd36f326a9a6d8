"""What a section is, which language is its original, and what it lacks before it may go on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mirps.evidence.narratives.reading import apart, bound, stray_brackets, unbound, unfit, words
from mirps.evidence.rounds.rules import Stage, shut
from mirps.evidence.rounds.workflow import Status

LANGUAGES = ("es", "en")
#: The longest text of a section, in characters.
MOST = 30_000
#: What a consent may cover. A story that is published needs the first.
USES = ("report", "portal", "newsletter", "photograph")


def other(lang: str) -> str:
    return "en" if lang == "es" else "es"


class Standing(StrEnum):
    """How a figure that a section names stands."""

    UNKNOWN = "unknown"  # there is no such figure, or it is not this reader's to know
    EMPTY = "empty"  # asked for in this round; nothing was entered yet
    DRAFT = "draft"  # entered in this round, not handed over
    HANDED = "handed"  # handed over in this round
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"


#: What a section that is handed over may name.
STANDS = (Standing.HANDED, Standing.APPROVED, Standing.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Version:
    """A language as it stands: its version, and the version of the other language that it translates."""

    number: int = 0
    of: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent, as the rules read it (models.Consent says what each is)."""

    called: str
    given: date
    until: date | None
    uses: tuple[str, ...]
    names_changed: bool
    revoked: bool = False

    def fault(self, on: date) -> str:
        """Nothing while it holds on that day, else why not."""
        if self.revoked:
            return "revoked"
        if self.given > on:
            return "ahead"
        if self.until is not None and self.until < on:
            return "expired"
        if not self.names_changed:
            return "names"
        return "" if USES[0] in self.uses else "use"


@dataclass(frozen=True, slots=True)
class Held:
    """A section with all that decides whether it may go on."""

    versions: Mapping[str, Version]
    original: str = ""  # its language; empty while nothing is written
    story: bool = False
    most_words: int = 0
    consents: Sequence[Agreed] = ()

    @property
    def empty(self) -> bool:
        return not any(v.text.strip() for v in self.versions.values())

    def version(self, lang: str) -> Version:
        return self.versions.get(lang, Version())

    @property
    def translation(self) -> str:
        return other(self.original) if self.original else ""

    @property
    def stale(self) -> bool:
        """Whether the original changed since the translation was last read against it."""
        done = self.version(self.translation)
        return bool(done.text.strip()) and done.of < self.version(self.original).number


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that keeps a section from going on. `key` is a text of data/texts/narratives.yaml."""

    key: str
    lang: str = ""
    line: int = 0
    values: Mapping[str, object] = field(default_factory=dict)


def original_of(written: Iterable[tuple[str, bool]]) -> str:
    """The language that was written first; while it is emptied, the other. `written`: each version in the
    order of writing, (language, whether it holds text)."""
    first, now = [], {}
    for lang, holds in written:
        if lang not in first:
            first.append(lang)
        now[lang] = holds
    return next((lang for lang in first if now[lang]), "")


def writable(stage: Stage, status: Status) -> str:
    """Nothing when a section may be written, else the key of the text that says why not."""
    why = shut(stage, status)
    return f"narratives.locked.{why}" if why else ""


def lacks(held: Held, standing: Mapping[str, Standing], on: date) -> list[Lack]:
    """Everything that keeps a section from being handed over, language by language. `standing`: how each
    figure that it names stands."""
    out: list[Lack] = []
    for lang in LANGUAGES:
        text = held.version(lang).text
        if not text.strip():
            out.append(Lack("empty", lang))
            continue
        out += _in_text(text, lang, standing)
        if held.most_words and (n := words(text)) > held.most_words:
            out.append(Lack("words", lang, values={"words": n, "most": held.most_words}))
    if held.stale:
        out.append(Lack("stale", held.translation))
    es, en = held.version("es").text, held.version("en").text
    if es.strip() and en.strip() and (found := apart(es, en)):
        kind = "figures-apart" if found.figures else "blocks-apart"
        out.append(Lack(kind, values={"block": found.block, "es": found.es, "en": found.en}))
    return [*map(_named, out), *(consent_lacks(held, on) if held.story else [])]


def _named(lack: Lack) -> Lack:
    return Lack(f"narratives.lack.{lack.key}", lack.lang, lack.line, lack.values)


def _in_text(text: str, lang: str, standing: Mapping[str, Standing]) -> Iterable[Lack]:
    for x in unfit(text):
        yield Lack(f"unfit-{x.what}", lang, x.line, {"found": x.found})
    for spot in stray_brackets(text):
        yield Lack("bracket", lang, spot.line, {"found": spot.words})
    for spot in unbound(text, lang):
        yield Lack("unbound", lang, spot.line, {"found": spot.words})
    seen: set[str] = set()
    for bind in bound(text):
        stands = standing.get(bind.figure, Standing.UNKNOWN)
        if stands not in STANDS and bind.figure not in seen:
            seen.add(bind.figure)
            yield Lack(f"figure-{stands.value}", lang, bind.line, {"figure": bind.figure})


def consent_lacks(held: Held, on: date) -> list[Lack]:
    """What keeps a story from being handed over or published: no consent that holds, or a person named in
    it whose consent holds no longer."""
    texts = [v.text for v in held.versions.values()]
    out = []
    for c in held.consents:
        why = c.fault(on)
        if why and any(c.called in t for t in texts):
            out.append(Lack(f"consent-{why}", values={"called": c.called}))
    if not any(not c.fault(on) for c in held.consents):
        out.append(Lack("consent-none"))
    return [*map(_named, out)]

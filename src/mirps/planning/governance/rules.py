"""Who leads what: presidencies, technical teams, the Support Platform, as the documents say it.

Read from data/governance/*.csv. What a document leaves unsaid stays unsaid: a day that none
gives is None, and a year that no document speaks of has no presidency here. Pure Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mirps.base.codelists.rules import rows


@dataclass(frozen=True, slots=True)
class Presidency:
    """A presidency pro tempore: of the `year` it is named for; days only where a document gives them."""

    number: int
    year: int
    state: str
    starts: date | None
    ends: date | None
    document: str
    note_es: str
    note_en: str

    def note(self, lang: str) -> str:
        return self.note_es if lang == "es" else self.note_en


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair of the Support Platform; `starts` and `ends` as written: a year, a month or a day."""

    number: int
    institution: str
    starts: str
    ends: str
    document: str


@dataclass(frozen=True, slots=True)
class Team:
    """A regional technical team with who led it: (year, State, institution or nothing)."""

    code: str
    name_es: str
    name_en: str
    leads: tuple[tuple[int, str, str], ...]

    def name(self, lang: str) -> str:
        return self.name_es if lang == "es" else self.name_en


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the Fund or of the Good Practice programme as one document tells it."""

    code: str
    document: str
    programme: str
    state: str
    title_es: str
    title_en: str

    def title(self, lang: str) -> str:
        return self.title_es if lang == "es" else self.title_en


@dataclass(frozen=True, slots=True)
class Governance:
    presidencies: tuple[Presidency, ...]  # oldest first
    chairs: tuple[Chair, ...]
    teams: tuple[Team, ...]
    joined: dict[str, str]  # State -> year or month, as written
    projects: tuple[Project, ...]

    def latest(self, on: date) -> Presidency | None:
        """The last presidency that began by then, by its first day or by the year it is named for."""
        begun = [p for p in self.presidencies if (p.starts or date(p.year, 1, 1)) <= on]
        return max(begun, key=lambda p: p.number, default=None)

    def of_state(self, state: str) -> list[Presidency]:
        return [p for p in self.presidencies if p.state == state]

    def led_by(self, state: str) -> list[tuple[Team, list[int]]]:
        """Teams that the State, or a local government of it, led, and the years."""
        found = [(t, sorted({year for year, s, _ in t.leads if s == state})) for t in self.teams]
        return [(t, years) for t, years in found if years]

    def projects_of(self, state: str) -> list[Project]:
        """The State's projects, each once, under the title of the last document that gives one."""
        last: dict[str, Project] = {}
        for p in self.projects:
            if p.state == state and p.title_es:
                last[p.code] = p
        return list(last.values())


def read(folder: Path) -> Governance | None:
    """The governance facts of a data folder; None where it holds none."""
    if not (folder / "presidencies.csv").is_file():
        return None
    leads: dict[str, list[tuple[int, str, str]]] = {}
    for row in _rows(folder / "team_leads.csv"):
        leads.setdefault(row["team"], []).append((int(row["year"]), row["state"], row["institution"]))
    return Governance(
        presidencies=tuple(sorted(_presidencies(folder), key=lambda p: p.number)),
        chairs=tuple(
            Chair(int(r["number"]), r["institution"], r["starts"], r["ends"], r["document"])
            for r in _rows(folder / "support_platform_chairs.csv")
        ),
        teams=tuple(
            Team(r["team"], r["name_es"], r["name_en"], tuple(sorted(leads.get(r["team"], ()))))
            for r in _rows(folder / "teams.csv")
        ),
        joined={r["state"]: r["joined"] for r in _rows(folder / "member_states.csv")},
        projects=tuple(
            Project(r["project"], r["document"], r["programme"], r["state"], r["title_es"], r["title_en"])
            for r in _rows(folder / "projects.csv")
        ),
    )


def _presidencies(folder: Path) -> Iterable[Presidency]:
    for r in _rows(folder / "presidencies.csv"):
        yield Presidency(
            number=int(r["number"]),
            year=int(r["year"]),
            state=r["state"],
            starts=_day(r["starts"]),
            ends=_day(r["ends"]),
            document=r["document"],
            note_es=r["note_es"],
            note_en=r["note_en"],
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(path: Path) -> Sequence[dict[str, str]]:
    return [row for _, row in rows(path)] if path.is_file() else []

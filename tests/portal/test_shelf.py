"""The shelf that goes on from the last one is the shelf read whole, and drafts never disturb it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mirps.evidence.checks.finding import LedgerFinding
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Moment, Status
from mirps.evidence.figures.models import LedgerChange
from mirps.evidence.figures.package import COLUMNS, OPTIONAL
from mirps.evidence.findings import api as findings
from mirps.evidence.rounds import api as rounds
from mirps.sharing.portal import noting, queries, search
from mirps.sharing.portal.queries import after, whole
from mirps.sharing.portal.shelf import Shelf, Stock
from mirps.web import pagecache

BEGIN = datetime(2025, 3, 1, tzinfo=UTC)
STATES = ("HND", "CRI")
MEASURES = ("idp.assisted", "asylum.applications")
NEXT = {
    "draft": Status.SUBMITTED,
    "submitted": Status.APPROVED,
    "returned": Status.SUBMITTED,
    "approved": Status.PUBLISHED,
}


class Ledger:
    """Acts on the real ledger, chosen by chance, at a clock that only goes forward."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at = BEGIN
        self.n = 0

    def rows(self) -> list[figures.FigureRow]:
        return list(figures.FigureRow.objects.filter(round="t").order_by("id"))

    def act(self, name: str) -> None:
        self.at += timedelta(hours=self.chance.randint(1, 30))
        getattr(self, name)()

    def record(self) -> None:
        free = [r for r in self.rows() if not r.superseded_by]
        self.stated([self.row(self.chance.choice(free).id if free and self.chance.random() < 0.3 else "")])

    def record_draft(self) -> None:
        self.stated([{**self.row(), "status": "draft"} for _ in range(self.chance.randint(1, 3))])

    def row(self, supersedes: str = "") -> dict[str, str]:
        self.n += 1
        return {
            "id": f"t-{self.chance.randint(10, 99)}-{self.n}", "value": str(self.chance.randint(1, 900)),
            "state": self.chance.choice(STATES), "measure": self.chance.choice(MEASURES), "supersedes": supersedes,
        }  # fmt: skip

    def stated(self, rows: list[dict[str, str]]) -> None:
        base = {
            **dict.fromkeys(COLUMNS, ""), **OPTIONAL, "sector": "protection", "unit": "person",
            "qualifier": "exact", "population": "IDP", "as_of": "2024-09-30",
        }  # fmt: skip
        full = [{**base, **r} for r in rows]
        table = figures.Table({c: tuple(r[c] for r in full) for c in COLUMNS}, len(full))
        figures.record_table(table=table, round="t", by="ana", at=self.at, known_at=lambda _: self.at)

    def correct(self) -> None:
        free = [r for r in self.rows() if not r.superseded_by]
        if free:
            old = self.chance.choice(free)
            self.n += 1
            new = replace(
                figures.figure_from(old), id=f"{old.id}-{self.n}", value=Decimal(self.n), supersedes=old.id
            )
            figures.correct(old=old.id, new=new, by="ana", at=self.at, reason_es="Error.", reason_en="Slip.")

    def step(self) -> None:
        """One or two figures of one status take the next step of their way."""
        open_ = [r for r in self.rows() if r.status in NEXT]
        if open_:
            status = self.chance.choice(open_).status
            ids = [r.id for r in open_ if r.status == status][:2]
            figures.move(figures=ids, to=NEXT[status], by="ana", at=self.at)

    def check(self) -> None:
        """The checks find something about some figures, public or not, and some of it no more."""
        ids = [r.id for r in self.rows()]
        found = [
            LedgerFinding(
                "parts_exceed_total",
                "contradiction",
                tuple(self.chance.sample(ids, 2)),
                "1",
                "2",
                state="HND",
            )
            for _ in range(self.chance.randint(0, 3))
            if len(ids) > 1
        ]
        about = LedgerFinding("date_doubtful", "warning", (), "", "", state="CRI", subject="a meeting")
        findings.keep(
            round="t", found=list({f.code: f for f in [*found, about]}.values()), by="ana", at=self.at
        )

    def answer(self) -> None:
        held = list(findings.current().filter(round="t"))
        if held:
            findings.answer(
                finding=self.chance.choice(held).code, kind=self.chance.choice(["explained", "withdrawn"]),
                role="reviewer", reason_es="Se explica así.", reason_en="It is explained so.", by="ana", at=self.at,
            )  # fmt: skip

    def embargo(self) -> None:
        until = self.at + timedelta(hours=self.chance.randint(-5, 60))
        figures.set_embargo(round="t", state=self.chance.choice(STATES), until=until, by="ana", at=self.at)

    def wait(self) -> None:
        """Time passes; an embargo may lift."""

    def forgotten(self) -> None:
        """What changed is not told of any more."""
        LedgerChange.objects.all().delete()

    def past_the_acts(self) -> None:
        """Somebody changes a row without saying which."""
        figures.FigureRow.objects.filter(pk__in=[r.id for r in self.rows()][:1]).update(place="Tela")
        figures.touch()


ACTS = [
    name for name in vars(Ledger) if not name.startswith("_") and name not in {"rows", "act", "row", "stated"}
]
SILENT = ("record_draft", "wait")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seen(shelf: Shelf) -> dict[str, object]:
    """All that pages can read of a shelf, in the order in which they read it."""
    s = shelf.stock
    groups = [sorted(g.items()) for g in (s.by_state, s.by_measure, s.by_document, s.by_kin)]
    return {
        "version": shelf.version,
        "figures": [s.public, s.kept, s.current, s.everything],
        "groups": groups,
        "doubts": list(shelf.doubts.items()),
        "about": shelf.doubts_about,
        "closed": shelf.closed,
        "rounds": shelf.rounds,
    }


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), acts=st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
@example(seed=338, acts=["check", "record_draft", "check", "forgotten", "step", "step", "step"])
def test_going_on_from_the_last_shelf_gives_what_reading_it_whole_gives(seed: int, acts: list[str]) -> None:
    with undone():
        ledger = Ledger(seed)
        shelf = whole(figures.cache_token(ledger.at), ledger.at)
        for act in acts:
            ledger.act(act)
            token = figures.cache_token(ledger.at)
            anew = whole(token, ledger.at)
            if token == shelf.token:
                assert seen(shelf) == seen(anew), (
                    f"{act} changed what the public reads, and the token stood still"
                )
                continue
            assert act not in SILENT or shelf.closed != anew.closed, f"{act} had every page made anew"
            shelf = after(shelf, token, ledger.at)
            assert seen(shelf) == seen(anew), act


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), skipped=st.integers(2, 8))
def test_several_changes_at_once_are_taken_in_too(seed: int, skipped: int) -> None:
    with undone():
        ledger = Ledger(seed)
        ledger.act("record")
        shelf = whole(figures.cache_token(ledger.at), ledger.at)
        for _ in range(skipped):
            ledger.act(ledger.chance.choice([a for a in ACTS if a not in {"forgotten", "past_the_acts"}]))
        token = figures.cache_token(ledger.at)
        assert seen(after(shelf, token, ledger.at)) == seen(whole(token, ledger.at))


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=8))
def test_what_was_made_of_a_shelf_is_kept_only_while_it_would_come_out_the_same(
    seed: int, acts: list[str]
) -> None:
    """A thing that names figures, selects others and asks what is open: what a report does."""

    def made(reading: noting.Reading) -> object:
        book = reading.book
        named = [book.entries.get(id_) for id_ in wanted]
        return (
            named,
            book.select(state="HND"),
            book.select(measure=MEASURES[0], state="CRI"),
            reading.unanswered(wanted),
        )

    with undone():
        ledger = Ledger(seed)
        for _ in range(3):
            ledger.act("record")
        wanted = [r.id for r in ledger.rows()][:2]
        shelf = whole(figures.cache_token(ledger.at), ledger.at)
        for act in acts:
            noting.once(shelf, "thing", made)
            ledger.act(act)
            shelf = after(shelf, figures.cache_token(ledger.at), ledger.at)
            assert noting.once(shelf, "thing", made) == made(noting.Reading(shelf)), act


def test_a_group_without_a_change_is_the_same_object_in_the_next_stock(loaded: None) -> None:
    now = datetime.now(UTC)
    first = Stock.of(figures.published(figures.embargoes(now)))
    changed = first.public["ar24-hnd-010"]
    second = first.changed({"ar24-hnd-010": replace(changed, superseded_by="other")})
    assert second.by_state["MEX"] is first.by_state["MEX"]
    assert second.by_state["HND"] is not first.by_state["HND"]
    assert first.public["ar24-hnd-010"] is changed, "a page that is being made still reads the old one"


# What disturbs public pages, and what does not.


def draft(id_: str) -> None:
    ledger = Ledger(1)
    ledger.stated([{**ledger.row(), "id": id_, "status": "draft", "state": "HND"}])


def test_drafts_submissions_and_returns_leave_every_public_page_as_it_was_made(
    loaded: None, client: Client
) -> None:
    page = "/es/state/HND/"
    first = client.get(page)
    before = figures.cache_token(BEGIN), figures.public_version(), figures.ledger_version()
    draft("t-1")
    for step in (Status.SUBMITTED, Status.RETURNED, Status.SUBMITTED, Status.APPROVED):
        figures.move(figures=["t-1"], to=step, by="ana", at=BEGIN)
    about = LedgerFinding("restated", "contradiction", ("t-1", "ar24-hnd-010"), "1", "2", state="HND")
    findings.keep(round="t", found=[about], by="ana", at=BEGIN)
    findings.answer(
        finding=about.code, kind="explained", role="focal-point", reason_es="Se explica así.",
        reason_en="It is explained so.", by="ana", at=BEGIN,
    )  # fmt: skip
    assert (figures.cache_token(BEGIN), figures.public_version()) == before[:2]
    assert figures.ledger_version() == before[2] + 7, "the ledger's own version counts every act"
    assert client.get(page).content == first.content
    figures.move(figures=["t-1"], to=Status.PUBLISHED, by="ana", at=BEGIN)
    assert figures.cache_token(BEGIN) != before[0]
    shown = client.get(page).content.decode()
    assert "/es/figure/t-1/" in shown
    assert client.get(f"/es/finding/{about.code}/").status_code == 200


def test_each_public_change_has_every_page_made_anew(loaded: None) -> None:
    def raised(act: str, **values: object) -> bool:
        before = figures.public_version()
        getattr(ledger, act)(**values)
        return figures.public_version() > before

    ledger = Ledger(2)
    for act in ("record", "correct", "embargo", "check", "past_the_acts"):
        assert raised(act), act
    finding = findings.current().filter(round="2024").first()
    assert finding is not None
    before = figures.public_version()
    findings.answer(
        finding=finding.code, kind="explained", role="reviewer", reason_es="Se explica así.",
        reason_en="It is explained so.", by="ana", at=BEGIN,
    )  # fmt: skip
    assert figures.public_version() == before + 1


def test_an_answer_about_public_figures_shows_at_once(loaded: None, client: Client) -> None:
    finding = findings.current().filter(round="2024", severity="contradiction").first()
    assert finding is not None
    page = f"/en/finding/{finding.code}/"
    assert "It is counted twice." not in client.get(page).content.decode()
    findings.answer(
        finding=finding.code, kind="explained", role="secretariat", reason_es="Se contó dos veces.",
        reason_en="It is counted twice.", by="ana", at=BEGIN,
    )  # fmt: skip
    assert "It is counted twice." in client.get(page).content.decode()


@pytest.mark.django_db
def test_what_changes_is_told_for_a_while_only() -> None:
    from mirps.evidence.figures.actions import MOST_KEPT

    for _ in range(MOST_KEPT + 20):
        figures.touch(figures=("a",), findings=())
    assert LedgerChange.objects.count() <= MOST_KEPT + 1
    now = figures.ledger_moment()
    lately, once = Moment(now.told - 5, now.public - 5), Moment(now.told - 510, now.public - 510)
    assert figures.changes_since(now, now.public).figures == frozenset()
    assert figures.changes_since(lately, now.public).figures == {"a"}
    assert figures.changes_since(once, now.public).figures is None, "too long ago: anything may have changed"
    assert figures.changes_since(now, now.public - 1).figures is None, "another ledger was put in its place"


@pytest.mark.django_db
def test_of_a_finding_that_was_not_public_yet_it_is_missed_that_it_is_told_no_more() -> None:
    from mirps.evidence.figures.actions import MOST_KEPT

    figures.touch(figures=(), findings=())
    since = figures.ledger_moment()
    figures.touch(public=False, figures=(), findings=("x",))
    assert figures.changes_since(since, since.public).findings == {"x"}
    for _ in range(MOST_KEPT + 1):
        figures.touch(figures=(), findings=())
    assert figures.changes_since(since, figures.public_version()).findings is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_change_untold() -> None:
    """A reader that goes on from what it saw last hears of every change, whoever commits first."""
    figures.touch(figures=(), findings=())
    seen = figures.ledger_moment()
    told: set[str] = set()

    def write(writer: int) -> None:
        for n in range(25):
            with transaction.atomic():
                public = n % 3 != 0
                name = f"{writer}-{n}"
                figures.touch(public=public, figures=[name] if public else (), findings=[name])
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(write, n) for n in range(6)]
        while not all(w.done() for w in writers) or figures.public_version() != seen.public:
            changes = figures.changes_since(seen, figures.public_version())
            assert changes.figures is not None
            assert changes.findings is not None
            told |= changes.findings
            seen = changes.until
    assert [w.result() for w in writers] == [None] * 6
    last = figures.changes_since(seen, figures.public_version())
    assert told | (last.findings or frozenset()) == {f"{w}-{n}" for w in range(6) for n in range(25)}


PAGES = (
    "/es/", "/en/?map=asylum.recognised", "/es/state/HND/", "/en/state/MEX/", "/es/measure/asylum.applications/",
    "/en/measures/", "/es/sources/", "/en/source/AR24/", "/en/contradictions/", "/es/search/?q=refugiados",
    "/en/search/?q=332", "/es/report/annual-2024/", "/en/report/country-brief/HND/",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pages_made_from_what_was_kept_are_those_of_a_process_that_just_began(
    loaded: None, client: Client, seed: int
) -> None:
    chance = random.Random(seed)
    for path in PAGES:
        client.get(path)
    for n in range(4):
        old = figures.figure_from(
            chance.choice(figures.FigureRow.objects.filter(superseded_by="").order_by("id"))
        )
        new = replace(old, id=f"{old.id}-{n}", value=Decimal(chance.randint(2, 999)), supersedes=old.id)
        rounds.correct(old=old.id, new=new, by="ana", at=BEGIN, reason_es="Error.", reason_en="Slip.")
        kept = {path: client.get(path).content for path in PAGES}
        queries.forget()
        search.forget()
        pagecache.pages.clear()
        for path in PAGES:
            assert client.get(path).content == kept[path], f"{path} after {new.id}"


# Reports, kept until what they look at changes.


def test_a_report_page_is_kept_through_changes_elsewhere_and_made_anew_for_its_own(
    loaded: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirps.sharing.reports import queries as reports

    made: list[str] = []
    read = reports.read_report

    def counted(*args: object) -> object:
        made.append(str(args[0]))
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("mirps.web.pages.reports.reports.read_report", counted)
    page = "/es/report/annual-2024/"
    assert "ar24-hnd-010" in client.get(page).content.decode()
    draft("t-1")
    Ledger(3).record()
    assert "ar24-hnd-010" in client.get(page).content.decode()
    assert made == ["annual-2024"]
    old = figures.figure_from(figures.FigureRow.objects.get(pk="ar24-hnd-010"))
    new = replace(old, id="ar24-hnd-010-b", value=Decimal(322), supersedes=old.id)
    figures.correct(old=old.id, new=new, by="ana", at=BEGIN, reason_es="Error.", reason_en="Slip.")
    client.get(page)
    assert made == ["annual-2024"] * 2


def test_a_report_page_never_shows_a_figure_that_an_embargo_keeps(loaded: None, client: Client) -> None:
    page = "/es/report/annual-2024/"
    assert b'/es/figure/ar24-hnd-010/">332' in client.get(page).content
    now = datetime.now(UTC)
    figures.set_embargo(round="2024", state="HND", until=now + timedelta(days=1), by="ana", at=now)
    shown = client.get(page).content
    assert b'/es/figure/ar24-hnd-010/">332' not in shown
    assert b"ar24-mex-" in shown

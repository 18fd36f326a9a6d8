"""Reading the library, and what happened since the last newsletter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Max, Q, QuerySet

from mirps.base.codelists import api as codelists
from mirps.evidence.errata.api import Erratum
from mirps.evidence.figures import api as figures
from mirps.planning.library.models import Letter, Subscriber
from mirps.planning.library.rules import LANGUAGES, Item, next_since
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Audience, Change, Flow, Record

#: What of a record a reader may read: its values, or nothing.
Reads = Callable[[Record], dict[str, Any] | None]
#: key, language -> the address of a record's page.
Address = Callable[[str, str], str]
#: Kinds whose coming is not told by itself: a newsletter does not tell of newsletters, and what stands under
#: a record is told with it.
UNTOLD = frozenset({"newsletter", "follow-up", "rate"})
#: Kinds that minutes and documents of the library are.
SHELVED = ("document", "minutes")


def newsletters() -> list[Record]:
    """Newsletters in force, the latest first."""
    found = records.of_kind("newsletter").filter(public__isnull=False, audience=Audience.PUBLIC)
    return sorted(found, key=lambda r: (r.public["until"], r.key), reverse=True)  # type: ignore[index]


def since(first: date) -> date:
    """The day from which the next newsletter tells."""
    held = records.of_kind("newsletter").exclude(status="withdrawn")
    return next_since([str(r.data.get("until", "")) for r in held], first)


def happened(*, since: date, until: date, address: Address, entries: Iterable[Item] = ()) -> list[Item]:
    """What the public may read that came into force, or changed, between two days (both inclusive),
    `entries` (the news of rounds) among it."""
    begin = datetime.combine(since, time.min, UTC)
    end = datetime.combine(until, time.max, UTC)
    found = [*entries, *_figures(begin, end, address), *_errata(begin, end, address)]
    return [*found, *_records(begin, end, address)]


def _figures(begin: datetime, end: datetime, address: Address) -> Iterable[Item]:
    """Documents whose figures the ledger took in and the public may read. Those of a worked round are told
    with its news."""
    rows = figures.FigureRow.objects.filter(status=figures.Status.PUBLISHED, recorded_at__range=(begin, end))
    come = rows.exclude(document="").order_by("document").values("document").annotate(at=Max("recorded_at"))
    for row in come:
        known = codelists.documents().get(row["document"])
        if known is not None:
            title = {lang: known[f"title_{lang}"] for lang in LANGUAGES}
            link = {lang: address(f"source/{row['document']}", lang) for lang in LANGUAGES}
            yield Item("figures", title, row["at"], link)


def _errata(begin: datetime, end: datetime, address: Address) -> Iterable[Item]:
    closed = set(figures.embargoes(end))
    rows = figures.FigureRow.objects.filter(superseded_by="").order_by("id")
    for e in Erratum.objects.filter(at__range=(begin, end)).order_by("at", "id"):
        row = rows.filter(pk=e.new).first()
        if row is None or (e.round, e.state) in closed:
            continue  # corrected again since, or kept back
        measure = figures.measures()[row.measure]
        title = {
            lang: f"{codelists.states().name(e.state, lang)}, {measure.name(lang).lower()}"
            for lang in LANGUAGES
        }
        link = {lang: address(f"figure/{e.new}", lang) for lang in LANGUAGES}
        yield Item("erratum", title, e.at, link, figure=e.new)


def _records(begin: datetime, end: datetime, address: Address) -> Iterable[Item]:
    """Public records that came into force or changed in force between two moments, each once."""
    direct = [k.name for k in records.kinds().values() if k.flow is Flow.DIRECT]
    forcing = Q(act=Act.PUBLISH) | Q(act=Act.SAVE, record__kind__in=direct)
    public = Q(record__audience=Audience.PUBLIC, record__public__isnull=False)
    acts = Change.objects.filter(forcing & public).exclude(record__kind__in=UNTOLD)
    last: dict[str, datetime] = {}
    for key, at in acts.filter(at__range=(begin, end)).order_by("at").values_list("record_id", "at"):
        last[key] = at
    before = set(
        acts.filter(at__lt=begin, record__in=list(last)).order_by().values_list("record_id", flat=True)
    )
    for r in Record.objects.filter(pk__in=list(last)).order_by("kind", "place", "key"):
        if records.kinds()[r.kind].parents and r.parent in last:
            continue  # told with what it stands under
        title = {lang: records.title(r.kind, r.public or {}, lang) for lang in LANGUAGES}
        link = {lang: address(r.key, lang) for lang in LANGUAGES}
        yield Item(r.kind, title, last[r.key], link, fresh=r.key not in before)


def shelved(reads: Reads, **wanted: str) -> list[tuple[Record, dict[str, Any]]]:
    """Documents and minutes that the reader may read, the latest first. `wanted`: type, language, year,
    words (folded), instrument; empty ones are not asked for."""
    found = Record.objects.filter(kind__in=SHELVED).exclude(status="withdrawn").order_by("kind", "key")
    out = []
    for r in _with_words(found, wanted.get("words", "")):
        data = reads(r)
        if data is not None and _wanted(r, data, wanted):
            out.append((r, data))
    return sorted(out, key=lambda x: (str(x[1].get("date", "")), x[0].key), reverse=True)


def _with_words(found: QuerySet[Record], words: str) -> QuerySet[Record]:
    for word in words.split()[:8]:
        found = found.filter(Q(words_es__contains=word) | Q(words_en__contains=word))
    return found


def type_of(r: Record, data: dict[str, Any]) -> str:
    """What sort of document a record of the library is; minutes of meetings are minutes."""
    return str(data.get("type", "other")) if r.kind == "document" else "minutes"


def _wanted(r: Record, data: dict[str, Any], wanted: dict[str, str]) -> bool:
    if wanted.get("type") and type_of(r, data) != wanted["type"]:
        return False
    if wanted.get("language") and wanted["language"] not in data.get("languages", ()):
        return False
    return not wanted.get("year") or str(data.get("date", ""))[:4] == wanted["year"]


def posted(newsletter: str) -> dict[str, int]:
    """How the mails of a newsletter stand: waiting, sent, given up; and subscribers who have none."""
    mails = Letter.objects.filter(newsletter=newsletter)
    sent, lost = mails.filter(sent_at__isnull=False).count(), mails.filter(given_up_at__isnull=False).count()
    return {
        "sent": sent, "given_up": lost, "waiting": mails.count() - sent - lost,
        "without": Subscriber.objects.exclude(letters__newsletter=newsletter).count(),
    }  # fmt: skip

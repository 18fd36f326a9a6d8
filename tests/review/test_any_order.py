"""Whatever people do, in whatever order: nothing is public that two others did not approve, and a
status is what its steps come to."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review.conftest import NOW, cell

from mirps.evidence.entries import api as entries
from mirps.evidence.entries.api import Cell, Given, NotTaken
from mirps.evidence.figures.api import FigureRow
from mirps.evidence.findings import api as findings
from mirps.evidence.review import api as review
from mirps.evidence.review.api import Level, RemarkKind, Seen
from mirps.evidence.rounds.api import CannotStep, Round, Status, Step

PEOPLE = ("ana", "bea", "carl")
PARTS = ("", "sex=F", "sex=M")
REASONS = {"reason_es": "Diez personas cuentan dos veces.", "reason_en": "Ten people are counted twice."}
#: Often what leads on, so that many orders reach publication.
DEEDS = (
    "write", "submit", "submit", "approve-state", "approve-state", "approve-region", "approve-region", "publish",
    "send-back", "unlock", "ask", "settle", "answer",
)  # fmt: skip
deed = st.tuples(
    st.sampled_from(DEEDS), st.sampled_from(PEOPLE),
    st.one_of(st.just({0, 1, 2}), st.sets(st.integers(0, len(PARTS) - 1), min_size=1)),
    st.integers(0, 3), st.sampled_from([False, False, False, True]),
)  # fmt: skip
Deed = tuple[str, str, set[int], int, bool]
#: Stretches of the usual way, among which anything else may come.
USUAL: list[list[Deed]] = [
    [("answer", "ana", {0}, 0, False), ("settle", "ana", {0}, 0, False)],
    [("submit", "ana", {0, 1, 2}, 0, False)],
    [("approve-state", "bea", {0, 1, 2}, 0, False)],
    [("approve-region", "carl", {0, 1, 2}, 0, False)],
    [("publish", "ana", {0, 1, 2}, 0, False)],
]
stretches = st.lists(st.one_of(deed.map(lambda d: [d]), st.sampled_from(USUAL)), min_size=6, max_size=30)


def do(cells: list[Cell], what: Deed, at: datetime) -> None:
    """Do it as the pages would: with what one sees now, or (`stale`) with the version before."""
    kind, by, chosen, number, stale = what
    keys = [cells[i].pk for i in sorted(chosen)]
    now = {c.pk: c for c in Cell.objects.filter(pk__in=keys)}
    seen = Seen({k: max(0, now[k].version - stale) for k in keys})
    about = {"round": "2025", "state": "HND", "seen": seen, "by": by, "role": "any", "at": at}
    if kind == "write":
        for k in keys:
            base, parts = now[k].version - stale, 1 if now[k].dimensions else 2
            entries.write(
                cell=k,
                given=Given(Decimal(number * parts)),
                base=base,
                client=uuid4(),
                by=by,
                at=at,
                via="form",
            )
    elif kind in ("submit", "publish"):
        entries.take(cells=keys, step=Step(kind), by=by, role="any", at=at)
    elif kind.startswith("approve"):
        level = Level(kind.removeprefix("approve-"))
        done = review.approve(level=level, **about)  # type: ignore[arg-type]
        assert findings.unanswered([h.figure for h in done.cells]) == {}
    elif kind == "send-back":
        review.send_back(message="Look again.", **about)  # type: ignore[arg-type]
    elif kind == "unlock":
        review.unlock(reason="A late file.", **about)  # type: ignore[arg-type]
    elif kind == "ask":
        review.remark(
            kind=RemarkKind.QUESTION, text="Sure?", lang="en", by=by, role="any", at=at, cell=keys[0]
        )
    elif kind == "settle":
        for q in review.Remark.objects.filter(resolved_at=None).order_by("id"):
            review.settle(question=q.pk, by=by, at=at, cell=q.cell_id, section=q.section_id)
    else:
        for f in findings.current().filter(round="2025"):
            findings.answer(finding=f.code, kind="explained", role="any", by=by, at=at, **REASONS)


def signed(key: int) -> list[tuple[str, str]]:
    """Who wrote, submitted and approved what stands: since the last return, with whoever wrote before."""
    out: list[tuple[str, str]] = []
    for t in entries.steps_of(list(Cell.objects.filter(pk=key)))[key]:
        if t.step in (Step.SEND_BACK, Step.UNLOCK):
            out = [(s, p) for s, p in out if s == "write"]
        else:
            out.append((t.step.value, t.by))
    return out


def holds(cells: list[Cell]) -> None:
    every = list(Cell.objects.filter(pk__in=[c.pk for c in cells]).order_by("pk"))
    assert entries.rebuilt(every) == {c.pk: Status(c.status) for c in every}
    for c in every:
        if not c.figure:
            continue
        row = FigureRow.objects.get(pk=c.figure)
        assert (row.status == "published") == (c.status == Status.PUBLISHED)
        assert row.status != "published" or row.value == c.value
        if c.status in (Status.STATE, Status.REGION, Status.PUBLISHED):
            by = signed(c.pk)
            first = [p for s, p in by if s == "approve-state"]
            second = [p for s, p in by if s == "approve-region"]
            gave = {p for s, p in by if s in ("submit", "write")} if len(by) else set()
            assert len(first) == 1
            assert first[0] not in gave
            assert len(second) == (c.status != Status.STATE)
            assert not {*second} & {*first, *gave}
    assert FigureRow.objects.filter(round="2025", status="published").count() == sum(
        c.status == Status.PUBLISHED for c in every
    )


reached: Counter[str] = Counter()


@pytest.mark.django_db
@settings(
    max_examples=120,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stretches)
def test_nothing_is_ever_public_without_two_others_approval(
    round_2025: Round, deeds: list[list[Deed]]
) -> None:
    with transaction.atomic():
        cells = [cell("hnd-inm-001", d) for d in PARTS]
        begun: list[Deed] = [("write", "ana", {0, 1, 2}, 2, False), ("submit", "ana", {0, 1, 2}, 0, False)]
        for n, what in enumerate([*begun, *chain(*deeds)]):
            try:
                with transaction.atomic():
                    do(cells, what, NOW + timedelta(minutes=n + 1))
            except (CannotStep, NotTaken):
                continue
            reached[what[0]] += 1
            holds(cells)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.usefixtures("round_2025")  # so that it has its turn with the test whose orders it looks at
def test_the_orders_that_were_tried_led_to_approval() -> None:
    if not reached:
        pytest.skip("the test before was not run")
    assert (
        min(reached[kind] for kind in ("approve-state", "approve-region", "publish", "send-back", "unlock"))
        > 3
    )


@pytest.mark.django_db
def test_a_whole_way_to_publication_holds_too(round_2025: Round) -> None:
    cells = [cell("hnd-inm-001", d) for d in PARTS]
    every = {0, 1, 2}
    way: list[Deed] = [
        ("write", "ana", every, 3, False), ("submit", "ana", every, 0, False), ("answer", "bea", every, 0, False),
        ("approve-state", "bea", every, 0, False), ("approve-region", "carl", every, 0, False),
        ("publish", "ana", every, 0, False),
    ]  # fmt: skip
    for n, what in enumerate(way):
        do(cells, what, NOW + timedelta(minutes=n + 1))
        holds(cells)
    assert FigureRow.objects.filter(round="2025", status="published").count() == 3

"""Building and publishing reports: the file is kept, and who built it from what is recorded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mirps.base.audit.api import record
from mirps.base.codelists import api as lists
from mirps.evidence.figures.api import Book, book, touch
from mirps.evidence.findings.api import unanswered
from mirps.sharing.reports import building, worked
from mirps.sharing.reports.building import Request, Unfit
from mirps.sharing.reports.composing import Words, template_plan
from mirps.sharing.reports.contradictions import told
from mirps.sharing.reports.models import ReportBuild
from mirps.sharing.reports.proof import Fault, Unanswered
from mirps.sharing.reports.reading import Plan, ReportFault, read_section, split_front

#: Where this installation answers, unless settings.ADDRESS says otherwise.
ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Built:
    build: ReportBuild
    excused: tuple[Fault, ...]


def store() -> Path:
    """Where this installation keeps its built reports."""
    return Path(settings.HOME) / "reports"


def build_report(
    *,
    code: str,
    lang: str,
    format: str,
    params: Mapping[str, object],
    by: str,
    at: datetime,
    known_on: datetime | None = None,
    out: Path | None = None,
    without: Mapping[str, Words] | None = None,
) -> Built:
    """Build a report from the ledger, as it is or as it was known on `known_on`.

    `params`: state (country brief), draft, base. `without`: the States that a worked round is published
    without, and why, by language. That round's embargoes do not stop its report, which waits for the last
    of them (queries.published). Raises Unfit with every fault, or ReportFault for a request that cannot
    be met; then nothing is written.
    """
    plan = worked.plan_of(code, known_on=known_on, without=without or {})
    if format not in plan.formats:
        raise ReportFault("reports.fault.no_format", format=format)
    # A page can lead to its own site; a file that travels needs the whole address.
    base = str(params.get("base") or ("" if format == "html" else getattr(settings, "ADDRESS", ADDRESS)))
    request = Request(
        lang, str(params.get("state") or ""), bool(params.get("draft")), base, linked=format == "html"
    )
    if out is not None:
        _may_go(out, format)
    ledger = _ledger(plan, known_on=known_on, at=at)
    try:
        made = building.make(plan, request, ledger, _as_known(known_on), told(plan.round, known_on))
    except Unfit as e:
        raise Unfit(_dated(e.faults, known_on)) from e
    content = building.write(made.document, format, max_pages=plan.max_pages)
    digest = hashlib.sha256(content).hexdigest()
    name = "-".join(filter(None, [code, request.state.lower(), lang, digest[:12]])) + f".{format}"
    _put(store() / name, content)
    if out is not None:
        _put(out, content)
    excused = tuple(_dated(made.excused, known_on))
    kept = {**params, **(worked.mark_of(plan) if plan.follows else {})}
    return Built(_keep(code, lang, format, kept, by, at, known_on or at, digest, name), excused)


def _ledger(plan: Plan, *, known_on: datetime | None, at: datetime | None) -> Book:
    if plan.follows:
        return worked.book(plan.round, at=at or timezone.now(), known_on=known_on)
    return book(known_on=known_on, at=at)


def preview(
    *, code: str, lang: str, format: str, at: datetime, without: Mapping[str, Words] | None = None
) -> tuple[bytes, list[Fault]]:
    """A worked round's report as it would be published now, marked as a draft, and the faults in spite of
    which it was made. Nothing is kept of it. Raises Unfit and ReportFault as `build_report` does."""
    plan, made = foresee(code=code, lang=lang, format=format, at=at, without=without)
    return building.write(made.document, format, max_pages=plan.max_pages), list(made.excused)


def foresee(
    *, code: str, lang: str, format: str, at: datetime, without: Mapping[str, Words] | None = None
) -> tuple[Plan, building.Made]:
    """The same before it is written in a format: for a page."""
    plan = worked.foreseen(code, without or {})
    if format not in plan.formats:
        raise ReportFault("reports.fault.no_format", format=format)
    base = "" if format == "html" else getattr(settings, "ADDRESS", ADDRESS)
    request = Request(lang, draft=True, base=base, linked=format == "html")
    ledger = worked.foreseen_book(plan.round, at, without or {})
    return plan, building.make(plan, request, ledger, unanswered, told(plan.round))


def _as_known(known_on: datetime | None) -> Unanswered:
    return partial(unanswered, known_on=known_on)


def _may_go(out: Path, format: str) -> None:
    """Raises ReportFault for a folder that is not there, and for a name that says another format."""
    if not out.parent.is_dir():
        raise ReportFault("reports.fault.no_folder", folder=out.parent)
    if out.suffix.lower() != f".{format}":
        raise ReportFault("reports.fault.suffix", file=out.name, format=format)


def _dated(faults: Sequence[Fault], known_on: datetime | None) -> list[Fault]:
    """The faults; a figure that became known only after `known_on` says from when (`known`, a date)."""
    missing = {str(f.values["figure"]) for f in faults if f.key == "reports.fault.unknown"}
    if known_on is None or not missing:
        return list(faults)
    held = book().entries
    known = {i: held[i].figure.known_at for i in missing if i in held}
    return [_later(f, known.get(str(f.values.get("figure")))) for f in faults]


def _later(fault: Fault, known_at: datetime | None) -> Fault:
    if fault.key != "reports.fault.unknown" or known_at is None:
        return fault
    values = {**fault.values, "known": known_at.date()}
    return replace(fault, key="reports.fault.not_known_then", values=values)


def _put(path: Path, content: bytes) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


@transaction.atomic
def _keep(
    code: str, lang: str, format: str, params: dict[str, object], by: str, at: datetime,
    known_on: datetime, digest: str, name: str,
) -> ReportBuild:  # fmt: skip
    build = ReportBuild.objects.create(
        report=code, language=lang, format=format, params=params, built_at=at, by=by,
        known_on=known_on, digest=digest, file=name,
    )  # fmt: skip
    detail = {"format": format, "lang": lang, "digest": digest, **params}
    record(by=by, at=at, act="report.built", subject=f"report {code}", detail=detail)
    return build


def check_report(
    *,
    code: str,
    state: str = "",
    known_on: datetime | None = None,
    foresee: bool = False,
    without: Mapping[str, Words] | None = None,
) -> list[Fault]:
    """Every fault of a report in both languages; for a brief of no given State, of all States.

    `foresee` proves a worked round's report as it would be published now, `without` some States. Raises
    ReportFault for a report or a State that there is none of.
    """
    if foresee:
        plan = worked.foreseen(code, without or {})
        return building.faults(
            plan, worked.foreseen_book(plan.round, timezone.now(), without or {}), unanswered
        )
    plan = worked.plan_of(code, known_on=known_on, without=without or {})
    return _faults(plan, state=state, known_on=known_on)


def _faults(plan: Plan, *, state: str, known_on: datetime | None) -> list[Fault]:
    if state and state not in lists.member_states():
        raise ReportFault("reports.fault.no_state", known=", ".join(lists.member_states()))
    ledger = _ledger(plan, known_on=known_on, at=None)
    states: Iterable[str] = [state] if state or not plan.per_state else lists.member_states()
    found = [f for s in states for f in building.faults(plan, ledger, _as_known(known_on), s)]
    return _dated(list({(f.file, f.line, f.key, str(f.values)): f for f in found}.values()), known_on)


def confirm_translation(*, code: str, section: str, lang: str) -> str:
    """Record that a translation was read against its original as it is now.

    Returns the original's fingerprint. Raises ReportFault for a section that the report
    does not have, or whose original is `lang` itself. `code` may be the template of rounds' reports.
    """
    template = building.folder() / worked.TEMPLATE
    plan = template_plan(template) if code == worked.TEMPLATE else building.plan_of(code)
    part = next((p for p in plan.parts if p.code == section and p.original != lang), None)
    if part is None:
        known = ", ".join(p.code for p in plan.parts if p.original != lang)
        raise ReportFault("reports.fault.no_section", code=section, known=known)
    seen = read_section(plan, part, part.original).fingerprint
    path = plan.path(section, lang)
    text = path.read_text(encoding="utf-8")
    _, body = split_front(text, f"{code}/{lang}/{section}.md")
    _put(path, f"---\ntranslated_from: {seen}\n---\n{body.lstrip()}".encode())
    return seen


@transaction.atomic
def publish(*, build: int, by: str, at: datetime) -> ReportBuild:
    """Publish a built report. Raises Unfit when it is a draft or would no longer be proved."""
    held = ReportBuild.objects.select_for_update().get(pk=build)
    plan = worked.plan_by(held)
    found = _faults(plan, state=str(held.params.get("state") or ""), known_on=held.known_on)
    if held.params.get("draft"):
        found.insert(0, Fault("form", held.file, 0, "reports.fault.draft"))
    if found:
        raise Unfit(found)
    held.published_at = at
    held.save(update_fields=["published_at"])
    touch(figures=(), findings=())  # pages that list reports are made anew
    record(
        by=by, at=at, act="report.published", subject=f"report {held.report}", detail={"digest": held.digest}
    )
    return held

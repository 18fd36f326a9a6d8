"""Writing records and bringing them into force. Each act: one transaction, one change, one audit entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from mirps.base.access import api as access
from mirps.base.audit.api import record as audited
from mirps.base.files import api as files
from mirps.base.notices import api as notices
from mirps.evidence.figures import api as figures
from mirps.planning.records import values
from mirps.planning.records.flow import REASONED, STEPS, Act, Standing, Status, Step, fold, offered
from mirps.planning.records.kinds import Audience, Flow, Kind, narrowest
from mirps.planning.records.models import Change, Comment, Link, Paper, Record
from mirps.planning.records.queries import title
from mirps.planning.records.rules import CODE, LONGEST_REASON, Met, Refused, code_from, folded
from mirps.planning.records.sheets import Fate, Item
from mirps.planning.records.values import Data, Fault
from mirps.planning.records.vocabulary import kinds, known

#: The most files of one record.
MOST_PAPERS = 50

#: kind -> what its data must hold before they come into force, beside what its fields say. An area puts its own in.
CHECKS: dict[str, Callable[[Data], Iterable[Fault]]] = {}


@transaction.atomic
def save(
    *, kind: str, code: str, data: Mapping[str, Any], base: int, by: str, at: datetime, role: str = "",
    parent: str = "", place: int | None = None, state: str = "", body: str = "", audience: str = "",
    known_at: datetime | None = None, reason: str = "", confirmed: Collection[str] = (),
) -> Record:  # fmt: skip
    """Write a record: make it (`base` 0) or change it.

    `base` is the number of the change that its writer saw; `confirmed` the cells whose translation still
    holds. Parent, State, body and audience are given when it is made and do not change by saving; `place`
    None keeps it. The same data again change nothing. Raises Refused with every fault, Met where another
    wrote meanwhile (what was typed is in it), Record.DoesNotExist. Whether `by` may is for the door to ask.
    """
    k = kinds()[kind]
    held = Record.objects.select_for_update().filter(pk=f"{kind}/{code}").first()
    if held is None and base:
        raise Record.DoesNotExist(f"{kind}/{code}")
    if held is not None and not base:
        raise Refused([Fault("code", "record.fault.taken", {"found": code})])
    new = values.revised(k, held.data if held else {}, dict(data), confirmed)
    if held is not None and held.number != base:
        raise Met(held, new)
    if held is not None and new == held.data and place in (None, held.place) and held.status != "withdrawn":
        return held
    faults = faults_of(k, new)
    if held is None:
        faults += _where(k, code, parent)
        held = Record(
            key=f"{kind}/{code}", kind=kind, parent=parent, state=state, body=body,
            audience=audience or k.audience.value, root=_root(parent) or f"{kind}/{code}",
        )  # fmt: skip
    elif not _offered(held, Act.SAVE):
        raise Refused([Fault("", f"record.fault.not-now.{held.status}")])
    if faults:
        raise Refused(faults)
    if place is not None:
        held.place = place
    return _step(k, held, Act.SAVE, new, by=by, role=role, at=at, known_at=known_at or at, reason=reason)


@transaction.atomic
def step(*, key: str, act: Act, by: str, at: datetime, base: int, role: str = "", reason: str = "") -> Record:
    """Submit, return, publish or withdraw a record as it stands.

    Raises Refused: the act is not offered now, a reason is lacking, a text lacks its other language or
    stands as translated from an older one, or (publishing) `by` wrote what is to come into force. Raises
    Met when another wrote since `base`, Record.DoesNotExist.
    """
    held = Record.objects.select_for_update().get(pk=key)
    k = kinds()[held.kind]
    if held.number != base:
        raise Met(held, held.data)
    if act is Act.SAVE or not _offered(held, act):
        raise Refused([Fault("", f"record.fault.not-now.{held.status}")])
    if act in REASONED and len(reason.strip()) < 3:
        raise Refused([Fault("reason", "record.fault.reason")])
    if len(reason) > LONGEST_REASON:
        raise Refused([Fault("reason", "record.fault.long", {"most": LONGEST_REASON, "found": len(reason)})])
    if act in (Act.SUBMIT, Act.PUBLISH) and (lacking := unready(k, held.data)):
        raise Refused(lacking)
    wrote = standing(held).written_by
    if act is Act.PUBLISH and access.same_person(by, wrote):
        raise Refused([Fault("", "record.fault.own")])
    done = _step(k, held, act, held.data, by=by, role=role, at=at, known_at=at, reason=reason.strip())
    _tell(k, done, act, wrote, by=by, at=at)
    return done


#: What is told of an act, and so under which kind of notice.
_TOLD = {Act.SUBMIT: "submitted", Act.RETURN: "returned", Act.PUBLISH: "published", Act.WITHDRAW: "withdrawn"}


def _tell(k: Kind, held: Record, act: Act, wrote: Collection[str], *, by: str, at: datetime) -> None:
    """Tell those who may publish that something waits; tell whoever wrote it what became of it. A whole
    plan that is submitted is one notice: it is about what everything stands under."""
    if act is Act.SUBMIT:
        every = access.holdings(on=at.date())
        able = access.able(every, f"{k.domain}.publish", state=held.state, body=held.body, on=at.date())
        to = [u for u in able if not access.same_person(u.username, wrote)]
    else:
        wrote = wrote or _last_writer(held)  # nobody has written since it came into force
        to = list(access.User.objects.filter(username__in=wrote, is_active=True).order_by("pk"))
    kind, _, code = held.root.partition("/")
    notices.tell(
        to=to, kind=f"record.{_TOLD[act]}", about=notices.About(state=held.state, section=code), by=by, at=at,
        params={"record": kind}, merge=f"record.{_TOLD[act]}|{held.root}",
    )  # fmt: skip


def _last_writer(held: Record) -> list[str]:
    return list(held.changes.filter(act=Act.SAVE).order_by("-number").values_list("by", flat=True)[:1])


@transaction.atomic
def take(
    *, kind: str, items: Sequence[Item], root: str, state: str, body: str, by: str, at: datetime, role: str = ""
) -> list[Record]:  # fmt: skip
    """Write what a workbook brings (its new and changed rows), all or, if one is refused, none of it.

    `root`: what rows without a parent stand under (empty for kinds that stand alone). Raises Refused, Met.
    """
    done: list[Record] = []
    codes = {i.row.code for i in items if i.fate is Fate.NEW and i.row.code}
    waiting = [i for i in items if i.fate in (Fate.NEW, Fate.CHANGED)]
    while waiting:
        # What stands above comes before what stands under it.
        ready = [i for i in waiting if i.row.parent not in codes or i.fate is Fate.CHANGED] or waiting
        for i in ready:
            codes.discard(i.row.code)
            done.append(_taken(i, kind, root, state, body, by=by, at=at, role=role))
        waiting = [i for i in waiting if i not in ready]
    return done


def _taken(
    i: Item, kind: str, root: str, state: str, body: str, *, by: str, at: datetime, role: str
) -> Record:
    parent = f"{kind}/{i.row.parent}" if i.row.parent else root
    code = i.row.code or proposed_code(kind, title(kind, i.data, "es"), state)
    fresh = i.fate is Fate.NEW
    place = last_place(parent) if fresh and parent else None
    return save(
        kind=kind, code=code, data=i.data, base=0 if fresh else i.row.version, parent=parent if fresh else "",
        place=place, state=state, body=body, by=by, at=at, role=role,
    )  # fmt: skip


def last_place(parent: str) -> int:
    """The place after everything that stands under `parent`."""
    return int(Record.objects.filter(parent=parent).aggregate(most=Max("place"))["most"] or 0) + 1


def proposed_code(kind: str, title: str, state: str) -> str:
    """A code made of a title, after that of the State whose it is, that nobody has."""
    return free_code(kind, code_from(title, before=f"{state.lower()}-" if state else ""))


def free_code(kind: str, code: str) -> str:
    """The code, or with the first number that nobody has."""
    stem = code if len(code) > 1 else kind
    taken = set(Record.objects.filter(pk__startswith=f"{kind}/{stem}").values_list("key", flat=True))
    n, found = 1, stem
    while f"{kind}/{found}" in taken:
        n += 1
        found = f"{stem}-{n}"
    return found


@transaction.atomic
def arrange(*, parent: str, keys: Sequence[str], by: str, at: datetime, role: str = "") -> None:
    """Put what stands under `parent` into the order of `keys`. Those not named keep their places after them."""
    under = {
        r.key: r for r in Record.objects.select_for_update().filter(parent=parent).order_by("place", "key")
    }
    ordered = [k for k in keys if k in under] + [k for k in under if k not in set(keys)]
    moved = []
    for n, key in enumerate(ordered, start=1):
        if under[key].place != n:
            under[key].place = n
            moved.append(under[key])
    Record.objects.bulk_update(moved, ["place"])
    if moved:
        audited(
            by=by, at=at, act="record.arranged", subject=parent, detail={"order": ordered[:500], "role": role}
        )
        figures.touch(public=True, figures=())


@transaction.atomic
def comment(*, key: str, text: str, by: str, at: datetime, role: str = "", cell: str = "") -> Comment:
    """Remark on a record. Raises Refused for an empty or too long text."""
    held = Record.objects.get(pk=key)
    if not 1 <= len(text.strip()) <= LONGEST_REASON:
        raise Refused([Fault("text", "record.fault.remark", {"most": LONGEST_REASON})])
    made = Comment.objects.create(record=held, cell=cell[:60], text=text.strip(), by=by, role=role, at=at)
    audited(by=by, at=at, act="record.commented", subject=key, detail={"comment": made.pk})
    return made


@transaction.atomic
def settle(*, comment: int, by: str, at: datetime) -> Comment:
    """Mark a remark as settled; one that is stays so."""
    held = Comment.objects.select_for_update().get(pk=comment)
    if not held.settled_at:
        held.settled_by, held.settled_at = by, at
        held.save(update_fields=["settled_by", "settled_at"])
        audited(
            by=by, at=at, act="record.comment-settled", subject=held.record_id, detail={"comment": held.pk}
        )
    return held


def keep_paper(*, key: str, file: IO[bytes], name: str, by: str, at: datetime) -> Paper:
    """Attach a file to a record that stands; the same content once. Raises FileFault for what is not taken
    (`entries.file.*` says why), Refused for too many."""
    found = files.kind_of(file)
    digest = files.digest_of(file)
    with transaction.atomic():
        held = Record.objects.select_for_update().get(pk=key)
        if again := held.papers.filter(digest=digest).first():
            return again
        if held.papers.count() >= MOST_PAPERS:
            raise Refused([Fault("", "record.fault.many", {"most": MOST_PAPERS, "found": MOST_PAPERS + 1})])
        files.put(file, digest)
        made = Paper.objects.create(
            record=held, digest=digest, name=files.safe_name(name, found.kind), media=found.kind.value,
            size=found.size, by=by, at=at,
        )  # fmt: skip
        audited(by=by, at=at, act="record.paper", subject=key, detail={"digest": digest})
    return made


def steps_of(held: Record) -> list[Step]:
    return [c.step for c in held.changes.order_by("known_at", "number")]


def standing(held: Record) -> Standing:
    """A record folded anew from its changes, in the order in which they became known."""
    return fold(steps_of(held), kinds()[held.kind].flow)


def faults_of(k: Kind, data: Data, *, beside: Collection[str] = ()) -> list[Fault]:
    """What is wrong with data, whoever wrote them. A draft may lack what it will need to be submitted."""
    again, faults = values.read(k, values.flat(k, data), known(beside=beside))
    if k.flow is Flow.REVIEWED:
        faults = [
            f for f in faults if f.key != "record.fault.required" or f.cell.partition(".")[0] == k.title
        ]
    elif k.audience is Audience.PUBLIC:
        faults += [Fault(c, "record.fault.language") for c in values.missing(k, again) if "." in c]
    seen: set[str] = set()
    return [f for f in faults if not (f.cell in seen or seen.add(f.cell))]  # type: ignore[func-returns-value]


def unready(k: Kind, data: Data) -> list[Fault]:
    """What must be done before a record may come into force."""
    lacking = []
    for c in values.missing(k, data):
        half = c.partition(".")[0] in data  # one language is there, the other is not
        lacking.append(Fault(c, "record.fault.language" if half else "record.fault.required"))
    lacking += [Fault(c, "record.fault.stale") for c in values.stale(k, data)]
    return lacking if lacking or k.name not in CHECKS else list(CHECKS[k.name](data))


def _offered(held: Record, act: Act) -> bool:
    return act in offered(Status(held.status), kinds()[held.kind].flow)


def _where(k: Kind, code: str, parent: str) -> list[Fault]:
    faults = []
    if not CODE.match(code):
        faults.append(Fault("code", "record.fault.code-form", {"found": code[:60]}))
    if k.parents:
        if parent.partition("/")[0] not in k.parents or not Record.objects.filter(pk=parent).exists():
            faults.append(
                Fault("parent", "record.fault.ref", {"found": parent[:80], "kinds": ", ".join(k.parents)})
            )
    elif parent:
        faults.append(Fault("parent", "record.fault.no-parent"))
    return faults


def _root(parent: str) -> str:
    return (
        str(Record.objects.filter(pk=parent).values_list("root", flat=True).first() or "") if parent else ""
    )


def _step(
    k: Kind, held: Record, act: Act, data: Data, *, by: str, role: str, at: datetime, known_at: datetime, reason: str
) -> Record:  # fmt: skip
    assert act in STEPS
    number = held.number + 1
    was, read_by = held.public, held.audience
    if number == 1:
        held.changed_at = at
        try:
            with transaction.atomic():
                held.save(force_insert=True)
        except IntegrityError:  # somebody took the code a moment ago
            raise Refused([Fault("code", "record.fault.taken", {"found": held.code})]) from None
    Change.objects.create(
        record=held,
        number=number,
        act=act,
        data=data,
        reason=reason,
        by=by,
        role=role,
        at=at,
        known_at=known_at,
    )
    project(k, held, standing(held), number, at)
    held.save()
    relink(k, [held])
    audited(
        by=by,
        at=at,
        act=f"record.{act.value}",
        subject=held.key,
        detail={"number": number, "role": role, "reason": reason},
    )
    if (held.public, held.audience) != (was, read_by) and Audience.PUBLIC in (held.audience, read_by):
        figures.touch(public=True, figures=())
    return held


def project(k: Kind, held: Record, now: Standing, number: int, at: datetime) -> None:
    """Put into the record's row what its changes add up to."""
    held.status, held.number, held.changed_at = now.status, number, at
    held.data, held.public, held.known_at = now.data or {}, now.public, now.known_at
    if "audience" in k.by:  # its writer chooses who reads it; a narrower choice holds before it is published
        held.audience = (
            narrowest([(now.public or {}).get("audience"), held.data.get("audience")]) or k.audience.value
        )
    held.words_es, held.words_en = (
        folded(values.words(k, now.public or {}, lang)) for lang in values.LANGUAGES
    )


def relink(k: Kind, held: Sequence[Record]) -> None:
    """Write anew which records these name."""
    Link.objects.filter(source__in=held).delete()
    made = []
    for r in held:
        shown = set(values.refs(k, r.public or {}))
        named = dict.fromkeys([*values.refs(k, r.data), *sorted(shown)])
        made += [Link(source=r, field=f, target=t, public=(f, t) in shown) for f, t in named]
    Link.objects.bulk_create(made, batch_size=500)

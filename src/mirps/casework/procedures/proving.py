"""What is proved of a procedure before anybody's case follows it. Pure.

Nobody may be left in a stage where no one can act, and nothing adverse may come to anyone without a person who
decides it, a reason, a notice and a way back. Guards are over-approximated: a condition counts as passable only
where somebody in that very stage can state what it asks (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mirps.base.marked.faults import Fault, Faults
from mirps.casework.procedures import triage
from mirps.casework.procedures.model import Act, Actor, Effect, Ending, Paper, Procedure

#: One thing that is not proved: line, path, key and what fills its text.
Flaw = tuple[int, str, str, dict[str, object]]


def prove(p: Procedure, file: str) -> Procedure:
    """The procedure itself. Raises Faults with everything that is not proved."""
    faults = flaws(p, file)
    if faults:
        raise Faults(faults)
    return p


def flaws(p: Procedure, file: str) -> list[Fault]:
    return [
        Fault(file, line, path, key, tuple((k, str(v)) for k, v in values.items()))
        for proof in PROOFS
        for line, path, key, values in proof(p)
    ]


def reachable(p: Procedure) -> set[str]:
    """The stages that some case can come to."""
    todo = [a.to for a in p.acts.values() if a.opens]
    found: set[str] = set()
    while todo:
        stage = todo.pop()
        if stage not in found:
            found.add(stage)
            todo += [t for code in p.from_stage(stage) for t in p.targets(code, stage)]
    return found


def _stages(p: Procedure) -> Iterator[Flaw]:
    """Every stage is reached, and from every open one a case can end."""
    if not any(a.opens for a in p.acts.values()):
        yield 1, "acts", "no_opening", {}
    reached = reachable(p)
    leads = {s: {t for c in p.from_stage(s) for t in p.targets(c, s)} for s in p.stages}
    ending = {s for s, stage in p.stages.items() if not stage.open}
    grown = True
    while grown:
        more = {s for s in p.stages if s not in ending and leads[s] & ending}
        grown, ending = bool(more), ending | more
    for code, stage in p.stages.items():
        if code not in reached:
            yield stage.line, f"stages.{code}", "unreachable", {"stage": code}
        if code not in ending:
            yield stage.line, f"stages.{code}", "dead_end", {"stage": code}


def _turns(p: Procedure) -> Iterator[Flaw]:
    """In every open stage it is somebody's turn, who has something to do there; and an official can lead on, so
    that no case waits for ever on somebody who does not come back."""
    proposed = {d.proposes for d in p.deadlines.values() if d.effect is Effect.PROPOSE}
    for code, stage in p.stages.items():
        here = p.from_stage(code)
        if stage.open and not stage.turn and not proposed & set(here):
            yield stage.line, f"stages.{code}", "nobody", {"stage": code}
        leading = [c for c in here if p.targets(c, code) != [code]]
        if stage.open and leading and not any(_official(p, c) for c in leading):
            yield stage.line, f"stages.{code}", "waits", {"stage": code}
        for role in stage.turn:
            if not any(role in p.acts[act].by for act in here):
                yield stage.line, f"stages.{code}.turn", "idle", {"role": role, "stage": code}


def _official(p: Procedure, code: str) -> bool:
    """Can somebody else than the applicant do it?"""
    return any(p.roles[role].actor is not Actor.APPLICANT for role in p.acts[code].by)


def _all_official(p: Procedure, act: Act) -> bool:
    return all(p.roles[role].actor is not Actor.APPLICANT for role in act.by)


def _forward(p: Procedure) -> Iterator[Flaw]:
    """In every open stage a way forward is open, or opens by what somebody there can state."""
    for code, stage in p.stages.items():
        if stage.open and not any(_way(p, code, act) for act in p.from_stage(code)):
            yield stage.line, f"stages.{code}", "stuck", {"stage": code}


def _way(p: Procedure, stage: str, code: str) -> bool:
    act = p.acts[code]
    leads = [t for t in p.targets(code, stage) if t != stage]
    if act.adverse or not leads or all(p.stages[t].ending is Ending.OWN_WISH for t in leads):
        return False
    staying = [c for c in p.from_stage(stage) if not p.acts[c].guards and p.targets(c, stage) == [stage]]
    stated = {f for c in (*staying, code) for f in p.acts[c].asked}
    stated |= {f"{word}.{c}" for c in staying for word in ("done", "times")}
    return all(set(g.uses) <= stated for g in act.guards)


def _asked(p: Procedure) -> Iterator[Flaw]:
    """What a condition asks is stated somewhere."""
    asked = {f for a in p.acts.values() for f in a.asked}
    for code, act in p.acts.items():
        for g in (*act.guards, *act.required_if.values()):
            for name in g.uses:
                if name in p.fields and name not in asked:
                    yield act.line, f"acts.{code}", "never_asked", {"field": name}
    for deadline in p.deadlines.values():
        if deadline.starts_on and deadline.starts_on not in asked:
            yield deadline.line, "deadlines", "never_asked", {"field": deadline.starts_on}


def _adverse(p: Procedure) -> Iterator[Flaw]:
    """Nothing adverse without an official who decides it, a reason, a notice, and a way back; and no other end
    that hides one: by their own wish is done by them, a neutral end has its reason and notice."""
    for code, act in p.acts.items():
        at, path = act.line, f"acts.{code}"
        targets = {t for s in act.sources or ("",) for t in p.targets(code, s)}
        endings = {p.stages[t].ending for t in targets}
        if Ending.ADVERSE in endings and not act.adverse:
            yield at, path, "adverse_hidden", {"act": code}
        if Ending.OWN_WISH in endings and all(p.roles[r].actor is not Actor.APPLICANT for r in act.by):
            yield at, path, "own_wish", {"act": code}
        if Ending.NEUTRAL in endings and not (act.reason and act.notice):
            yield at, path, "neutral", {"act": code}
        if not act.adverse:
            continue
        if not act.by or any(p.roles[role].actor is Actor.APPLICANT for role in act.by):
            yield at, path, "adverse_by", {"act": code}
        if not act.reason:
            yield at, path, "adverse_reason", {"act": code}
        if not act.notice or p.documents[act.notice].paper is not Paper.NOTICE:
            yield at, path, "adverse_notice", {"act": code}
        if any(not _leads_back(p, act, t) for t in targets):
            yield at, path, "adverse_back", {"act": code}


def _leads_back(p: Procedure, act: Act, target: str) -> bool:
    """Can one of the act's remedies be done where it leads, whatever was answered, and does it lead on?"""
    return any(
        target in p.acts[r].sources
        and p.targets(r, target) != [target]
        and not (p.acts[r].adverse or p.acts[r].guards)
        for r in act.remedies
    )


def _acts(p: Procedure) -> Iterator[Flaw]:
    for code, act in p.acts.items():
        if not act.by:
            yield act.line, f"acts.{code}", "by_nobody", {"act": code}
        for stage in act.sources:
            if act.back and not p.left_for(stage):
                yield act.line, f"acts.{code}", "back_nowhere", {"stage": stage}
        # Sources are cited by whoever assesses a case that is open, before anybody decides it.
        if act.cites and (act.opens or act.adverse or not _all_official(p, act)):
            yield act.line, f"acts.{code}.cites", "cites_where", {"act": code}


def _deadlines(p: Procedure) -> Iterator[Flaw]:
    """A deadline is met, renewed, or proposes what to do; its law is in force; an extension has its reason."""
    for code, d in p.deadlines.items():
        at, path = d.line, f"deadlines.{code}"
        renewed = d.repeats or (d.latest and len(d.starts) > 1)
        if not d.met_by and not renewed and not d.proposes:
            yield at, path, "deadline_unmet", {"deadline": code}
        if d.proposes and d.to not in p.acts[d.proposes].by:
            yield at, path, "proposes_role", {"role": d.to, "act": d.proposes}
        law = p.law.get(d.law)
        if law and law.until and p.starts and law.until < p.starts:
            yield at, path, "law_ended", {"law": d.law, "day": law.until}
        for e in d.extensions:
            if not p.acts[e.by].reason:
                yield at, path, "extension_reason", {"act": e.by}


def _triage(p: Procedure) -> Iterator[Flaw]:
    """The table decides every combination of answers, uses every row, and its examples come out right."""
    t = p.triage
    if t is None:
        return
    if not any("modality" in a.asked for a in p.acts.values()):
        yield 1, "triage", "modality_unset", {}
    if t.size * len(t.rows) > triage.MOST:
        yield 1, "triage", "triage_large", {"found": t.size, "most": triage.MOST // len(t.rows)}
        return
    used = set()
    gap = None
    for answers in t.combinations():
        outcome = t.decide(answers)
        used.add(outcome.row)
        if outcome.then is None and gap is None:
            gap = ", ".join(f"{k}={v}" for k, v in answers.items())
    if gap is not None:
        yield 1, "triage", "triage_gap", {"answers": gap}
    for row in t.rows:
        if row.code not in used:
            yield row.line, f"triage.rows.{row.code}", "triage_row", {"row": row.code}
    for e in t.examples:
        found = t.decide({c: e.given.get(c) for c in t.columns}).then
        if found != e.then:
            yield e.line, "triage.examples", "triage_example", {"then": e.then, "found": found or "–"}


PROOFS: tuple[Callable[[Procedure], Iterator[Flaw]], ...] = (
    _stages, _turns, _forward, _asked, _adverse, _acts, _deadlines, _triage,
)  # fmt: skip

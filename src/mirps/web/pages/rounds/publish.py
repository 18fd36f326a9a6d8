"""Publishing a round: what holds it up, the embargoes, the news, and the one act."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from mirps.base.codelists import api as codelists
from mirps.base.notices.api import zone
from mirps.base.texts.api import say
from mirps.evidence.figures import api as figures
from mirps.evidence.rounds.api import CannotStep, Stage
from mirps.sharing.publication import api as publication
from mirps.sharing.publication.api import Block, Draft, Holds
from mirps.sharing.reports import api as reports
from mirps.web.pages.rounds import foreseen, invited
from mirps.web.pages.rounds.door import Desk, Refused, at_the_door
from mirps.web.pages.rounds.fields import Fields

_NEWS = ("title_es", "title_en", "text_es", "text_en")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def publish(desk: Desk) -> HttpResponse:
    """The page of publication. What is posted publishes the round, all of it or nothing."""
    if not (_of_the_region(desk) or (desk.round.stage == Stage.PUBLISHED and desk.states("embargo.set"))):
        desk.require("round.publish")
    f = Fields(desk.request, desk.lang)
    if f.posted:
        desk.require("round.publish")
        answer = _published(desk, f)
        if answer is not None:
            return answer
    return _shown(desk, f)


def _of_the_region(desk: Desk) -> bool:
    """Whether this person sees what is not public yet. Who answers for a State comes here, after the
    publication, to end its embargo."""
    return desk.may("round.publish") or desk.may("watch.read")


def _published(desk: Desk, f: Fields) -> HttpResponse | None:
    """Publish, and lead to what was made; or None with every fault kept by its field."""
    draft = Draft(**{name: f.text(name, most=4000) for name in _NEWS})
    embargoes = _embargoes(desk, f)
    if not f.flag("sure"):
        f.fault("sure", "publication.fault.sure")
    if f.faults:
        return None
    try:
        with transaction.atomic():
            done = publication.publish_round(
                code=desk.round.code, by=desk.user.username, role=desk.role_for("round.publish"), at=desk.now,
                embargoes=embargoes, draft=draft,
            )  # fmt: skip
            invited.tell(round=done.round, kind="published", by=desk.user.username, at=desk.now)
    except publication.HeldUp:
        f.fault("sure", "publication.fault.held-up")
    except publication.NewsFault as e:
        for name, (key, values) in e.faults.items():
            f.fault(name, key, **values)
    except reports.Unfit as e:
        f.fault("sure", "publication.fault.report", faults="; ".join(report_faults(e, desk.lang)[:5]))
    except CannotStep as e:
        f.fault("sure", e.key, **e.values)
    if f.faults:
        return None
    return desk.go("round-publish", "?kept=1", code=desk.round.code)


def report_faults(unfit: reports.Unfit, lang: str) -> list[str]:
    return [say(x.key, lang, **{k: str(v) for k, v in x.values.items()}) for x in unfit.faults]


def _embargoes(desk: Desk, f: Fields) -> dict[str, datetime]:
    """State -> until when, from a day for all and a day for each State; the later one counts."""
    every = f.end_of_day("until", zone(""), required=False)
    out = {}
    for state in codelists.member_states():
        own = f.end_of_day(f"until-{state}", zone(state), required=False)
        found = [m for m in (every, own) if m is not None]
        if found:
            out[state] = max(found)
        if own is not None and own <= desk.now:
            f.fault(f"until-{state}", "publication.fault.past")
    if every is not None and every <= desk.now:
        f.fault("until", "publication.fault.past")
    return out


def _shown(desk: Desk, f: Fields) -> HttpResponse:
    r = desk.round
    without = publication.without(r.code)
    held = [] if r.stage == Stage.PUBLISHED else publication.held_up_by(r)
    draft = publication.proposed(r, without=without) if r.stage != Stage.PUBLISHED else None
    builds = reports.builds_of(publication.report_of(r.code))
    closed = _closed(r.code, desk.now)
    shows = r.stage == Stage.PUBLISHED and (not closed or _of_the_region(desk))
    found = [] if r.stage == Stage.PUBLISHED else foreseen.faults(r)
    if found and not held:
        held = publication.held_up_by(r, report_faults=len(found))
    return desk.page(
        "rounds/publish.html", 422 if f.faults else 200, f=f, held=[_told(desk, b) for b in held],
        without=without, states=codelists.member_states(), draft=asdict(draft) if draft else {},
        may_publish=desk.may("round.publish"), why_not=desk.why_not("round.publish"),
        builds=list(builds) if shows else [],
        closed=closed, may_lift={s: desk.may("embargo.set", state=s) for s in codelists.member_states()},
        report_faults=[foreseen.in_words(x, desk.lang) for x in found],
        news=publication.News.objects.filter(round=r.code).order_by("-id").first() if shows else None, trail=[],
    )  # fmt: skip


def _told(desk: Desk, b: Block) -> tuple[str, str, str]:
    """What holds it up, of which State, and where to look after it."""
    code = desk.round.code
    words = say(f"publication.holds.{b.holds.value}", desk.lang, n=b.count)
    if b.holds is Holds.STAGE:
        return words, b.state, desk.url("round-setup", code=code)
    if b.holds in (Holds.SECTIONS, Holds.CONSENTS):
        return words, b.state, desk.url("write", code=code, state=b.state or "MIRPS")
    if b.state:
        return words, b.state, desk.url("review", code=code, state=b.state)
    return words, b.state, desk.url("round", code=code)


def _closed(code: str, at: datetime) -> dict[str, datetime]:
    """State -> until when its figures are kept."""
    return {s: until for (r, s), until in figures.embargoed_until(at).items() if r == code}


@require_POST
@at_the_door
def leave_out(desk: Desk) -> HttpResponse:
    """Publish without a State, with the reason; or with it after all."""
    desk.require("round.publish")
    f = Fields(desk.request, desk.lang)
    state = f.choice("state", codelists.member_states())
    if state and f.flag("back"):
        publication.take_back(round=desk.round.code, state=state, by=desk.user.username, at=desk.now)
    elif state:
        try:
            publication.leave_out(
                round=desk.round.code, state=state, reason_es=f.text("reason_es", most=1000),
                reason_en=f.text("reason_en", most=1000), by=desk.user.username, at=desk.now,
            )  # fmt: skip
        except ValueError as e:
            f.fault("reason_es", str(e))
    if f.faults:
        return _refused(desk, " ".join(f.faults.values()))
    return desk.go("round-publish", "#without", code=desk.round.code)


@require_POST
@at_the_door
def lift(desk: Desk) -> HttpResponse:
    """End a State's embargo early. The State itself may, and says why."""
    f = Fields(desk.request, desk.lang)
    state = f.choice("state", codelists.member_states())
    if not state:
        raise Refused(" ".join(f.faults.values()))
    desk.require("embargo.set", state=state)
    try:
        publication.lift_embargo(
            round=desk.round.code, state=state, reason=f.text("reason", most=500), by=desk.user.username,
            at=desk.now,
        )  # fmt: skip
    except ValueError as e:
        return _refused(desk, say(str(e), desk.lang))
    return desk.go("round-publish", "#embargo", code=desk.round.code)


def _refused(desk: Desk, why: str) -> HttpResponse:
    back = desk.url("round-publish", code=desk.round.code)
    return desk.page("rounds/refused.html", 422, why=why, back=back)


patterns = [
    path("rounds/<slug:code>/publish/", publish, name="round-publish"),
    path("rounds/<slug:code>/publish/without/", leave_out, name="round-without"),
    path("rounds/<slug:code>/publish/lift/", lift, name="round-lift"),
]

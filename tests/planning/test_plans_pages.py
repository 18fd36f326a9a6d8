"""Plans as people read and write them: a light with its reason and source, what is late, a year copied."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.planning.conftest import Enter, read

from mirps.planning.plans import api as plans
from mirps.planning.plans.api import By
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web import pagecache
from mirps.web.pages.planning import plans_board

pytestmark = pytest.mark.usefixtures("planned")
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
ANA = By("ana", "team-member", AT)


@pytest.fixture(autouse=True)
def _fresh_board(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    plans_board.forget()
    yield
    plans_board.forget()


def words(html: str) -> str:
    """What a page says, without its marks."""
    main = html.split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").replace("\u00a0", " ").split())


def _plan(code: str = "wp-x", state: str = "", body: str = "JL") -> Record:
    data = {"title": {"es": "Plan X", "en": "Plan X"}, "sort": "workplan", "starts": "2026"}
    return records.save(kind="plan", code=code, data=data, base=0, by="ana", at=AT, state=state, body=body)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_plan_is_on_the_list_and_every_page_of_it_opens(client: Client, lang: str) -> None:
    listed = read(client, f"/{lang}/planning/plans/")
    for r in Record.objects.filter(kind="plan").order_by("key"):
        assert f'href="/{lang}/planning/plan/{r.code}/"' in listed
        read(client, f"/{lang}/planning/plan/{r.code}/")
    for r in Record.objects.filter(kind="node").order_by("key")[:40]:
        read(client, f"/{lang}/planning/plan-part/{r.code}/")


def test_a_light_says_whether_it_is_computed_and_of_which_figure(client: Client) -> None:
    page = read(client, "/en/planning/plan/cri-asylum-2024/?on=2024-12-10")
    told = words(page)
    assert "Green It stands at 90%, on 30 Sept 2024. computed: AR24" in told
    assert 'href="/en/figure/ar24-cri-007/"' in page
    assert "stated: AR24" in told
    one = words(read(client, "/en/planning/plan-part/cri-asylum-2024.8/"))
    assert "Baseline 250 250 31 January 2023 · AR24" in one
    assert "Now 510 510 30 September 2024 · AR24" in one
    assert "Target none" in one


def test_the_same_plan_goes_late_by_itself_when_its_date_has_passed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan()
    data = {"title": {"es": "Mapa", "en": "Map"}, "level": "deliverable", "due": "2026-06-30"}
    plans.add(plan=plan, parent=plan.key, after=None, data=data, who=ANA)
    plans.step_all(plan=plan, act=records.Act.SUBMIT, who=ANA)
    plans.step_all(plan=plan, act=records.Act.PUBLISH, who=By("eva", "team-lead", AT))
    for today, late in ((date(2026, 6, 30), False), (date(2026, 7, 1), True)):
        monkeypatch.setattr(plans_board, "today_of", lambda _desk, today=today: today)
        plans_board.forget()
        pagecache.pages.clear()
        page = words(read(client, "/en/planning/plan/wp-x/?show=late"))
        assert ("Map" in page) is late
        assert ("Days since then: 1." in page) is late


def test_how_it_will_stand_on_a_day_to_come(enter: Enter) -> None:
    plan = _plan()
    data = {"title": {"es": "Mapa", "en": "Map"}, "level": "deliverable", "due": "2090-06-30"}
    plans.add(plan=plan, parent=plan.key, after=None, data=data, who=ANA)
    member = enter("luis", "team-member", body="JL")
    assert "Grey Nobody has said" in words(read(member, "/en/planning/plan/wp-x/"))
    ahead = words(read(member, "/en/planning/plan/wp-x/?on=2090-07-02"))
    assert "if nobody says anything more" in ahead
    assert "Red It was due on 30 Jun 2090" in ahead


def test_a_plan_is_written_by_hand_and_published_by_somebody_else(enter: Enter, client: Client) -> None:
    _plan()
    member, lead = enter("luis", "team-member", body="JL"), enter("rosa", "team-lead", body="JL")
    at = "/es/planning/plan/wp-x/edit/"
    first = member.post(
        at, {"do": "add", "at": "", "title.es": "Uno", "title.en": "One", "level": "objective"}
    )
    assert first.status_code == 302
    one = Record.objects.get(kind="node", root="plan/wp-x")
    member.post(
        at,
        {"do": "add", "at": one.code, "place": "in", "title.es": "Dos", "title.en": "Two", "due": "2026-12"},
    )
    member.post(at, {"do": "add", "at": one.code, "place": "after", "title.es": "Tres", "title.en": "Three"})
    three = Record.objects.get(kind="node", data__title__es="Tres")
    assert (three.data["level"], Record.objects.get(data__title__es="Dos", kind="node").data["level"]) == (
        "objective", "action",
    )  # fmt: skip
    member.post(at, {"do": "up", "at": three.code})
    page = words(read(member, "/es/planning/plan/wp-x/"))
    assert page.index("Tres") < page.index("Uno") < page.index("Dos")
    assert client.get("/es/planning/plan/wp-x/").status_code == 404
    member.post("/es/planning/plan/wp-x/all/", {"act": "submit"})
    assert member.post("/es/planning/plan/wp-x/all/", {"act": "publish"}).status_code == 403
    lead.post("/es/planning/plan/wp-x/all/", {"act": "publish"})
    assert "Tres" in read(client, "/es/planning/plan/wp-x/")


def test_a_state_enters_its_national_plan_by_hand(enter: Enter, client: Client) -> None:
    focal, approver = enter("hugo", "focal-point", "HND"), enter("alma", "state-approver", "HND")
    made = focal.post(
        "/es/planning/new/plan/",
        {
            "title.es": "Plan Nacional 2026",
            "title.en": "National Plan 2026",
            "sort": "national",
            "starts": "2026",
            "_code": "hnd-nap-2026",
        },
    )
    assert made["Location"] == "/es/planning/plan/hnd-nap-2026/"
    assert "Trabajar en el plan" in read(focal, made["Location"])
    focal.post(
        "/es/planning/plan/hnd-nap-2026/outline/",
        {"text": "Datos | Data\n  Encuesta | Survey | 2026-09 | HND.INE"},
    )
    for who, act in ((focal, "submit"), (approver, "publish")):
        who.post("/es/planning/plan/hnd-nap-2026/all/", {"act": act})
    page = read(client, "/es/planning/plan/hnd-nap-2026/")
    assert "Encuesta" in page
    assert Record.objects.get(kind="node", data__title__es="Encuesta").state == "HND"
    other = enter("pia", "focal-point", "PAN")
    assert other.get("/es/planning/plan/hnd-nap-2026/edit/").status_code == 403


def test_what_is_typed_wrong_is_refused_with_why_and_stays_typed(enter: Enter) -> None:
    _plan()
    member = enter("luis", "team-member", body="JL")
    typed = {"do": "add", "at": "", "title.es": "", "title.en": "", "due": "junio", "institutions": "NADIE"}
    answer = member.post("/es/planning/plan/wp-x/edit/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-due"' in page
    assert 'value="junio"' in page
    assert "NADIE" in words(page)
    assert not Record.objects.filter(root="plan/wp-x", kind="node").exists()


def test_many_parts_at_once_each_wrong_line_named(enter: Enter) -> None:
    _plan()
    member = enter("luis", "team-member", body="JL")
    at = "/es/planning/plan/wp-x/outline/"
    wrong = member.post(at, {"text": "Uno | One\n  [meta] Dos | Two | 2026-13"})
    assert wrong.status_code == 422
    assert "Línea 2: «meta» no es un nivel." in words(wrong.content.decode())
    assert "Línea 2: «2026-13» no es una fecha" in words(wrong.content.decode())
    assert member.post(at, {"text": "Uno | One\n  [Actividad] Dos | Two | 2026-11"}).status_code == 302
    assert Record.objects.get(kind="node", data__title__es="Dos").data["level"] == "activity"


def test_last_years_plan_is_copied_and_what_it_left_is_said(enter: Enter) -> None:
    member = enter("luis", "team-member", body="JL")
    form = read(member, "/es/planning/plan/wp-jl-2024/copy/")
    assert 'value="wp-jl-2025"' in form
    answer = member.post(
        "/es/planning/plan/wp-jl-2024/copy/",
        {"es": "Plan de trabajo 2025", "en": "2025 workplan", "years": "1", "code": "wp-jl-2025"},
    )
    assert answer.status_code == 302
    page = words(read(member, answer["Location"]))
    assert "Partes copiadas: 6." in page
    assert "avances declarados: 7" in page
    held = Record.objects.get(pk="plan/wp-jl-2025")
    assert (held.data["starts"], held.body, held.public) == ("2025", "JL", None)
    again = member.post(
        "/es/planning/plan/wp-jl-2024/copy/", {"es": "x", "en": "x", "years": "1", "code": "wp-jl-2025"}
    )
    assert again.status_code == 422


def test_progress_is_stated_on_the_part_itself(enter: Enter) -> None:
    member = enter("luis", "team-member", body="JL")
    at = "/en/planning/plan-part/wp-jl-2024.2/state/"
    late = member.post(at, {"stage": "under-way", "day": "2090-01-01", "percent": "140"})
    assert late.status_code == 422
    assert "That day has not come." in words(late.content.decode())
    assert "A per cent goes from 0 to 100." in words(late.content.decode())
    done = member.post(
        at, {"stage": "done", "day": "2025-03-01", "said.es": "Aprobada", "said.en": "Approved"}
    )
    assert done.status_code == 302
    page = words(read(member, "/en/planning/plan-part/wp-jl-2024.2/"))
    assert "Green Done, as stated on 1 Mar 2025" in page
    assert "Approved" in page


@pytest.mark.parametrize(
    ("role", "state", "body", "status"),
    [
        ("team-member", "", "JL", 200),
        ("team-member", "", "RACP", 403),
        ("focal-point", "HND", "", 403),
        ("presidency", "", "", 200),
    ],
)
def test_a_workplan_is_written_by_its_team_and_the_region(
    enter: Enter, role: str, state: str, body: str, status: int
) -> None:
    who = enter("x1", role, state, body)
    for path in ("edit", "outline", "copy"):
        assert who.get(f"/es/planning/plan/wp-jl-2024/{path}/").status_code == status
    posted = who.post("/es/planning/plan/wp-jl-2024/edit/", {"do": "down", "at": "wp-jl-2024.1"})
    assert posted.status_code == (302 if status == 200 else 403)


def test_nobody_who_is_not_signed_in_comes_to_write(client: Client) -> None:
    for path in ("plan/wp-jl-2024/edit", "plan/wp-jl-2024/outline", "plan/wp-jl-2024/copy"):
        assert "/sign-in/" in client.get(f"/es/planning/{path}/")["Location"]
    for path in ("plan/wp-jl-2024/all", "plan-part/wp-jl-2024.1/state"):
        assert "/sign-in/" in client.post(f"/es/planning/{path}/")["Location"]


def test_what_is_late_or_lacking_is_found_by_state_and_institution(client: Client) -> None:
    page = read(client, "/es/planning/plans/late/?state=CRI")
    assert page.count('class="part"') == 8
    assert '<option value="CRI.DGME"' in page
    nobody = words(read(client, "/es/planning/plans/late/?state=CRI&who=GTM.SBS"))
    assert "Nada está atrasado." in nobody
    money = words(read(client, "/en/planning/plans/late/?what=money&state=CRI"))
    assert "No money is linked" in money
    assert "Parts: 8" in money
    assert read(client, "/es/planning/plans/late/?what=nonsense&page=x&state=%00")


def test_a_thread_leads_from_the_pledge_to_what_came_of_it_and_names_its_gaps(client: Client) -> None:
    down = words(read(client, "/en/planning/thread/paragraph/grf-2023-asylum.1/"))
    for found in (
        "2024 workplan of the team on Reception",
        "Theory of change and results framework",
        "The team finalised it",
    ):
        assert found in down
    up = words(read(client, "/en/planning/thread/progress/wp-racp-2024.5.ar24/"))
    assert "Pledge: asylum systems" in up
    assert "integration of displaced" not in up
    assert "No money is linked." in up
    assert client.get("/en/planning/thread/body/racp/").status_code == 404


def test_a_thread_tells_nobody_of_drafts(client: Client) -> None:
    plan = _plan()
    data = {
        "title": {"es": "Oculta", "en": "Hidden part"},
        "level": "action",
        "commitments": ["paragraph/grf-2023-integration.1"],
    }
    plans.add(plan=plan, parent=plan.key, after=None, data=data, who=ANA)
    assert "Hidden part" not in read(client, "/en/planning/thread/paragraph/grf-2023-integration.1/")
    assert client.get("/en/planning/thread/plan/wp-x/").status_code == 404


def test_a_money_that_names_a_part_closes_its_gap(client: Client) -> None:
    before = read(client, "/en/planning/plan/cri-asylum-2024/?show=money")
    assert 'id="cri-asylum-2024.6"' in before
    data = {
        "title": {"es": "Digitalizar", "en": "Digitalise"},
        "commitment": "node/cri-asylum-2024.6",
        "need": {"amount": "1", "currency": "USD"},
    }
    records.save(kind="cost", code="cost-x", data=data, base=0, by="ana", at=AT, state="CRI")
    for act, by in ((records.Act.SUBMIT, "ana"), (records.Act.PUBLISH, "eva")):
        held = records.get("cost/cost-x")
        records.step(key=held.key, act=act, by=by, at=AT, base=held.number)
    assert 'id="cri-asylum-2024.6"' not in read(client, "/en/planning/plan/cri-asylum-2024/?show=money")
    assert "USD" in words(read(client, "/en/planning/thread/node/cri-asylum-2024.6/"))


def test_what_was_recommended_stands_on_the_part_and_leads_along_its_thread(client: Client) -> None:
    page = words(read(client, "/en/planning/plan-part/wp-lg-2024.5/"))
    assert "Incorporate a local approach in the MIRPS National Action Plans" in page
    thread = words(read(client, "/en/planning/thread/recommendation/local-approach-2024/"))
    assert "Pledge: local governance" in thread


def test_a_plan_is_evaluated_and_what_was_found_is_published_with_it(enter: Enter, client: Client) -> None:
    member, lead = enter("luis", "team-member", body="JL"), enter("rosa", "team-lead", body="JL")
    at = "/es/planning/new/evaluation/?parent=plan/wp-jl-2024"
    assert at in read(member, "/es/planning/plan/wp-jl-2024/")
    made = member.post(at, {
        "title.es": "Evaluación de cierre", "title.en": "Closing evaluation", "sort": "own", "starts": "2025-01",
        "findings.es": "Se hizo la mitad.", "findings.en": "Half of it was done.",
    })  # fmt: skip
    assert made.status_code == 302
    assert "Evaluación de cierre" in words(read(member, "/es/planning/plan/wp-jl-2024/"))
    assert "Evaluación de cierre" not in words(read(client, "/es/planning/plan/wp-jl-2024/"))
    for who, act in ((member, "submit"), (lead, "publish")):
        who.post("/es/planning/plan/wp-jl-2024/all/", {"act": act})
    assert "Evaluación de cierre" in words(read(client, "/es/planning/plan/wp-jl-2024/"))


def test_a_part_that_was_withdrawn_is_gone_from_earlier_days_too_but_for_those_who_work_on_it(
    enter: Enter, client: Client
) -> None:
    at = "/en/planning/plan/wp-jl-2024/?on=2024-12-31"
    assert "Roadmap to a subregional" in read(client, at)
    held = records.get("node/wp-jl-2024.2")
    records.step(
        key=held.key, act=records.Act.WITHDRAW, by="eva", at=AT, base=held.number, reason="said in error"
    )
    assert "Roadmap to a subregional" not in read(client, at)
    assert "Roadmap to a subregional" in read(enter("luis", "team-member", body="JL"), at)


def test_what_was_withdrawn_can_still_be_looked_at_by_who_may_bring_it_back(
    enter: Enter, client: Client
) -> None:
    lead = enter("rosa", "team-lead", body="JL")
    for kind, code, page in (("node", "wp-jl-2024.2", "plan-part"), ("plan", "wp-lg-2024", "plan")):
        lead = lead if kind == "node" else enter("elsa", "team-lead", body="LG")
        held = records.get(f"{kind}/{code}")
        gone = lead.post(
            f"/es/planning/record/{kind}/{code}/act/",
            {"act": "withdraw", "base": held.number, "reason": "dicho por error"},
        )
        assert gone["Location"].startswith(f"/es/planning/{page}/{code}/")
        assert "retirad" in words(read(lead, f"/es/planning/{page}/{code}/")).casefold()
        assert client.get(f"/es/planning/{page}/{code}/").status_code == 404


def _large(n: int = 400) -> Record:
    plan = _plan("wp-big")
    text = "\n".join(("  " if i % 40 else "") + f"Parte {i} | Part {i} | 2026-06" for i in range(n))
    plans.add_outline(
        plan=plan, parent=plan.key, lines=plans.parsed(text, "", institutions=()).lines, who=ANA
    )
    return plan


def test_four_hundred_parts_come_out_and_in_by_workbook_and_wrong_cells_are_named(enter: Enter) -> None:
    plan = _large()
    member = enter("luis", "team-member", body="JL")
    at = f"/es/planning/records/node/workbook/?root={plan.key}"
    out = member.get(f"/es/planning/records/node/workbook/download/?root={plan.key}").content
    book = openpyxl.load_workbook(io.BytesIO(out))
    sheet = book.worksheets[0]
    marks = {str(c.value).removeprefix("mirps:"): c.column for c in sheet[3]}
    assert sheet.max_row == 404
    by_code = {sheet.cell(r, marks["code"]).value: r for r in range(5, 405)}
    tree = plans.whole(plan.key, drafts=True)
    assert tree is not None
    parents = {n.key.partition("/")[2]: n.parent.partition("/")[2] for n in tree.tree.nodes.values()}
    for code, row in by_code.items():
        above = sheet.cell(row, marks["parent"]).value or "wp-big"
        assert above == parents[code]
    first, second = (b.node.key.partition("/")[2] for b in tree.tree.branches[:2])
    sheet.cell(by_code[first], marks["due"]).value = "mañana"
    sheet.cell(by_code[second], marks["title.es"]).value = "Cambiada"
    sheet.cell(405, marks["title.es"]).value = "Nueva"
    sheet.cell(405, marks["title.en"]).value = "New"
    sheet.cell(405, marks["level"]).value = "activity"
    sheet.cell(405, marks["parent"]).value = first
    filled = io.BytesIO()
    book.save(filled)
    looked = member.post(at, {"file": SimpleUploadedFile("p.xlsx", filled.getvalue())}).content.decode()
    letter = openpyxl.utils.get_column_letter(marks["due"])
    assert f"{letter}{by_code[first]}" in words(looked)
    assert "mañana" in words(looked)
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', looked)
    assert digest is not None
    assert member.post(at, {"digest": digest[1], "way": "right"}).status_code == 200
    after = plans.whole(plan.key, drafts=True)
    assert after is not None
    assert len(after.tree.nodes) == 401
    new = next(n for n in after.tree.nodes.values() if n.called("es") == "Nueva")
    assert new.parent == f"node/{first}"
    assert after.tree.nodes[f"node/{second}"].called("es") == "Cambiada"
    assert after.tree.nodes[f"node/{first}"].due == date(2026, 6, 30)


def test_a_large_plan_opens_branch_by_branch_in_a_few_queries(
    enter: Enter, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    _large()
    member = enter("luis", "team-member", body="JL")
    page = read(member, "/en/planning/plan/wp-big/")
    assert page.count('class="part"') == 10
    second = re.findall(r'href="\?part=([^"#]+)#', page)[1]
    assert read(member, f"/en/planning/plan/wp-big/?part={second}").count('class="part"') == 10 + 39
    assert read(member, "/en/planning/plan/wp-big/?part=all").count('class="part"') == 400
    with django_assert_max_num_queries(40):
        read(member, "/en/planning/plan/wp-big/")
    with django_assert_max_num_queries(25):
        assert read(member, "/en/planning/plan/wp-big/edit/").count('type="radio"') == 401


def test_what_is_kept_of_a_plan_gives_way_when_it_changes(enter: Enter, client: Client) -> None:
    assert "Approved" not in read(client, "/en/planning/plan-part/wp-jl-2024.2/")
    member, lead = enter("luis", "team-member", body="JL"), enter("rosa", "team-lead", body="JL")
    member.post(
        "/en/planning/plan-part/wp-jl-2024.2/state/",
        {"stage": "done", "day": "2025-03-01", "said.es": "Aprobada", "said.en": "Approved"},
    )
    assert "Approved" not in read(client, "/en/planning/plan-part/wp-jl-2024.2/")
    for who, act in ((member, "submit"), (lead, "publish")):
        who.post("/en/planning/plan/wp-jl-2024/all/", {"act": act})
    assert "Approved" in read(client, "/en/planning/plan-part/wp-jl-2024.2/")
    assert "green: 4" in words(read(client, "/en/planning/plan/wp-jl-2024/"))

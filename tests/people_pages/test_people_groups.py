"""Groups split and come together, people marry, leave and are born: said as facts, the past kept."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.people_pages.conftest import Officer, hidden, members, person, post, read, register, seek, told

from mirps.people.registry import models

pytestmark = pytest.mark.django_db
XIMENA, JOSE, ANA = "Ximena Vásquez López", "José Mejía", "Ana Mejía Vásquez"


def family(client: Client) -> str:
    """The address of a group of three."""
    return register(
        client, person(), person(1, "José", "Mejía", role="partner", sex="M"),
        person(2, "Ana", "Mejía Vásquez", role="child", year="2015"),
    ).partition("?")[0]  # fmt: skip


def act(client: Client, group: str, name: str, **typed: str) -> str:
    """An act of a group: where it leads."""
    given = hidden(read(client, f"{group}{name}/"), 'name="made"')
    return post(client, f"{group}{name}/", {**given, **typed}, 302).partition("?")[0]


def faulted(client: Client, group: str, name: str, **typed: str) -> list[str]:
    given = hidden(read(client, f"{group}{name}/"), 'name="made"')
    return told(post(client, f"{group}{name}/", {**given, **typed}, 422))


def test_a_group_splits_and_whoever_stays_has_a_focal_person(officer: Officer) -> None:
    client = officer()
    group = family(client)
    at = members(client, group)
    goes = {f"goes:{at[XIMENA]}": "1", f"goes:{at[ANA]}": "1"}
    assert len(faulted(client, group, "split", **goes, head=at[JOSE])) == 2, "no heir, and no head among them"
    typed = {**goes, "head": at[XIMENA], "heir": at[JOSE], "kind": "household", "why": "separation"}
    new = act(client, group, "split", **typed)
    assert new != group
    assert set(members(client, new)) == {XIMENA, ANA}
    assert set(members(client, group)) == {JOSE}
    assert "Quien responde por el grupo" in read(client, group)
    history = read(client, f"/es/people/{at[ANA]}/history/")
    assert "Por separación" in history


def test_nobody_or_everybody_is_no_split(officer: Officer) -> None:
    client = officer()
    group = family(client)
    assert faulted(client, group, "split")
    everybody = {f"goes:{number}": "1" for number in members(client, group).values()}
    assert faulted(client, group, "split", **everybody)
    assert models.Group.objects.count() == 1


def test_a_split_sent_twice_is_one(officer: Officer) -> None:
    client = officer()
    group = family(client)
    at = members(client, group)
    given = hidden(read(client, f"{group}split/"), 'name="made"')
    typed = {**given, f"goes:{at[JOSE]}": "1", "head": at[JOSE], "kind": "single", "why": "split"}
    one = post(client, f"{group}split/", typed, 302)
    assert post(client, f"{group}split/", typed, 302).endswith("?done=split")
    assert models.Group.objects.count() == 2
    assert set(members(client, one.partition("?")[0])) == {JOSE}


def test_two_groups_come_together(officer: Officer) -> None:
    client = officer()
    group = family(client)
    alone = register(client, person(given="Dominga", surnames="López", year="1955")).partition("?")[0]
    number = members(client, alone)["Dominga López"]
    assert faulted(client, alone, "join", other="MEX-G-22222-22222-2")
    leads = act(client, alone, "join", other=group.split("/")[3], **{f"role:{number}": "parent"})
    assert leads == group
    assert "Dominga López" in members(client, group)
    assert "Ya no hay nadie" in read(client, alone)


def test_a_marriage_ties_two_and_brings_the_other_into_the_group(officer: Officer) -> None:
    client = officer()
    group = family(client)
    other = register(client, person(given="Beto", surnames="Zúniga", sex="M", year="1992")).partition("?")[0]
    beto = members(client, other)["Beto Zúniga"]
    ana = members(client, group)[ANA]
    assert faulted(client, group, "marriage", one=ana, other=ana)
    act(client, group, "marriage", one=ana, other=beto, moves="1", **{"since.y": "2026"})
    assert "Beto Zúniga" in members(client, group)
    assert not members(client, other)
    assert "Cónyuge o pareja de" in read(client, f"/es/people/{ana}/")
    assert "Cónyuge o pareja de" in read(client, f"/es/people/{beto}/"), "told from the other side too"


def test_the_focal_person_dies_and_another_takes_their_part(officer: Officer) -> None:
    client = officer()
    group = family(client)
    at = members(client, group)
    assert faulted(client, group, "leaves", one=at[XIMENA], why="death")
    act(
        client,
        group,
        "leaves",
        one=at[XIMENA],
        why="death",
        heir=at[JOSE],
        **{"since.d": "3", "since.m": "2", "since.y": "2026"},
    )
    assert set(members(client, group)) == {JOSE, ANA}
    assert "No está en ningún grupo" in read(client, f"/es/people/{at[XIMENA]}/")
    history = read(client, f"/es/people/{at[XIMENA]}/history/")
    assert "Por fallecimiento" in history


def test_a_child_is_born_into_the_group_after_a_search(officer: Officer) -> None:
    client = officer()
    group = family(client)
    number = group.split("/")[3]
    assert number in read(client, f"/es/people/?into={number}")
    begins = hidden(seek(client, "Luz Mejía Vásquez", into=number), "begin")
    page = post(client, "/es/people/register/", {**begins, "do": "begin"})
    assert "Registrar en el grupo" in page
    typed = {k: v for k, v in hidden(page, "data-family").items() if not k.startswith("p00.")}
    typed |= person(given="Luz", surnames="Mejía Vásquez", role="child", year="2026") | {"began": "birth"}
    typed |= {"p0.birth.0.date.m": "1"}
    assert post(client, "/es/people/register/", {**typed, "do": "keep"}, 302).startswith(group)
    assert "Luz Mejía Vásquez" in members(client, group)
    assert models.Group.objects.count() == 1
    lost = {**typed, "into": "MEX-G-22222-22222-2", "id": "01990000-0000-7000-8000-00000000000b"}
    assert told(post(client, "/es/people/register/", {**lost, "do": "keep"}, 422))


def test_somebody_who_is_registered_comes_into_the_group(officer: Officer) -> None:
    client = officer()
    group = family(client)
    number = group.split("/")[3]
    other = register(client, person(given="Dominga", surnames="López", year="1955")).partition("?")[0]
    page = seek(client, "Dominga López", into=number)
    assert re.search(rf'action="{group}take/"', page)
    asks = post(client, f"{group}take/", {"person": members(client, other)["Dominga López"]})
    typed = {**hidden(asks, 'name="made"'), "role": "parent", "began": "joined"}
    post(client, f"{group}take/", typed, 302)
    assert "Dominga López" in members(client, group)
    assert not members(client, other)


def test_what_is_known_of_a_group_is_added_and_corrected(officer: Officer) -> None:
    client = officer()
    group = family(client)
    asks = read(client, f"{group}say/address/")
    typed = {**hidden(asks, "one-fact"), "f.use": "current", "f.line": "Albergue Belén"}
    post(client, f"{group}say/address/", typed, 302)
    page = read(client, group)
    assert "Albergue Belén" in page
    id_ = re.search(r"/es/people/fact/([0-9a-f-]+)/correct/", page)
    assert id_
    asks = read(client, f"/es/people/fact/{id_[1]}/correct/")
    typed = {**hidden(asks, "one-fact"), "f.use": "current", "f.line": "Albergue Jesús el Buen Pastor"}
    assert post(client, f"/es/people/fact/{id_[1]}/correct/", typed, 302).startswith(group)
    assert "Albergue Belén" not in read(client, group)
    assert "<svg" in read(client, f"{group}cards/")


def test_another_institution_does_not_see_the_group(officer: Officer) -> None:
    group = family(officer())
    inm = officer("irene", body="MEX.INM", office="")
    for page in ("", "split/", "cards/", "say/address/"):
        assert inm.get(f"{group}{page}").status_code == 404
    reader = officer("diego", "screening-officer")
    assert reader.get(f"{group}split/").status_code == 403

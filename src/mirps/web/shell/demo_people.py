"""The demo's registered people, all of them invented: families at the desks of four offices in three States,
a few registered twice, and one fact in two answers. The same in every demo."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

Json = dict[str, Any]
#: From it come all ids: a demo that is started again registers nobody twice.
_OURS = UUID("01a20000-0000-7000-8000-6d6970736465")
FAMILIES, SEED = 62, 2026
#: Who registers, where, and people from where come there.
DESKS = (
    ("demo-mex-tapachula", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", ("HND", "SLV", "GTM", "CUB", "HTI")),
    ("demo-mex-tenosique", "MEX", "MEX.COMAR", "MEX.COMAR.TEN", ("HND", "GTM", "SLV")),
    ("demo-pan-meteti", "PAN", "PAN.ONPAR", "PAN.ONPAR.MET", ("VEN", "COL", "ECU")),
    ("demo-blz-benque", "BLZ", "BLZ.RD", "BLZ.RD.BQV", ("SLV", "HND", "GTM")),
)
_WOMEN = ["María José", "Ana Lucía", "Xiomara", "Karla", "Reina Isabel", "Yesenia", "Dunia", "Marleny", "Rosa Elena",
          "Wendy", "Ximena", "Gloria", "Suyapa", "Blanca", "Digna", "Keily", "Nohemí", "Elsa Marina"]  # fmt: skip
_MEN = ["José Luis", "Carlos", "Marvin", "Wilmer", "Óscar René", "Juan Carlos", "Elmer", "Santos", "Denis", "Melvin",
        "Kevin", "Selvin", "Héctor", "Nelson", "Víctor Manuel", "Josué", "Ángel", "Rigoberto"]  # fmt: skip
_SURNAMES = {
    "HND": ["Mejía", "Zelaya", "Vásquez", "Euceda", "Murillo", "Cálix", "Bonilla", "Álvarez", "Núñez", "Arzú"],
    "SLV": ["Rivas", "Quintanilla", "Alvarado", "Menjívar", "Portillo", "Guevara", "Ayala", "Escobar"],
    "GTM": ["Xol", "Caal", "Choc", "Tzul", "Ixcoy", "Barrios", "Godínez", "Cifuentes", "Chávez"],
    "CUB": ["Pérez", "Valdés", "Hernández", "Acosta"], "HTI": ["Jean-Baptiste", "Pierre", "Louis", "Célestin"],
    "VEN": ["Rojas", "Urdaneta", "Márquez", "Blanco", "Colmenares"], "COL": ["Mosquera", "Palacios", "Córdoba"],
    "ECU": ["Quiñónez", "Cevallos", "Toapanta"], "NIC": ["Sandino", "Urbina", "Téllez", "Baltodano", "Obregón"],
}  # fmt: skip
_LANGUAGE = {"HTI": "ht", "GTM": "kek"}
_NEEDS = ("pregnant", "single-parent", "medical", "threat", "child-risk", "gbv", "older", "family")
#: Registered again at the other office, with what goes wrong at a desk.
_AGAIN = (0, 4, 7, 11)


def register_people(now: datetime) -> str:
    """Register the families through the door by which everybody comes in; how many there are."""
    from django.db import transaction

    from mirps.base.access.api import User, grants_of
    from mirps.people.custody import api as custody
    from mirps.people.intake import api as intake
    from mirps.people.registry import api as registry

    with custody.keeping():
        if intake.Arrival.objects.filter(id=id_of("0")).exists():
            return "kept as they are"
    seats = {}
    for username, _, institution, _, _ in DESKS:
        user = User.objects.get(username=username)
        seat = custody.seat_of(username, grants_of(user, on=now.date()), institution, on=now.date())
        if seat is None:
            raise LookupError(f"{username} has no seat at {institution} (data/demo/people.csv)")
        seats[username] = seat.for_purpose("registration")
    with transaction.atomic():  # all of them or none: a demo that was stopped begins anew
        for said, username, at in _said(now):
            intake.take(said, seat=seats[username], door=intake.Arrival.Door.PAGE, at=at)
    while intake.compare_waiting(at=now):
        pass
    with custody.keeping():
        people, open_ = registry.Person.objects.count(), intake.Task.objects.filter(closed_at=None).count()
    return f"{people} people, {open_} tasks"


def _said(now: datetime) -> Iterator[tuple[Json, str, datetime]]:
    """Each submission, by whom, and when: over the last seven weeks, the last ones this morning."""
    chance = random.Random(SEED)  # noqa: S311 - invented people, the same each time
    families = [family(DESKS[n % len(DESKS)][4], chance) for n in range(FAMILIES)]
    for n, people in enumerate(families):
        at = now - timedelta(hours=max(1, (FAMILIES - n) * 19 - 40), minutes=chance.randrange(50))
        yield submission(str(n), DESKS[n % len(DESKS)], people, at), DESKS[n % len(DESKS)][0], at
    for turn, n in enumerate(_AGAIN):
        other = DESKS[1] if n % len(DESKS) == 0 else DESKS[0]
        desk = DESKS[n % len(DESKS)] if n % len(DESKS) > 1 else other
        at = now - timedelta(hours=30 - turn)
        yield submission(f"again-{n}", desk, [_worn(families[n][0], turn)], at), desk[0], at
    yield from _contradicted(families[0][0], now)


def family(countries: Sequence[str], chance: random.Random) -> list[Json]:
    """From one to seven people: who leads it, perhaps a partner, children, a grandmother."""
    country = chance.choice(countries)
    names = _SURNAMES[country]
    head_is_woman = chance.random() < 0.6
    mine, theirs = chance.sample(names, 2), chance.sample(names, 2)
    age = chance.randint(21, 58)
    people = [_person(chance, country, head_is_woman, mine, age, "head")]
    if chance.random() < 0.45:
        people.append(
            _person(chance, country, not head_is_woman, theirs, age + chance.randint(-6, 6), "partner")
        )
    father, mother = (theirs, mine) if head_is_woman else (mine, theirs)
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4))):
        child = chance.randint(0, max(1, min(17, age - 18)))
        people.append(_person(chance, country, chance.random() < 0.5, [father[0], mother[0]], child, "child"))
    if chance.random() < 0.12:
        people.append(
            _person(chance, country, True, [mine[1], names[0]], age + chance.randint(22, 30), "parent")
        )
    return people


def _person(
    chance: random.Random, country: str, woman: bool, surnames: list[str], age: int, role: str
) -> Json:
    born = date(2026 - max(0, age), chance.randint(1, 9), chance.randint(1, 28))
    one = country in ("HTI",) or chance.random() < 0.08
    return {
        "given": chance.choice(_WOMEN if woman else _MEN), "surnames": surnames[0] if one else " ".join(surnames),
        "born": born.isoformat() if chance.random() < 0.9 else str(born.year), "sex": "F" if woman else "M",
        "country": country, "role": role,
        "document": f"{chance.randint(101, 1899):04d}{born.year}{chance.randint(1, 99999):05d}"
        if role == "head" and chance.random() < 0.7 else "",
        "phone": f"9{chance.randint(1000000, 9999999)}" if role == "head" and chance.random() < 0.6 else "",
        "need": chance.choice(_NEEDS) if chance.random() < 0.2 else "",
    }  # fmt: skip


def _worn(person: Json, turn: int) -> Json:
    """The same person as another desk wrote them down."""
    born = person["born"]
    if turn == 1 and len(born) == 10 and int(born[8:]) <= 12:
        born = f"{born[:4]}-{born[8:]}-{born[5:7]}"
    elif turn == 2:
        born = f"{born[:4]}-01-01"
    heard = person["surnames"].replace("V", "B").replace("z", "s").replace("j", "g")
    names = " ".join(reversed(heard.split())) if turn == 3 else heard
    return {**person, "surnames": names, "born": born, "role": "head", "need": "",
            "document": person["document"] if turn == 0 else ""}  # fmt: skip


def submission(key: str, desk: tuple[Any, ...], people: list[Json], at: datetime) -> Json:
    group = str(id_of(key, "group"))
    facts: list[Json] = []
    for n, p in enumerate(people):
        facts += _facts(key, n, p, group)
    kind = "household" if len(people) > 1 else "single"
    return sent(
        id_of(key), desk[1:4], at, facts=facts, groups=[{"id": group, "kind": kind, "level": "individual"}],
        people=[{"id": str(id_of(key, "person", n)), "level": "individual"} for n in range(len(people))],
    )  # fmt: skip


def sent(id_: UUID, where: tuple[str, str, str], at: datetime, **what: Any) -> Json:
    """A submission as a desk (State, institution, office) sends it."""
    state, institution, office = where
    return {
        "id": str(id_), "state": state, "institution": institution, "office": office, "made_at": at.isoformat(),
        "device": "web", "form": "2026.1", **what,
    }  # fmt: skip


def _facts(key: str, n: int, p: Json, group: str) -> list[Json]:
    said: list[tuple[str, Json]] = [
        ("name", {"given": p["given"], "surnames": p["surnames"], "use": "current", "sure": "stated"}),
        ("birth", {"date": p["born"], "sure": "document" if p["document"] else "stated"}),
        ("sex", {"sex": p["sex"]}),
        ("nationality", {"country": p["country"], "standing": "national" if p["document"] else "claimed"}),
        ("language", {"language": _LANGUAGE.get(p["country"], "es")}),
        ("consent", {"purpose": "registration", "given": "given", "how": "spoken"}),
        ("status", {"status": "asylum-seeker", "since": "2026"}),
    ]
    if p["document"]:
        said.append(
            ("document", {"type": "id", "number": p["document"], "country": p["country"], "seen": "original"})
        )
    if p["phone"]:
        said.append(("contact", {"channel": "phone", "value": p["phone"], "safety": "safe"}))
    if p["need"]:
        said.append(("need", {"need": p["need"], "standing": "pending"}))
    said.append(("membership", {"role": p["role"], "began": "registered"}))
    person = str(id_of(key, "person", n))
    return [
        {"id": str(id_of(key, n, kind)), "kind": kind, "person": person, "data": data}
        | ({"group": group} if kind == "membership" else {})
        for kind, data in said
    ]


def _contradicted(person: Json, now: datetime) -> Iterator[tuple[Json, str, datetime]]:
    """Two desks of one institution correct the same date of birth, neither knowing of the other."""
    for n, day in enumerate(("14", "15")):
        at = now - timedelta(hours=20 - n)
        said = {"date": f"{person['born'][:4]}-06-{day}", "sure": "stated"}
        fact = {"id": str(id_of("birth", n, "fact")), "kind": "birth", "person": str(id_of("0", "person", 0)),
                "replaces": str(id_of("0", 0, "birth")), "data": said}  # fmt: skip
        yield sent(id_of("birth", n), DESKS[1 - n][1:4], at, facts=[fact]), DESKS[1 - n][0], at


def id_of(*what: object) -> UUID:
    return uuid5(_OURS, "/".join(map(str, what)))

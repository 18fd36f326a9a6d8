"""What a desk sends, made up: the JSON of a submission, ids and all."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

Json = dict[str, Any]
MADE_AT = "2026-11-20T10:00:00-06:00"


def fact(
    kind: str, /, *, person: str = "", group: str = "", other: str = "", replaces: str = "", **data: Any
) -> Json:
    """A fact with an id of its own; a field named `for` or the like is given in a dict after `kind`."""
    ends = {"person": person, "group": group, "other": other, "replaces": replaces}
    return {"id": str(uuid4()), "kind": kind, **{k: v for k, v in ends.items() if v}, "data": data}


def who(given: str = "Ximena", surnames: str = "Vásquez López", *, born: str = "1987-05-04", sex: str = "F",
        country: str = "HND", role: str = "head", document: str = "", phone: str = "") -> Json:  # fmt: skip
    """A person to register: what `family` needs to say of them."""
    return {"id": str(uuid4()), "role": role, "given": given, "surnames": surnames, "born": born, "sex": sex,
            "country": country, "document": document, "phone": phone}  # fmt: skip


def family(*people: Json, kind: str = "household", level: str = "individual", office: str = "MEX.COMAR.TAP",
           institution: str = "MEX.COMAR", state: str = "MEX", made_at: str = MADE_AT) -> Json:  # fmt: skip
    """A whole submission that registers these people as one group."""
    group, people = str(uuid4()), people or (who(),)
    facts: list[Json] = []
    for p in people:
        facts += [
            *said_of(p),
            fact("membership", person=p["id"], group=group, role=p["role"], began="registered"),
        ]
    return {
        "id": str(uuid4()), "state": state, "institution": institution, "office": office, "made_at": made_at,
        "device": "desk-1", "form": "2026.1",
        "groups": [{"id": group, "kind": kind, "level": level}],
        "people": [{"id": p["id"], "level": level} for p in people],
        "facts": facts,
    }  # fmt: skip


def said_of(p: Json) -> list[Json]:
    """The facts that an individual registration asks for."""
    id_ = p["id"]
    facts = [
        fact("name", person=id_, given=p["given"], surnames=p["surnames"], use="current", sure="stated"),
        fact("birth", person=id_, date=p["born"]),
        fact("sex", person=id_, sex=p["sex"]),
        fact("nationality", person=id_, country=p["country"], standing="claimed"),
        fact("consent", person=id_, purpose="registration", given="given", how="spoken"),
    ]
    if p["document"]:
        facts.append(fact("document", person=id_, type="id", number=p["document"], country=p["country"]))
    if p["phone"]:
        facts.append(fact("contact", person=id_, channel="phone", value=p["phone"], safety="safe"))
    return facts


def more(*facts: Json, office: str = "MEX.COMAR.TAP", made_at: str = MADE_AT) -> Json:
    """A submission that says more of people who stand."""
    return {"id": str(uuid4()), "state": "MEX", "institution": "MEX.COMAR", "office": office, "made_at": made_at,
            "device": "desk-1", "form": "2026.1", "facts": list(facts)}  # fmt: skip


def ids(found: Json) -> list[UUID]:
    return [UUID(p["id"]) for p in found["people"]]

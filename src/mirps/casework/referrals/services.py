"""For what people are referred, and what of their file travels with them (data/referrals/services.yaml). Pure.

What travels is a list of items, each a fact as the registry knows it ({"kind", "data"}) less every field that the
service does not name, under the sensitivity of its fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mirps.base.texts.rules import Text
from mirps.people.registry.kinds import Book, Type
from mirps.people.registry.rules import Fact

#: A date of which the year alone travels; a code that tells that a telephone is not to be used.
YEAR, UNSAFE = "year", "unsafe"
#: What one letter may carry.
MOST_ITEMS, MOST_TEXT = 60, 400
Item = Mapping[str, Any]


class ServiceFault(ValueError):
    """A service that cannot be read. The message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: Text
    answer: int
    outcome: int
    sensitivity: str
    carries: Mapping[str, tuple[str, ...]]
    needs: frozenset[str]


def read(given: object, book: Book) -> dict[str, Service]:
    """The services of the file. Raises ServiceFault."""
    if not isinstance(given, Mapping) or not given:
        raise ServiceFault("services.yaml: a service by its code is expected")
    return {str(code): _service(str(code), said, book) for code, said in given.items()}


def _service(code: str, said: object, book: Book) -> Service:
    at = f"services.yaml, {code}"
    if not isinstance(said, Mapping):
        raise ServiceFault(f"{at}: its names, days and what it carries are expected")
    known = {"es", "en", "answer", "outcome", "sensitivity", "carries", "needs"}
    if more := sorted(set(map(str, said)) - known):
        raise ServiceFault(f"{at}: {more[0]!r} is not known; write one of {', '.join(sorted(known))}")
    for name in ("es", "en"):
        if not isinstance(said.get(name), str) or not said[name].strip():
            raise ServiceFault(f"{at}.{name}: write its name in this language")
    for name in ("answer", "outcome"):
        if type(said.get(name)) is not int or not 0 < said[name] <= 366:
            raise ServiceFault(f"{at}.{name}: write a number of days, 1 to 366")
    sensitivity = said.get("sensitivity", "")
    if sensitivity and sensitivity not in book.lists["sensitivities"]:
        raise ServiceFault(f"{at}.sensitivity: {sensitivity!r} is not in sensitivities.csv")
    return Service(
        code, Text(said["es"], said["en"]), said["answer"], said["outcome"], sensitivity,
        dict(_carried(at, said.get("carries"), book)), frozenset(_needs(at, said.get("needs", []), book)),
    )  # fmt: skip


def _carried(at: str, said: object, book: Book) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(said, Mapping) or "name" not in said:
        raise ServiceFault(f"{at}.carries: kinds of facts are expected, the name among them")
    for kind, fields in said.items():
        if kind not in book.kinds or "person" not in book.kinds[kind].of or book.kinds[kind].knows:
            raise ServiceFault(f"{at}.carries: {kind!r} is no kind of fact that may travel so (kinds.yaml)")
        allowed = {n for n, f in book.kinds[kind].fields.items() if f.type is not Type.FILE} | {YEAR}
        if not isinstance(fields, list) or not fields or not set(map(str, fields)) <= allowed:
            raise ServiceFault(f"{at}.carries.{kind}: write some of {', '.join(sorted(allowed))}")
        yield kind, tuple(map(str, fields))


def _needs(at: str, said: object, book: Book) -> Iterator[str]:
    if not isinstance(said, list):
        raise ServiceFault(f"{at}.needs: a list of codes is expected")
    for code in said:
        if code not in book.lists["needs"]:
            raise ServiceFault(f"{at}.needs: {code!r} is not in needs.csv")
        yield str(code)


def least(service: Service, standing: Iterable[Fact]) -> list[tuple[str, Item]]:
    """What of a file travels for a service, each with its sensitivity; a contact that is not safe never does."""
    out = []
    for f in standing:
        if f.kind == "contact" and f.data.get("safety") == UNSAFE:
            continue
        if item := narrowed(service, {"kind": f.kind, "data": f.data}):
            out.append((f.sensitivity, item))
    return sorted(out, key=lambda each: _turn(service, each))[:MOST_ITEMS]


def _turn(service: Service, each: tuple[str, Item]) -> int:
    kinds = [*service.carries, "need"]
    return kinds.index(each[1]["kind"])


def narrowed(service: Service, item: Item) -> Item | None:
    """An item as the service lets it travel, whoever made it; None where it does not. What is not named is left out,
    so that a node which sends more is given no more room by us."""
    kind, data = item.get("kind"), item.get("data")
    if not isinstance(kind, str) or not isinstance(data, Mapping):
        return None
    if kind == "need":
        need = str(data.get("need"))
        return {"kind": kind, "data": {"need": need}} if need in service.needs else None
    told = dict(_fields(service.carries.get(kind, ()), data))
    return {"kind": kind, "data": told} if told else None


def _fields(names: Iterable[str], data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in names:
        source = "date" if name == YEAR else name
        value = data.get(source)
        if (
            value is None
            or isinstance(value, list | dict)
            or (isinstance(value, str) and len(value) > MOST_TEXT)
        ):
            continue
        yield (source, str(value)[:4]) if name == YEAR else (name, value)


def sensitivity(item: Item, book: Book) -> str:
    """How sensitive an item is by our own lists, whatever its sender says."""
    if item["kind"] != "need":
        return ""
    need = book.lists["needs"].get(item["data"]["need"])
    return str(need.extra.get("sensitivity") or "") if need else ""

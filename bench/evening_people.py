"""The people of bench/evening.py: each a thread that opens pages, thinks, types and saves.

Threads and the standard library's HTTP, not locust: a person's next act depends on what the server said
to the last (versions met, cells shut), what each was told must be kept to be compared with what is
stored, and the load is people thinking, thirty requests a second, not a flood. The client shares the
machine's cores with the server, so it must be light.
"""

from __future__ import annotations

import hashlib
import html
import http.client
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

CSRF = "b" * 32
ROUND = "/{lang}/rounds/2025"
_INPUT = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ASK = re.compile(r'/enter/[A-Z][^/"]*/([a-z0-9-]+-[a-z0-9-]*\d)/"')
_CELL_PAGE = re.compile(r'href="([^"]*/review/cell/\d+/)"')
_LATER = re.compile(r"[?&](?:then)=([\d,]*)")


class Over(Exception):
    """The evening is over."""


@dataclass(slots=True)
class Answer:
    status: int
    body: str
    to: str  # where it leads


@dataclass
class Kept:
    """What one person saw: (kind, seconds, status) of each request, and receipts of what they wrote."""

    requests: list[tuple[str, float, int]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Person(threading.Thread):
    def __init__(self, who: dict[str, Any], port: int, until: float, pace: float) -> None:
        super().__init__(name=who["username"], daemon=True)
        self.who, self.port, self.until, self.pace = who, port, until, pace
        self.rng = random.Random(who["number"])
        self.typed = 0
        self.kept = Kept()
        self.base = ROUND.format(lang=who["lang"])
        self.mine = f"{self.base}/enter/{who['institution']}/"

    # --- what a person is

    def run(self) -> None:
        try:
            time.sleep(
                self.rng.uniform(0, min(2 * self.pace, (self.until - time.time()) / 3))
            )  # not all at once
            while True:
                getattr(self, f"as_{self.who['part']}")()
        except Over:
            pass
        except Exception as e:
            self.kept.errors.append(f"{self.name}: {type(e).__name__} {e}")

    def think(self, times: float = 1.0) -> None:
        """A while, exponential about the pace, at most four times as long."""
        seconds = min(self.rng.expovariate(1 / (self.pace * times)), 4 * self.pace * times)
        if time.time() + seconds >= self.until:
            raise Over
        time.sleep(seconds)

    def ask(self, kind: str, method: str, path: str, body: bytes | str | None = None,
            content: str = "", expect: tuple[int, ...] = (200,)) -> Answer:  # fmt: skip
        headers = {"Cookie": f"sessionid={self.who['session']}; csrftoken={CSRF}", "Connection": "close"}
        if content:
            headers |= {"Content-Type": content, "X-CSRFToken": CSRF}
        start = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, headers)
            got = line.getresponse()
            text = got.read().decode("utf-8", "replace")
            answer = Answer(got.status, text, got.headers.get("Location", ""))
        except (OSError, http.client.HTTPException) as e:
            answer = Answer(0, str(e), "")
        finally:
            line.close()
        self.kept.requests.append((kind, time.perf_counter() - start, answer.status))
        if answer.status not in expect:
            self.kept.errors.append(f"{kind} {path} answered {answer.status} {answer.body[:200]!r}")
        return answer

    def get(self, kind: str, path: str) -> Answer:
        return self.ask(kind, "GET", path)

    def post_form(self, kind: str, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self.ask(kind, "POST", path, urlencode(fields), "application/x-www-form-urlencoded", (302,))

    def post_json(self, kind: str, path: str, given: object) -> dict[str, Any] | None:
        answer = self.ask(kind, "POST", path, json.dumps(given), "application/json")
        return json.loads(answer.body) if answer.status == 200 else None

    def value(self) -> int:
        self.typed += 1
        return (self.who["number"] + 1) * 100_000 + self.typed

    # --- on a phone, one thing at a time

    def as_form(self) -> None:
        listed = self.get("list", self.mine)
        codes = sorted(set(_ASK.findall(listed.body)))
        self.think()
        for _ in range(6):
            if codes:
                self.one_form(self.rng.choice(codes))

    def one_form(self, code: str) -> bool:
        """Open a thing asked, type, see what the checks say, save. True when it was saved and kept."""
        page = self.get("form", f"{self.mine}{code}/")
        inputs = list(_inputs(page.body))
        cells = [i for i in inputs if "data-cell" in i]
        self.think()
        if not cells or not any(i.get("name") == "qualifier" or i.get("id") == "f-qualifier" for i in inputs):
            return False  # handed over already
        form = next(i["value"] for i in inputs if i.get("name") == "form")
        fields = [(i["name"], i["value"]) for i in inputs if i.get("name", "").startswith("b-")]
        wanted = {cells[0]["data-cell"], *(c["data-cell"] for c in cells if self.rng.random() < 0.5)}
        texts = {c["data-cell"]: c.get("value", "") for c in cells}
        said = []
        for cell in sorted(wanted):
            number = self.value()
            texts[cell] = str(number)
            said.append((int(cell), number))
        self.post_json("hint", f"{self.mine}hint/", {"ask": code, "texts": texts})
        self.think()
        note = f"Nota de prueba {self.who['number']}-{self.typed}"
        fields += [(f"v-{c}", t) for c, t in texts.items()]
        fields += [("form", form), ("qualifier", "exact"), ("note_es", note), ("note_en", ""), ("go", "next")]
        fields += [("csrfmiddlewaretoken", CSRF), ("why", "value")]
        total = int(cells[0]["data-cell"])
        # 422: a colleague handed it over while this one typed, and the page says so.
        body, kind = urlencode(fields), "application/x-www-form-urlencoded"
        answer = self.ask("save form", "POST", f"{self.mine}{code}/", body, kind, (302, 422))
        self.form_receipt(answer, form, total, note, said)
        if self.rng.random() < 0.02 and answer.status == 302:  # the answer was lost: sent once more
            self.ask("save form", "POST", f"{self.mine}{code}/", body, kind, (302, 422))
        if answer.to:
            self.get("met" if "/met/" in answer.to else "form", answer.to)
            self.think()
        return answer.status == 302 and "/met/" not in answer.to

    def form_receipt(
        self, answer: Answer, form: str, total: int, note: str, said: list[tuple[int, int]]
    ) -> None:
        met = []
        if "/met/" in answer.to:
            later = _LATER.findall(answer.to)
            first = int(answer.to.partition("/met/")[2].partition("/")[0])
            met = [first, *(int(x) for x in ",".join(later).split(",") if x)]
        marks = [
            (c, v, str(uuid5(UUID(form), "|".join([str(c), str(v), "", *(["exact", note, ""] if c == total else [])]))))
            for c, v in said
        ]  # fmt: skip
        self.kept.receipts.append({
            "k": "form", "by": self.name, "said": marks, "met": met,
            "outcome": {302: "kept", 422: "refused"}.get(answer.status),
        })  # fmt: skip

    # --- on a desk, in the grid

    def as_grid(self) -> None:
        page = self.get("grid", f"{self.mine}grid/")
        boxes = [i for i in _inputs(page.body) if "data-base" in i]
        bases = {int(i["data-cell"]): int(i["data-base"]) for i in boxes}
        self.think()
        for _ in range(12):
            if not bases:
                self.get("round", f"{self.base}/")
                self.think(3)
                return
            cells = self.rng.sample(sorted(bases), min(len(bases), self.rng.choice((1, 1, 1, 2, 3))))
            self.save([(c, bases[c], self.value()) for c in cells], bases)
            self.think()
        if self.rng.random() < 0.2:
            self.get("history", f"{self.mine}cell/{self.rng.choice(sorted(bases))}/")
            self.think()

    def save(self, wanted: list[tuple[int, int, int]], bases: dict[int, int]) -> None:
        """Save cells of the grid; what meets another's change is written again over it, or left."""
        posts = [{"cell": c, "base": b, "client": str(uuid4()), "text": str(v)} for c, b, v in wanted]
        done = self.post_json("save cells", f"{self.mine}save/", {"posts": posts})
        if done is not None and self.rng.random() < 0.03:  # as the browser does when the answer was lost
            again = self.post_json("save cells", f"{self.mine}save/", {"posts": posts})
            for first, second in zip(done["done"], (again or {"done": []})["done"], strict=False):
                if first["outcome"] == "written" and second["outcome"] != "again":
                    self.kept.errors.append(f"sent twice: {first} then {second}")
        over = []
        for n, (post, (cell, _, value)) in enumerate(zip(posts, wanted, strict=True)):
            told = done["done"][n] if done else {"outcome": None}
            self.kept.receipts.append({
                "k": "cell", "by": self.name, "cell": cell, "value": value, "client": post["client"],
                "outcome": told["outcome"], "version": told.get("version"),
            })  # fmt: skip
            if told["outcome"] == "refused":
                bases.pop(cell, None)
            elif told["outcome"] is not None:
                bases[cell] = told["version"]
            if told["outcome"] == "conflict" and self.rng.random() < 0.5:
                over.append((cell, told["version"], self.value()))
        if over:
            self.think()
            self.save(over, bases)

    # --- with a workbook that was filled in offline

    def as_book(self) -> None:
        for book in self.who["books"]:
            self.think(6)
            self.hand_in(Path(book["path"]).read_bytes(), book)
        self.as_form()
        self.who["books"] = []

    def hand_in(self, content: bytes, book: dict[str, Any]) -> None:
        where = f"{self.base}/workbook/{self.who['institution']}/"
        self.get("workbook page", where)
        self.think()
        looked = self.upload(where, content)
        if "/workbook/" not in looked.to:
            return
        self.get("workbook look", looked.to)
        self.think(2)
        fields = [("csrfmiddlewaretoken", CSRF), ("keep", "right")]
        taken = self.post_form("workbook take", looked.to, fields)
        number = re.search(r"taken=(\d+)", taken.to)
        if taken.status == 302 and number is None:
            self.kept.errors.append(f"a workbook was not taken: {taken.to}")
        self.kept.receipts.append({
            "k": "book", "by": self.name, "digest": hashlib.sha256(content).hexdigest(),
            "said": book["said"], "before": book["before"],
            "outcome": int(number[1]) if number else None,
        })  # fmt: skip
        self.think()
        if "again=" not in self.upload(where, content).to:
            self.kept.errors.append("the same workbook twice was not seen to be the same")

    def upload(self, where: str, content: bytes) -> Answer:
        mark = uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="libro.xlsx"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.ask(
            "workbook upload", "POST", where, body, f"multipart/form-data; boundary={mark}", (302,)
        )

    # --- who hands over, and who reads

    def as_submit(self) -> None:
        codes = sorted(set(_ASK.findall(self.get("list", self.mine).body)))
        self.think()
        for _ in range(3):
            code = self.rng.choice(codes)
            if self.one_form(code) and self.rng.random() < 0.4:
                self.get("submit page", f"{self.mine}submit/")
                self.think()
                fields = [("csrfmiddlewaretoken", CSRF), ("asked", code)]
                # 422: a colleague emptied, changed or handed it over in between, and the page says so.
                body, kind = urlencode(fields), "application/x-www-form-urlencoded"
                gone = self.ask("submit", "POST", f"{self.mine}submit/", body, kind, (302, 422))
                if gone.status == 302:
                    sent = int(gone.to.partition("sent=")[2])
                    self.kept.receipts.append({"k": "submit", "by": self.name, "ask": code, "outcome": sent})
                self.think()

    def as_review(self) -> None:
        if self.who["regional"]:
            self.get("region page", f"{self.base}/review/")
            self.think()
        page = self.get("review page", f"{self.base}/review/{self.who['state']}/?show=all")
        self.think(2)
        fields = _CELL_PAGE.findall(page.body)
        for _ in range(3):
            if fields:
                self.get("review field", html.unescape(self.rng.choice(fields)))
                self.think(2)
        self.get("round", f"{self.base}/")
        self.think()


def _inputs(page: str) -> Iterator[dict[str, str]]:
    """The inputs of a page, each with its attributes; text areas and lists by their names only."""
    for tag in _INPUT.findall(page):
        yield {k: html.unescape(v) for k, v in _ATTRIBUTE.findall(tag)}

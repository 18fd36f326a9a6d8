"""A reference engine, as a process of its own: it says who matches by what the document number begins with.

    python -m tests.interop.simulator PORT SECRET

It is written from docs/interoperability.md with the standard library alone, so that whoever builds an adapter or an
engine has something to try it against. It keeps nothing of what it is sent but the last answer, which it gives again
where it plays a replay.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RESULTS = {"MATCH": ("match", "high"), "NOMATCH": ("no-match", "medium"), "UNSURE": ("unsure", "low")}


def mark(secret: str, id_: str, seconds: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = id_.encode() + b"." + seconds.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()


def signed(secret: str, id_: str, body: bytes, *, old: int = 0) -> dict[str, str]:
    seconds = str(int(time.time()) - old)
    return {
        "webhook-id": id_,
        "webhook-timestamp": seconds,
        "webhook-signature": mark(secret, id_, seconds, body),
    }


class Engine(BaseHTTPRequestHandler):
    secret = ""
    last: tuple[dict[str, str], bytes] = ({}, b"")
    later: tuple[dict[str, str], bytes] = ({}, b"")

    def do_GET(self) -> None:
        """The answer that is given later, as it would be posted: for a test to carry."""
        headers, body = Engine.later
        self._say(200, json.dumps({"headers": headers, "body": body.decode()}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        h = {k.lower(): v for k, v in self.headers.items()}
        right = mark(self.secret, h.get("webhook-id", ""), h.get("webhook-timestamp", "0"), body)
        if h.get("webhook-signature") != right or abs(time.time() - int(h["webhook-timestamp"])) > 300:
            self._say(401, b"{}")
            return
        self._answer(json.loads(body))

    def _answer(self, asked: dict[str, object]) -> None:
        sent = asked["sent"]
        assert isinstance(sent, dict)
        says = sent.get("number") or base64.b64decode(sent["face"])[3:].decode("ascii", "ignore").strip()
        how = says.split("-")[0]
        result, band = RESULTS.get(how, ("match", "high"))
        told: dict[str, object] = {
            "request": asked["request"], "result": result, "band": band,
            "reference": f"SIM-{hashlib.sha256(str(asked['subject']).encode()).hexdigest()[:8]}",
        }  # fmt: skip
        told |= {"TEMPLATE": {"template": "AAAA"}, "BAND": {"band": 0.97}, "REFERENCE": {"reference": "a b"},
                 "OTHER": {"request": "0199f000-0000-7000-8000-000000000000"}}.get(how, {})  # fmt: skip
        body = json.dumps(told).encode()
        id_ = "ans_" + str(asked["request"]).replace("-", "")
        headers = signed(self.secret, id_, body, old=900 if how == "OLD" else 0)
        if how == "FORGED":
            headers = signed("whsec_" + base64.b64encode(b"f" * 32).decode(), id_, body)
        if how == "DOWN":
            self._say(503, b"busy")
        elif how == "REFUSED":
            self._say(400, b"{}")
        elif how == "REDIRECT":
            self._say(302, b"", {"Location": "http://127.0.0.1:1/"})
        elif how == "GARBAGE":
            self._say(200, b"\xff[[[", signed(self.secret, id_, b"\xff[[["))
        elif how == "HUGE":
            self._say(200, b"[" * 200_000, headers)
        elif how == "REPLAY":
            self._say(200, Engine.last[1], Engine.last[0])
        elif how == "LATER":
            Engine.later = (headers, body)
            self._say(202, b"{}")
        elif how == "SLOW":
            time.sleep(4)
            self._say(200, body, headers)
        else:
            Engine.last = (headers, body)
            self._say(200, body, headers)

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    Engine.secret = sys.argv[2]
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Engine) as server:
        server.serve_forever()

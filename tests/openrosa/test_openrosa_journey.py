"""ODK Collect's own engine fills the form that the node serves; what it sends over HTTP is found in the registry.

Only the telephone is missing: the form list, the form by pyxform, JavaRosa that fills it, the posts with their
headers and split files, and the server with its database are real.
"""

from __future__ import annotations

import base64
import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree
from tests.openrosa.conftest import png
from tests.openrosa.filled import edited, family, fill, person
from tests.product import own_tables, seed, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not shutil.which("java"), reason="the engine of ODK Collect needs Java"),
]
NODE = Path(__file__).with_name("made_node.py")
LIST = "{http://openrosa.org/xforms/xformsList}"


class Collect:
    """The calls that ODK Collect makes, in its words."""

    def __init__(self, server: str, login: str, code: str) -> None:
        self.server = server
        given = base64.b64encode(f"{login}:{code}".encode()).decode()
        self.headers = {"X-OpenRosa-Version": "1.0", "Authorization": f"Basic {given}"}

    def ask(
        self, url: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        asked = urllib.request.Request(url, data=body, method=method, headers=self.headers | headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read()

    def form(self, id_: str) -> str:
        listed = etree.fromstring(self.ask(f"{self.server}/openrosa/formList")[2])
        [url] = [f.findtext(f"{LIST}downloadUrl") for f in listed if f.findtext(f"{LIST}formID") == id_]
        return self.ask(str(url))[2].decode()

    def send(self, xml: bytes, **files: bytes) -> int:
        """HEAD, then a post to where it leads."""
        status, headers, _ = self.ask(f"{self.server}/openrosa/submission", "HEAD")
        assert status == 204
        mark = uuid4().hex
        parts = {"xml_submission_file": ("submission.xml", "text/xml", xml)}
        parts |= {f"{n}.jpg": (f"{n}.jpg", "image/jpeg", content) for n, content in files.items()}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
            f"Content-Type: {type_}\r\n\r\n".encode() + content + b"\r\n"
            for name, (file, type_, content) in parts.items()
        )  # fmt: skip
        type_ = f"multipart/form-data; boundary={mark}"
        return self.ask(
            headers["Location"], "POST", body + f"--{mark}--\r\n".encode(), **{"Content-Type": type_}
        )[0]


def test_a_family_filled_without_a_line_is_sent_found_corrected_and_never_twice(tmp_path: Path) -> None:
    env = own_tables(tmp_path / "node")
    login, code = seed(env, NODE, "make").split()

    def held(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(seed(env, NODE, "held", name))
        return found

    with serving(env) as server:
        collect = Collect(server, login, code)
        form = collect.form("mirps-registration-individual")
        xml = fill(form, family(
            person(1, "Ximena", "Vásquez López", born="1987-05-04", photo="one.jpg", document="0801-1987-01234"),
            person(2, "José Ángel", "Lagos Vásquez", born="1985-11", sex="M", role="partner"),
            person(3, "Ana Lucía", "Lagos Vásquez", born="2010-02-28", role="child", photo="three.jpg"),
            person(4, "Luis", "Lagos Vásquez", born="2014", sex="M", role="child"),
            person(5, "Rosa", "López", born="1957", role="grandparent"),
        ), tmp_path)  # fmt: skip

        assert collect.send(xml, one=png(1)) == 202
        assert held("Ximena/Vásquez López")["people"] == 0
        assert collect.send(xml, three=png(3)) == 201
        found = held("Jimena/Básquez Lopes")  # as another desk hears it
        assert found["people"] == 5
        [ximena] = [p for p in found["found"].values() if p["name"] == "Ximena Vásquez López"]
        assert ximena == {"name": "Ximena Vásquez López", "born": ["1987-05-04"], "photos": [len(png(1))]}

        assert collect.send(xml, one=png(1), three=png(3)) == 201  # the answer was lost on the way
        assert held("Luis/Lagos Vásquez")["people"] == 5

        assert collect.send(edited(xml, ("1987-05-04", "1978-05-04"))) == 201
        again = held("Ximena/Vásquez López")
        assert again["people"] == 5
        assert ["1978-05-04"] in [p["born"] for p in again["found"].values()]

"""Forms filled by the engine of ODK Collect (Fill.java), and by hand for what no engine would send."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from uuid import uuid4

import pyxform

from mirps.people.intake import xlsform
from mirps.people.registry.api import book

ENGINE = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
FILL = Path(__file__).with_name("Fill.java")
Answers = dict[str, str]


class FormRefused(AssertionError):
    """What the form said to whoever filled it."""


def fill(form: str, answers: Answers, folder: Path) -> bytes:
    """The instance that a device would send. Raises FormRefused with the place and the form's own words."""
    at = {name: folder / name for name in ("form.xml", "answers.tsv", "instance.xml")}
    at["form.xml"].write_text(form, encoding="utf-8")
    at["answers.tsv"].write_text("".join(f"{p}\t{a}\n" for p, a in answers.items()), encoding="utf-8")
    command = ["java", "-Dfile.encoding=UTF-8", "-Djava.awt.headless=true", "-cp", ENGINE, FILL, *at.values()]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise FormRefused(done.stderr.strip().splitlines()[-1])
    return at["instance.xml"].read_bytes()


def person(n: int, given: str, surnames: str, *, born: str, sex: str = "F", role: str = "",
           country: str = "HND", photo: str = "", document: str = "") -> Answers:  # fmt: skip
    """The answers about the n-th person at an individual registration, by their paths."""
    at = "person" if n == 1 else f"person[{n}]"
    who, exact = f"{at}/section_identity", {10: "day", 7: "month", 4: "year"}[len(born)]
    out = {f"{at}/person_role": role} if role else {}
    out |= {
        f"{who}/person_name/person_name_given": given,
        f"{who}/person_name/person_name_surnames": surnames,
        f"{who}/person_birth/person_birth_date_exact": exact,
        f"{who}/person_birth/person_birth_date_{exact}": (born + "-01-01")[:10],
        f"{who}/person_sex/person_sex_sex": sex,
        f"{who}/person_nationality/person_nationality_country": country,
    }
    if document:
        out[f"{who}/person_document/person_document_type"] = "id"
        out[f"{who}/person_document/person_document_number_scan"] = document
    if photo:
        out[f"{who}/person_photo/person_photo_file"] = photo
    out[f"{at}/section_consent/person_consent_registration/person_consent_registration_given"] = "given"
    return {path: answer for path, answer in out.items() if answer}


def family(*people: Answers) -> Answers:
    out = {"registration_level": "individual", "group_kind": "household"}
    for each in people:
        out |= each
    return out


def typed(*people: str, group: str = "", kind: str = "household", level: str = "individual", id_: str = "",
          replaces: str = "", version: str = "") -> bytes:  # fmt: skip
    """An instance written by hand: `people` is the XML of each, `group` that of the group's section."""
    old = f"<deprecatedID>uuid:{replaces}</deprecatedID>" if replaces else ""
    return (
        f'<data id="mirps-registration-{level}" version="{version or book().form.version}">'
        f"<end>2026-11-20T10:00:00.000-06:00</end><registration_level>{level}</registration_level>"
        f"<group_kind>{kind}</group_kind>{group}"
        + "".join(f"<person>{p}</person>" for p in people)
        + f"<meta><instanceID>uuid:{id_ or uuid4()}</instanceID>{old}</meta></data>"
    ).encode()


def one(given: str = "Ximena", surnames: str = "Vásquez López", *, key: str = "p1", born: str = "1987-05-04",
        role: str = "", photo: str = "", more: str = "") -> str:  # fmt: skip
    """The XML of one person, for `typed`."""
    return (
        f"<person_key>{key}</person_key><person_role>{role}</person_role><section_identity>"
        f"<person_name><person_name_given>{given}</person_name_given>"
        f"<person_name_surnames>{surnames}</person_name_surnames></person_name>"
        "<person_birth><person_birth_date_exact>day</person_birth_date_exact>"
        f"<person_birth_date_day>{born}</person_birth_date_day></person_birth>"
        "<person_sex><person_sex_sex>F</person_sex_sex></person_sex>"
        "<person_nationality><person_nationality_key>n1</person_nationality_key>"
        "<person_nationality_country>HND</person_nationality_country></person_nationality>"
        + (f"<person_photo><person_photo_file>{photo}</person_photo_file></person_photo>" if photo else "")
        + f"{more}</section_identity><section_consent><person_consent_registration>"
        "<person_consent_registration_given>given</person_consent_registration_given>"
        "</person_consent_registration></section_consent>"
    )


def edited(xml: bytes, *changes: tuple[str, str]) -> bytes:
    """The same answers edited on the device: a new instanceID, which names the one before."""
    words = xml.decode()
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    found = re.search(r"<instanceID>(uuid:[-0-9a-f]+)</instanceID>(<deprecatedID>.*?</deprecatedID>)?", words)
    assert found
    ids = f"<instanceID>uuid:{uuid4()}</instanceID><deprecatedID>{found[1]}</deprecatedID>"
    return words.replace(found[0], ids).encode()


@cache
def form(level: str = "individual") -> str:
    return xlsform.xform(book(), level)

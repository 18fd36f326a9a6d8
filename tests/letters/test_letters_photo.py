"""A card bears the photo that stood when it was issued: upright, of one size, told aloud, and without what its
camera noted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image
from tests.cases.desks import AT, posted, saying, seat
from tests.registry.said import fact, family, ids, more, who

from mirps.base.crypto import api as crypto
from mirps.base.paper.api import picture
from mirps.casework.cases import api as cases
from mirps.casework.letters import api as letters
from mirps.casework.letters import sealing
from mirps.casework.letters.api import Letter
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

pytestmark = pytest.mark.django_db
HERE = seat("ana", "", "GTM.IGM")
WHERE = "Esquipulas, from a telephone"


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def _photo(colour: str = "red", size: tuple[int, int] = (400, 200)) -> bytes:
    """As a telephone held upright takes it: lying on its side, with a note of which way is up, and of where."""
    made, noted = Image.new("RGB", size, colour), Image.Exif()
    made.paste("blue", (0, 0, size[0] // 2, size[1]))
    noted[0x0112], noted[0x010E] = 6, WHERE
    out = io.BytesIO()
    made.save(out, "JPEG", exif=noted)
    return out.getvalue()


def _card(photo: bytes = b"", **agrees: Any) -> Letter:
    posted("ana", "border", office="", institution="GTM.IGM", procedure="gtm_asylum")
    said = family(who(), state="GTM", institution="GTM.IGM", office="main")
    (id_,) = ids(said)
    if photo:
        digest = registry.put_file(photo, by="ana", at=AT)
        said["facts"].append(fact("photo", person=str(id_), file=digest))
    if agrees:
        said["facts"].append(fact("consent", person=str(id_), purpose="photo", how="spoken", **agrees))
    intake.take(said, seat=HERE.for_purpose("registration"), door="page", at=AT)
    opened = cases.open_case(
        "gtm_asylum", people=[(id_, "principal")], event=saying("request", 0, {"nationality": "HND"}), seat=HERE,
        role="border", at=AT,
    )  # fmt: skip
    (made,) = letters.issue(opened.case, ["stay"], opened.event, seat=HERE, at=AT)
    return made


def _drawn(letter: Letter, lang: str = "es") -> pypdf.PdfReader:
    pdf = letters.paper(letter.serial, lang, seat=HERE, at=AT)
    assert WHERE.encode() not in pdf
    return pypdf.PdfReader(io.BytesIO(pdf))


def _images(read: pypdf.PdfReader) -> list[Image.Image]:
    assert len(read.pages) == 1
    return [i.image for i in read.pages[0].images if i.image]


def _told(read: pypdf.PdfReader) -> str:
    return str([o.get_object() for o in map(read.get_object, range(1, len(read.xref[0]) + 1)) if o])


def test_a_card_bears_the_photo_upright_and_says_what_it_is(tmp_path: Path) -> None:
    card = _card(_photo())
    for lang, says in (("es", "Foto de la persona"), ("en", "Photo of the person")):
        read = _drawn(card, lang)
        (shown,) = _images(read)
        assert shown.width / shown.height == pytest.approx(25 / 32, abs=0.01)
        top, bottom = (shown.convert("RGB").getpixel((shown.width // 2, y)) for y in (5, shown.height - 5))
        assert top[2] > 200 > 50 > top[0]  # type: ignore[index] # blue above
        assert bottom[0] > 200 > 50 > bottom[2]  # type: ignore[index] # red below
        assert says in read.pages[0].extract_text() + _told(read)
        assert letters.code_in(letters.paper(card.serial, lang, seat=HERE, at=AT))


def test_a_card_of_whom_there_is_no_photo_has_none_and_no_room_for_it() -> None:
    read = _drawn(_card())
    assert _images(read) == []
    assert "Sin foto" not in read.pages[0].extract_text()


@pytest.mark.parametrize(("answer", "shown"), [({"given": "refused"}, 0), ({"given": "given"}, 1),
                                               ({"given": "given", "until": "2026-03-01"}, 0)])  # fmt: skip
def test_who_does_not_agree_to_photos_is_not_shown(answer: dict[str, str], shown: int) -> None:
    assert len(_images(_drawn(_card(_photo(), **answer)))) == shown


def test_a_photo_that_was_let_go_before_the_card_was_drawn_is_told() -> None:
    photo = _photo()
    card = _card(photo)
    registry.remove_files([registry.put_file(photo, by="ana", at=AT)])
    read = _drawn(card)
    assert _images(read) == []
    assert "Sin foto" in read.pages[0].extract_text()


def test_a_card_that_was_issued_before_cards_had_photos_stays_as_it_was() -> None:
    card = _card(_photo())
    with custody.seated(HERE):
        told = crypto.sealer().open_json(card.sealed, sealing.place_of(card))
        del told["photo"]
        card.sealed = crypto.sealer().seal_json(told, sealing.place_of(card), block=1024)
        card.save(update_fields=["sealed"])
    read = _drawn(card)
    assert _images(read) == []
    assert "Sin foto" not in read.pages[0].extract_text()


def test_a_card_drawn_later_bears_the_photo_that_stood_when_it_was_issued() -> None:
    card = _card(_photo())
    with custody.seated(HERE):
        (stood,) = registry.standing_of([card.person_id], "photo")[card.person_id]
    digest = registry.put_file(_photo("green", (300, 300)), by="ana", at=AT)
    newer = fact("photo", person=str(card.person_id), replaces=str(stood.id), file=digest)
    told = {**more(newer, office="main"), "state": "GTM", "institution": "GTM.IGM"}
    intake.take(told, seat=HERE.for_purpose("registration"), door="page", at=AT)
    (shown,) = _images(_drawn(card))
    assert shown.convert("RGB").getpixel((5, shown.height - 5))[0] > 200  # type: ignore[index] # red still
    found = letters.one(card.serial)
    assert found
    assert found.content.photo == stood.data["file"]
    assert letters.verify(found.content.token, on=AT.date()).holds


@pytest.mark.parametrize("given", [b"", b"\xff\xd8\xff no picture", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"])
def test_what_is_no_picture_is_said_to_be_none(given: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        picture(given, width=25, height=32)

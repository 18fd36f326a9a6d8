"""Files to paragraphs with their places. Bounded in size and memory; anything unreadable is refused by name."""

# ruff: noqa: E501 (patterns and lists of words are kept whole)
from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from mirps.base.texts.rules import DEFAULT_LOCALE, number
from mirps.evidence.checks.reading.claims import Block

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200
MAX_PAGES = 2000
MAX_CHARACTERS = 2_000_000

#: key: (Spanish, English); {file} and the other fields are filled in.
TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("«{file}»: no existe o no es un archivo. Revise la ruta.", "'{file}': not found, or not a file. Check the path."),
    "suffix": (
        "«{file}»: se leen .txt, .md, .docx y .pdf. Guarde el documento en uno de esos formatos.",
        "'{file}': .txt, .md, .docx and .pdf are read. Save the document in one of them.",
    ),
    "huge": (
        "«{file}»: {what} pasa del límite de {limit}. Divida el documento.",
        "'{file}': {what} is above the limit of {limit}. Split the document.",
    ),
    "empty": ("«{file}»: no contiene texto.", "'{file}': holds no text."),
    "encoding": (
        "«{file}», byte {place}: el texto no está en UTF-8 ni en otra codificación que se reconozca. Guárdelo en UTF-8.",
        "'{file}', byte {place}: the text is neither UTF-8 nor another encoding that can be told. Save it as UTF-8.",
    ),
    "docx": (
        "«{file}», {place}: el documento de Word está dañado o incompleto. Ábralo en Word o LibreOffice y guárdelo de nuevo.",
        "'{file}', {place}: the Word document is damaged or cut short. Open it in Word or LibreOffice and save it again.",
    ),
    "bomb": (
        "«{file}», {place}: se descomprime a un tamaño desmedido y no se abre. Pida el original a quien lo envió.",
        "'{file}', {place}: unpacks to an unreasonable size and is not opened. Ask its sender for the original.",
    ),
    "entities": (
        "«{file}», {place}: el XML define entidades y no se lee por seguridad. Guárdelo de nuevo desde Word o LibreOffice.",
        "'{file}', {place}: its XML defines entities and is not read, for safety. Save it again from Word or LibreOffice.",
    ),
    "pdf": (
        "«{file}», {place}: el PDF está dañado o incompleto. Expórtelo de nuevo.",
        "'{file}', {place}: the PDF is damaged or cut short. Export it again.",
    ),
    "pdf_locked": ("«{file}»: el PDF tiene contraseña. Guárdelo sin ella.", "'{file}': the PDF is locked with a password. Save it without one."),
    "pdf_textless": (
        "«{file}»: el PDF no tiene texto (¿es una imagen escaneada?). Aplique reconocimiento de texto (OCR) y vuelva a intentar.",
        "'{file}': the PDF has no text (a scanned image?). Run text recognition (OCR) and try again.",
    ),
}  # fmt: skip


class UnreadableError(Exception):
    """A file that cannot be read, with the reason and the remedy in both languages."""

    def __init__(self, key: str, path: Path, **fields: object) -> None:
        self.key = key
        self.messages = {
            lang: text.format(file=path.name, **{name: _said(value, lang) for name, value in fields.items()})
            for lang, text in zip(("es", "en"), TEXTS[key], strict=True)
        }
        super().__init__(self.messages["en"])


_SPANISH = {"page": "página", "pages": "páginas", "characters": "caracteres"}


def _said(value: object, lang: str) -> str:
    """A place or a size ('page 1', '2,500 pages', 2000) as the reader of a language writes it."""
    words = [_SPANISH.get(w, w) if lang == "es" else w for w in str(value).split(" ")]
    return " ".join(number(Decimal(w), DEFAULT_LOCALE[lang]) if w.isdecimal() else w for w in words)


def read(path: Path) -> list[Block]:
    """The paragraphs, list items and tables of a file. Raises UnreadableError."""
    if not path.is_file():
        raise UnreadableError("missing", path)
    suffix = path.suffix.lower()
    if suffix not in (".txt", ".md", ".docx", ".pdf"):
        raise UnreadableError("suffix", path)
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError("huge", path, what=f"{path.stat().st_size} bytes", limit=MAX_BYTES)
    data = path.read_bytes()
    if suffix == ".docx":
        blocks = _docx(path, data)
    elif suffix == ".pdf":
        blocks = _pdf(path, data)
    else:
        blocks = text_blocks(decode(path, data))
    if not any(b.text.strip() or b.table for b in blocks):
        raise UnreadableError("empty", path)
    size = sum(len(b.text) + sum(len(c) for r in b.table for c in r) for b in blocks)
    if size > MAX_CHARACTERS:
        raise UnreadableError("huge", path, what=f"{size} characters", limit=MAX_CHARACTERS)
    return blocks


def decode(path: Path, data: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, or Windows-1252; anything else is refused."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableError("encoding", path, place=error.start) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _windows(path, data, error.start)
    if "\x00" in text:
        raise UnreadableError("encoding", path, place=text.index("\x00"))
    return text


def _windows(path: Path, data: bytes, place: int) -> str:
    """Text of Windows-1252, if it reads like text: letters of Spanish, and no control characters."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableError("encoding", path, place=place) from error
    high = [c for c in text if ord(c) > 127]
    spanish = sum(c in "áéíóúñüÁÉÍÓÚÑÜ¿¡«»“”‘’–—…€ºª°·¹²³ %\u00a0" for c in high)
    control = sum(ord(c) < 32 and c not in "\r\n\t\f" for c in text)
    if control or spanish < 0.9 * len(high):
        raise UnreadableError("encoding", path, place=place)
    return text


_BULLET = re.compile(r"^\s*(?:[-*•·▪◦–]\s+|(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]\s+)")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")
_NOISE = re.compile(r"^(?:\d{1,4}|[©“”\"].{0,60}|)$")


def text_blocks(text: str) -> list[Block]:
    """Paragraphs of plain text or Markdown, with the line that each begins on."""
    blocks: list[Block] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    run: list[str] = []
    first = 0
    for at, (line, following) in enumerate(zip([*lines, ""], [*lines[1:], "", ""], strict=True), 1):
        heading = line.lstrip().startswith("#")
        paged = _is_page_number(run[-1] if run else "", line, following)
        bullet = bool(_BULLET.match(line))
        if run and (not line.strip() or bullet or _is_row(line) != _is_row(run[0]) or heading or paged):
            blocks.append(_block(run, first))
            run = []
        if line.strip():
            if not run:
                first = at
            run.append(line)
            if heading or paged:
                blocks.append(_block(run, first))
                run = []
    return list(_mend(blocks))


def _is_page_number(before: str, line: str, following: str) -> bool:
    """A number alone on its line, unless a sentence that is wrapped there goes on around it."""
    if not re.fullmatch(r"\d{1,4}", line.strip()) or re.match(r"\s*[a-záéíóúñü]", following):
        return False
    return not before or not following.strip() or _ENDED.search(before.rstrip()) is not None


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.count("|") > 1


def _block(run: list[str], first: int) -> Block:
    locator = f"line {first}"
    if _is_row(run[0]) and len(run) > 1:
        rows = tuple(
            tuple(c.strip() for c in r.strip().strip("|").split("|")) for r in run if not _TABLE_RULE.match(r)
        )
        return Block("", locator, table=rows)
    bullet = bool(_BULLET.match(run[0]))
    plain = [_MARKUP.sub("", r.strip()) for r in run]
    joined = " ".join(plain)
    text = re.sub(r"^\s*[-*•·▪◦–]\s+", "", joined)
    starts = accumulate((len(p) + 1 for p in plain[:-1]), initial=len(text) - len(joined))
    lines = tuple((start, f"line {line}") for line, start in enumerate(starts, first))
    return Block(text, locator, bullet=bullet, lines=lines)


_MARKUP = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|^#+\s*")
_ENDED = re.compile(r"[.:!?][\"”’)\]]*(?:\[\d+\])*$")


def _mend(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put together a sentence that a page break has cut: it has no end, and what follows begins small."""
    held: Block | None = None
    between: list[Block] = []
    for block in blocks:
        if held is None:
            held = block
            continue
        cut = not held.table and len(held.text) > 50 and not re.search(r"[.:;!?)”\"¹²³]$", held.text.rstrip())
        if cut and _NOISE.match(block.text) and not block.table and len(between) < 3:
            between.append(block)
            continue
        if cut and not block.table and not block.bullet and re.match(r"[a-záéíóúñ]", block.text):
            behind = len(held.text) + 1
            places = block.lines or ((0, block.locator),)
            lines = (*held.lines, *((behind + start, place) for start, place in places))
            held = Block(f"{held.text} {block.text}", held.locator, held.bullet, lines=lines)
            continue
        yield held
        yield from between
        held, between = block, []
    if held is not None:
        yield held
    yield from between


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _docx(path: Path, data: bytes) -> list[Block]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            total = sum(i.file_size for i in archive.infolist())
            if total > MAX_UNPACKED or info.file_size > MAX_RATIO * max(info.compress_size, 1024):
                raise UnreadableError("bomb", path, place=info.filename)
            with archive.open(info) as part:
                xml = part.read(MAX_UNPACKED + 1)
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise UnreadableError("docx", path, place="word/document.xml") from error
    except Exception as error:  # zlib.error and the like: a damaged stream
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("docx", path, place="word/document.xml") from error
    try:
        root = defusedxml.ElementTree.fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableError("entities", path, place="word/document.xml") from error
    except Exception as error:
        raise UnreadableError("docx", path, place="word/document.xml") from error
    body = root.find(f"{_W}body")
    return list(_word_blocks(body)) if body is not None else []


def _word_blocks(body: object) -> Iterator[Block]:
    paragraph = table = 0
    for element in body:  # type: ignore[attr-defined]
        if element.tag == f"{_W}p":
            paragraph += 1
            text = _word_text(element)
            if text.strip():
                listed = element.find(f"{_W}pPr/{_W}numPr") is not None or bool(_BULLET.match(text))
                yield Block(re.sub(r"^\s*[-*•·▪◦–]\s+", "", text), f"paragraph {paragraph}", bullet=listed)
        elif element.tag == f"{_W}tbl":
            table += 1
            rows = tuple(
                tuple(
                    " ".join(_word_text(p) for p in cell.iter(f"{_W}p")).strip()
                    for cell in row.findall(f"{_W}tc")
                )
                for row in element.findall(f"{_W}tr")
            )
            yield Block("", f"table {table}", table=rows)


def _word_text(element: object) -> str:
    pieces: list[str] = []
    for node in element.iter():  # type: ignore[attr-defined]
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br"):
            pieces.append(" ")
    return "".join(pieces)


def _pdf(path: Path, data: bytes) -> list[Block]:
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its complaints are told by the error below
    blocks: list[Block] = []
    place = "page 1"
    size = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("pdf_locked", path)
        if len(reader.pages) > MAX_PAGES:
            raise UnreadableError("huge", path, what=f"{len(reader.pages)} pages", limit=MAX_PAGES)
        for sheet, page in enumerate(reader.pages, 1):
            place = f"page {sheet}"
            text = _hyphens(page.extract_text() or "")
            size += len(text)
            if size > MAX_CHARACTERS:
                raise UnreadableError("huge", path, what=f"{size} characters", limit=MAX_CHARACTERS)
            blocks += [Block(b.text, place, b.bullet, b.table) for b in text_blocks(_unwrap(text))]
    except UnreadableError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        RecursionError,
    ) as error:
        raise UnreadableError("pdf", path, place=place) from error
    if not any(b.text.strip() for b in blocks):
        raise UnreadableError("pdf_textless", path)
    return list(_mend(blocks))


def _hyphens(text: str) -> str:
    """Soft hyphens: at the end of a line they part a word, elsewhere typesetters mean a plain one."""
    return re.sub("\u00ad *\n *", "", text).replace("\u00ad", "-")


def _unwrap(text: str) -> str:
    """Lines of a PDF page are lines of print. A line ends a paragraph when the next one's first word
    would still have fitted on it, unless that word goes on with the sentence."""
    lines = [_ROW.sub("", line.rstrip()) for line in text.split("\n")]
    width = sorted((len(line) for line in lines), reverse=True)[: 1 + min(2, len(lines) // 10)][-1]
    made: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        room = len(line) + 1 + len(following.split(" ", 1)[0]) < 0.9 * width
        ended = _ENDED.search(line) is not None
        goes_on = re.match(r"[a-záéíóúñü(]", following) is not None and not ended
        made.append(line + ("\n" if room and not goes_on else ""))
    return "\n".join(made)


#: The number of a row of a printed table, before the value of the row.
_ROW = re.compile(
    r"^\d{1,3}\s(?=(?:(?:more than|less than|up to|about|más de|menos de|hasta|unos|unas|[A-Z]{3})\s)?[≈≥≤$€]?\d)"
)

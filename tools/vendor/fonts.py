"""Makes the fonts from Debian's fonts-noto-core, and the table of letter widths that charts use.

    apt-get install fonts-noto-core; pip install fonttools brotli   (in a throw-away environment)
    python tools/vendor/fonts.py

PDF: src/mirps/base/paper/fonts/*.ttf. Web: src/mirps/web/static/vendor/fonts/*.woff2.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont

NOTO = Path("/usr/share/fonts/truetype/noto")
ROOT = Path(__file__).resolve().parents[2] / "src" / "mirps"
ASCII = range(0x20, 0x7F)
LATIN_1 = range(0xA0, 0x100)
#: Punctuation, currency, arrows and mathematics that reports use.
SIGNS = [*range(0x2010, 0x2028), 0x202F, *range(0x2030, 0x203B), 0x2044, *range(0x2070, 0x208F), 0x20A1]
SIGNS += [0x20AC, 0x20B2, 0x20BF, 0x2116, 0x2122, *range(0x2190, 0x219A), 0x2202, 0x2206, 0x220F, 0x2211]
SIGNS += [0x2212, 0x2215, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CA, 0xFB01, 0xFB02]
PRINT = [*ASCII, *LATIN_1, *range(0x100, 0x250), *range(0x2B0, 0x2DE), *range(0x300, 0x330), *SIGNS]
#: On the web: Spanish, English and the names of people in both.
WEB = [*ASCII, *LATIN_1, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026]
WEB += [0x202F, 0x2030, 0x20A1, 0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2264, 0x2265]


#: In Noto Sans Math, not in Noto Sans: arrows and comparisons. They join every style.
MATH = [*range(0x2190, 0x219A), 0x2212, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265]


def part(path: Path, letters: list[int], target: Path, *, web: bool, layout: bool) -> None:
    options = subset.Options()
    options.layout_features = (["kern", "liga"] if web else ["*"]) if layout else []
    options.hinting = False
    options.name_IDs = ["*"]
    options.drop_tables += ["MATH"]
    font = subset.load_font(str(path), options)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=letters)
    tool.subset(font)
    subset.save_font(font, str(target), options)


def make(style: str, letters: list[int], target: Path, *, web: bool) -> None:
    with TemporaryDirectory() as folder:
        text, signs = Path(folder) / "text.ttf", Path(folder) / "signs.ttf"
        part(NOTO / f"NotoSans-{style}.ttf", letters, text, web=web, layout=True)
        part(NOTO / "NotoSansMath-Regular.ttf", MATH, signs, web=web, layout=False)
        font = merge.Merger().merge([str(text), str(signs)])
    own = TTFont(NOTO / f"NotoSans-{style}.ttf")
    font["name"], font["OS/2"], font["hhea"].ascent = own["name"], own["OS/2"], own["hhea"].ascent
    font["hhea"].descent, font["head"].fontRevision = own["hhea"].descent, own["head"].fontRevision
    font["head"].macStyle, font["post"].italicAngle = own["head"].macStyle, own["post"].italicAngle
    font["head"].created = font["head"].modified = own["head"].created  # same input, same bytes
    font.recalcTimestamp = False
    font.flavor = "woff2" if web else None
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


def widths() -> None:
    """Thousandths of an em, grouped: width -> the letters that have it."""
    font = TTFont(ROOT / "base" / "paper" / "fonts" / "NotoSans-Regular.ttf")
    table, advance, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    groups: dict[int, str] = {}
    for letter in WEB:
        if letter in table:
            width = round(advance[table[letter]][0] * 1000 / em)
            groups[width] = groups.get(width, "") + chr(letter)
    lines = "\n".join(f"    {width}: {text!a}," for width, text in sorted(groups.items()))
    (ROOT / "sharing" / "drawings" / "widths.py").write_text(
        '"""How wide the letters of Noto Sans are, in thousandths of an em. Made by tools/vendor/fonts.py."""\n\n'
        f"LETTERS = {{\n{lines}\n}}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    for style in ("Regular", "Bold", "Italic"):
        make(style, PRINT, ROOT / "base" / "paper" / "fonts" / f"NotoSans-{style}.ttf", web=False)
    for style in ("Regular", "Bold"):
        target = ROOT / "web" / "static" / "vendor" / "fonts" / f"noto-sans-{style.lower()}.woff2"
        make(style, WEB, target, web=True)
    widths()

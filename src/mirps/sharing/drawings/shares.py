"""Parts of one whole as a bar of 100 %, with each part named, counted and in per cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from mirps.sharing.drawings.model import Frame, Point, Series
from mirps.sharing.drawings.palette import AXIS, MUTED, NOTHING, PAPER, series_fill
from mirps.sharing.drawings.svg import SIZE, document, mark, rect, text, titled, width_of, wrapped
from mirps.sharing.drawings.words import signed, word, written

BAR = 28
ROW = 24


def shares(series: Series, frame: Frame, *, whole: Decimal | None = None, percent: bool = False) -> str:
    """A bar of all parts, and below it a row for each: swatch, name, value, share.

    `percent` True: the values are shares already, shown as they were stated (and not made to
    sum to 100). `whole` is the stated total, when there is one: what the parts lack of it is
    drawn as not stated. Raises ValueError for a negative part.
    """
    known = [p.value for p in series.points if p.value is not None]
    if any(v < 0 for v in known):
        raise ValueError(f"{series.name}: a share is negative")
    stated = sum(known, Decimal(0))
    total = max(stated, whole or Decimal(100) if percent or whole else stated)
    unit = frame.width / float(total) if total else 0.0
    body, rows, x, y = "", "", 0.0, float(BAR + 12)
    for i, point in enumerate(series.points):
        wide = float(point.value or 0) * unit
        paint = series_fill(i) if point.value is not None else NOTHING
        title = titled(point, frame, series.name)
        if wide:
            part = rect(x, 0, wide, BAR, paint, f' stroke="{PAPER}"') + _inside(
                point, x, wide, total, frame, percent
            )
            body += mark(part, title, point.href, frame)
        rows += _row(point, paint, y, total, frame, percent)
        x, y = x + wide, y + ROW
    if frame.width - x > 0.6:
        body += mark(rect(x, 0, frame.width - x, BAR, NOTHING), word("none", frame), "", frame)
    outline = rect(0.4, 0.4, frame.width - 0.8, BAR - 0.8, "none", f' stroke="{AXIS}" stroke-width=".8"')
    return document(body + outline + rows, y, frame)


def _per_cent(point: Point, total: Decimal, frame: Frame, percent: bool) -> str:
    if point.value is None or not total:
        return ""
    share = point.value if percent else (point.value * 100 / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    figure = frame.show(share.to_integral_value() if share == share.to_integral_value() else share)
    return f"{figure}\u00a0%" if frame.lang == "es" else f"{figure}%"


def _inside(point: Point, x: float, wide: float, total: Decimal, frame: Frame, percent: bool) -> str:
    """The share on its part, on a plate of paper so that any pattern leaves it legible."""
    words = _per_cent(point, total, frame, percent)
    across = width_of(words) + 10
    if across + 6 > wide:
        return ""
    middle = x + wide / 2
    plate = rect(middle - across / 2, BAR / 2 - 10, across, 20, PAPER, ' rx="3"')
    return plate + text(middle, BAR / 2 + SIZE * 0.35, words, anchor="middle")


def _row(point: Point, paint: str, y: float, total: Decimal, frame: Frame, percent: bool) -> str:
    base = y + ROW / 2 + SIZE * 0.35
    share = _per_cent(point, total, frame, percent)
    value = share if percent and point.value is not None else signed(point, frame)
    swatch = rect(0, y + 5, 14, 14, paint, f' stroke="{AXIS}" stroke-width=".6"')
    room = frame.width - 24 - width_of(value) - (0 if percent else 70) - 16
    out = swatch + text(24, base, wrapped(point.label, room, SIZE, 1)[0])
    if point.value is None:
        return out + text(frame.width, base, written(point, frame), anchor="end", fill=MUTED)
    if percent:
        return out + text(frame.width, base, value, anchor="end")
    return (
        out
        + text(frame.width - 64, base, value, anchor="end")
        + text(frame.width, base, share, anchor="end", fill=MUTED)
    )

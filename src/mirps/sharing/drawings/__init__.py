"""Charts and maps as SVG, made from small frozen values by pure functions in well under a millisecond.

The same SVG stands in a page and in a PDF. See docs/drawings.md.
"""

from mirps.sharing.drawings.bars import bars, grouped, stacked
from mirps.sharing.drawings.locator import Town, locator
from mirps.sharing.drawings.maps import choropleth, symbols
from mirps.sharing.drawings.model import Frame, Point, Series, Show, Spot, Table, table
from mirps.sharing.drawings.shares import shares
from mirps.sharing.drawings.trends import multiples, trend

__all__ = [
    "Frame",
    "Point",
    "Series",
    "Show",
    "Spot",
    "Table",
    "Town",
    "bars",
    "choropleth",
    "grouped",
    "locator",
    "multiples",
    "shares",
    "stacked",
    "symbols",
    "table",
    "trend",
]

"""Draw an array as SVG: its memory as a row of cells, and the elements it shows."""

from __future__ import annotations

from collections.abc import Iterator

from .measure import SIZE, SMALL, Line
from .scene import Point, Rectangle
from .style import FAINT, GREY, INK, ORANGE
from .svg import FONT
from .view_read import View
from .view_scene import MARGIN, WIDTH, Caption, Element, Page, Step, arrange
from .xml import decimal, element, text

TINY = 8.5
# An element has the same colour as its cell: one for each index along the first axis.
LOOKS = (
    ("#dcebfb", "#1f5fa8"),
    ("#ffe6cf", "#c8641a"),
    ("#d9f0e0", "#17704a"),
    ("#efe3f7", "#7a4a9c"),
    ("#fbe3e6", "#b03a4c"),
    ("#f3efc4", "#7d6f12"),
)
UNSEEN = ("#f4f4f4", "#b4b4b4")
OUTSIDE = ("#ffffff", "#d00000")


def draw(view: View) -> str:
    """Return the picture of an array."""
    page = arrange(view)
    looks = _looks(page)
    parts = [
        element("title", text(view.title)),
        element("desc", text(view.rule)),
        *_heading(view),
        *_cells(view, page, looks),
        *map(_step, page.steps),
        *(_element(view, each, looks) for each in page.elements),
        *map(_caption, page.captions),
    ]
    return element(
        "svg",
        "".join(f"\n{part}" for part in parts) + "\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {decimal(WIDTH)} {decimal(page.height)}",
        width=WIDTH,
        height=page.height,
        style="max-width:100%;height:auto",
        role="img",
        aria_label=view.title,
        font_family=FONT,
    )


def _looks(page: Page) -> dict[int, tuple[str, str]]:
    """Return the colours of each position that the array shows."""
    looks: dict[int, tuple[str, str]] = {}
    for each in page.elements:
        first = each.index[0] if len(each.index) > 1 else 0
        looks.setdefault(each.position, LOOKS[first % len(LOOKS)])
    return looks


def _heading(view: View) -> Iterator[str]:
    yield _write(view.title, Point(MARGIN, 14), SIZE, "start", bold=True)
    rule = view.rule
    if view.outside:
        rule += f"; {view.outside} elements lie outside of the memory"
    yield _write(rule, Point(MARGIN, 33), SMALL, "start")


def _cells(view: View, page: Page, looks: dict[int, tuple[str, str]]) -> Iterator[str]:
    """Yield the memory: coloured where the array shows it, positions below."""
    for position, box in page.cells.items():
        seen = position in looks
        yield _rectangle(box, looks.get(position, UNSEEN))
        words = number_text(view.values[position])
        yield _fit(words, box.middle, box.width - 4, SMALL, INK if seen else GREY)
        below = Point(box.middle.x, box.y + box.height + 8)
        yield _write(str(position), below, TINY)


def _step(step: Step) -> str:
    """Return an arrow up, along, and down again, with its label."""
    (x, y), (end, _) = (step.start.x, step.start.y), (step.end.x, step.end.y)
    way = f"M{decimal(x)} {decimal(y)}V{decimal(step.top)}H{decimal(end)}V{decimal(y)}"
    head = f"M{decimal(end)} {decimal(y + 1)}l-2.6 -5h5.2Z"
    return element(
        "g",
        element("path", d=way, fill="none", stroke=ORANGE, stroke_width=1.2),
        element("path", d=head, fill=ORANGE),
        _write(step.label.text, step.label.at, TINY + 1, "start", fill=ORANGE),
    )


def _element(view: View, each: Element, looks: dict[int, tuple[str, str]]) -> str:
    """Return an element: its number, and below it the position it comes from."""
    inside = 0 <= each.position < view.size
    box, middle = each.box, Point(each.box.middle.x, each.box.y + 11)
    words = number_text(view.values[each.position]) if inside else "?"
    return element(
        "g",
        _rectangle(box, looks[each.position] if inside else OUTSIDE),
        _fit(words, middle, box.width - 6, SMALL, INK),
        _fit(str(each.position), Point(middle.x, box.y + 23), box.width - 6, TINY,
             FAINT),
    )  # fmt: skip


def _caption(caption: Caption) -> str:
    return _write(caption.text, caption.at, SMALL, "start")


def number_text(value: float) -> str:
    """Return a number in few letters."""
    if value.is_integer() and abs(value) < 10_000:
        return str(int(value))
    return f"{value:.2g}"


def _rectangle(box: Rectangle, look: tuple[str, str]) -> str:
    fill, stroke = look
    return element(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        fill=fill,
        stroke=stroke,
        stroke_width=0.8,
    )


def _fit(words: str, middle: Point, room: float, size: float, fill: str) -> str:
    """Return text that is made narrower where it would not fit."""
    width = Line(words, size).width
    return _write(words, middle, size, fill=fill, width=min(width, room))


def _write(
    words: str,
    at: Point,
    size: float,
    anchor: str = "middle",
    *,
    fill: str = GREY,
    bold: bool = False,
    width: float | str = "",
) -> str:
    """Return text; by default grey, which shows on light and on dark pages."""
    return element(
        "text",
        text(words),
        x=at.x,
        y=at.y + 0.35 * size,
        text_anchor=anchor,
        textLength=width,
        lengthAdjust="spacingAndGlyphs" if width else "",
        font_size=size,
        font_weight="bold" if bold else "",
        fill=fill,
    )

"""Draw how much memory there was, as areas one above the other, one for each phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..viz.measure import SMALL, Line, clip
from ..viz.style import GREY
from ..viz.svg import FONT
from ..viz.xml import decimal, element, text
from .table import round_text, size_text

if TYPE_CHECKING:
    from .record import Sample

WIDTH, HEIGHT = 720.0, 340.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 704.0, 44.0, 282.0
ROWS = (30.0, 15.0)  # where the names of phases stand, the lower one first
CLOSE = 4.0  # lines of phases are not closer than this
COLUMNS = 320  # of more samples than this, the largest of each column is drawn
# What was there before is grey; then a colour for each phase, as in pictures of graphs.
LOOKS = [
    ("#ececec", "#5f5f5f"),
    ("#dcebfb", "#1f5fa8"),
    ("#ffe6cf", "#c8641a"),
    ("#d9f0e0", "#17704a"),
    ("#efe3f7", "#7a4a9c"),
    ("#fbe3e6", "#b03a4c"),
]
REST = "later phases"


@dataclass(frozen=True)
class Scale:
    """Where a change and a number of bytes lie on the page."""

    changes: int
    most: int

    def x(self, change: int) -> float:
        """Return how far to the right a change is."""
        return LEFT + (RIGHT - LEFT) * change / max(1, self.changes)

    def y(self, size: float) -> float:
        """Return how far down a number of bytes is."""
        return BOTTOM - (BOTTOM - TOP) * size / max(1, self.most)


def draw(
    samples: Sequence[Sample],
    marks: Sequence[tuple[int, str]],
    changes: int,
    table: str,
) -> str:
    """Return the picture as SVG, without style sheets, scripts or references."""
    most = max((sample.moment.live_bytes for sample in samples), default=0)
    scale = Scale(changes, most)
    drawn = thinned(samples, scale)
    phases = phases_of(samples)
    title = f"Memory of values: at most {size_text(most)}"
    parts = [
        element("title", text(title)),
        element("desc", text(table)),
        *_areas(drawn, phases, scale),
        *_axis(scale),
        *_marks(marks, scale),
        *_legend(phases),
    ]
    return element(
        "svg",
        "".join(f"\n{part}" for part in parts) + "\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {decimal(WIDTH)} {decimal(HEIGHT)}",
        width=WIDTH,
        height=HEIGHT,
        style="max-width:100%;height:auto",
        role="img",
        aria_label=title,
        font_family=FONT,
    )


def thinned(samples: Sequence[Sample], scale: Scale) -> list[Sample]:
    """Return the samples, of many only the largest in each column."""
    if len(samples) <= COLUMNS:
        return list(samples)
    columns: dict[int, Sample] = {}
    for sample in samples[:-1]:
        column = COLUMNS * sample.change // max(1, scale.changes)
        best = columns.get(column)
        if best is None or best.moment.live_bytes < sample.moment.live_bytes:
            columns[column] = sample
    return [*columns.values(), samples[-1]]


def phases_of(samples: Sequence[Sample]) -> list[str]:
    """Return the phases from which something was ever there, in their order."""
    seen = {
        phase: None
        for sample in samples
        for phase, size in sample.phases.items()
        if size
    }
    return list(seen)


def _areas(samples: list[Sample], phases: list[str], scale: Scale) -> Iterator[str]:
    """Yield an area for each phase, on top of those before."""
    floor = [0] * len(samples)
    for name, phases_in in _layers(phases):
        top = [
            low + sum(sample.phases.get(phase, 0) for phase in phases_in)
            for low, sample in zip(floor, samples, strict=True)
        ]
        fill, stroke = LOOKS[min(name, len(LOOKS) - 1)]
        upper, lower = _steps(samples, top, scale), _steps(samples, floor, scale)
        outline = "L".join(upper + lower[::-1])
        yield element("path", d=f"M{outline}Z", fill=fill)
        yield element(
            "path",
            d=f"M{'L'.join(upper)}",
            fill="none",
            stroke=stroke,
            stroke_width=1.2,
        )
        floor = top


def _layers(phases: list[str]) -> list[tuple[int, list[str]]]:
    """Return the number and the phases of each area; the last one has all the rest."""
    last = len(LOOKS) - 1
    layers = [(i, [phase]) for i, phase in enumerate(phases[:last])]
    return [*layers, (last, phases[last:])] if len(phases) > last else layers


def _steps(samples: list[Sample], sizes: list[int], scale: Scale) -> list[str]:
    """Return the corners of a line that stays as it is until the next change."""
    ends = [*(sample.change for sample in samples[1:]), scale.changes]
    return [
        f"{decimal(scale.x(x))} {decimal(scale.y(size))}"
        for sample, end, size in zip(samples, ends, sizes, strict=True)
        for x in (sample.change, end)
    ]


def _axis(scale: Scale) -> Iterator[str]:
    """Yield the axes: bytes at round numbers, and what goes to the right."""
    for size in ticks(scale.most):
        y = scale.y(size)
        yield element(
            "path",
            d=f"M{LEFT:.0f} {decimal(y)}h{RIGHT - LEFT:.0f}",
            stroke=GREY,
            stroke_width=0.5,
            stroke_opacity="0.45",
        )
        yield _write(round_text(size), LEFT - 6, y, "end")
    yield _write("changes: values made and freed", (LEFT + RIGHT) / 2, BOTTOM + 14)


def ticks(most: int) -> list[int]:
    """Return round numbers from 0 to at most ``most``, some four to eight of them."""
    unit = 10 ** (len(str(most)) - 1)
    steps = (5 * unit, 2 * unit, unit, unit // 2, unit // 5)
    step = next((step for step in steps if step and most // step >= 3), 1)
    return list(range(0, most + 1, step))


def _marks(marks: Sequence[tuple[int, str]], scale: Scale) -> Iterator[str]:
    """Yield a line where each phase begins, and its name where there is room."""
    free = [LEFT] * len(ROWS)
    last = -CLOSE
    for change, phase in marks:
        x = scale.x(change)
        if x - last >= CLOSE:
            last = x
            yield element(
                "path",
                d=f"M{decimal(x)} {TOP - 8:.0f}V{BOTTOM:.0f}",
                stroke=GREY,
                stroke_dasharray="3 3",
            )
        line = Line(clip(phase), SMALL)
        rows = [row for row in range(len(ROWS)) if free[row] <= x]
        if rows and x + 3 + line.width <= WIDTH:
            yield _write(line.text, x + 3, ROWS[rows[0]], "start")
            free[rows[0]] = x + line.width + 8


def _legend(phases: list[str]) -> Iterator[str]:
    """Yield what the colours mean."""
    x, y = LEFT, BOTTOM + 40
    yield _write("made in:", x, y, "start")
    x += Line("made in:", SMALL).width + 14
    for number, inside in _layers(phases):
        fill, stroke = LOOKS[number]
        line = Line(clip(inside[0] if len(inside) == 1 else REST), SMALL)
        yield element(
            "rect", x=x, y=y - 6, width=12, height=12, fill=fill, stroke=stroke
        )
        yield _write(line.text, x + 17, y, "start")
        x += 17 + line.width + 16


def _write(line: str, x: float, y: float, anchor: str = "middle") -> str:
    """Return a line of text; grey, which shows on light and on dark pages."""
    return element(
        "text",
        text(line),
        x=x,
        y=y + 0.35 * SMALL,
        text_anchor=anchor,
        font_size=SMALL,
        fill=GREY,
    )

"""Drawing the months of one indicator: bars, and lines for what each lies between; SVG that prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from kpi_engine.figures.status import number
from kpi_engine.reports.frozen import FrozenFigure

WIDTH: Final = 640
HEIGHT: Final = 150
LEFT: Final = 70
TOP: Final = 10
BOTTOM: Final = 22


@dataclass(frozen=True)
class Scale:
    """From values to pixels, downwards."""

    least: float
    most: float

    @classmethod
    def of(cls, every: Sequence[float]) -> "Scale":
        """Return the scale that holds every value and bound, and zero."""
        least, most = min(0.0, *every), max(0.0, *every)
        return cls(least, most if most > least else least + 1.0)

    def y(self, value: float) -> float:
        """Return where a value is."""
        share = (value - self.least) / (self.most - self.least)
        return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share)


def months_chart(title: str, figures: Sequence[FrozenFigure]) -> str:
    """Return the months as SVG; nothing of a single one, or where none has a value or bounds."""
    drawn = [one for one in figures if one.value is not None or (one.lower is not None and one.upper is not None)]
    if not drawn or len(figures) < 2:
        return ""
    ends = [end for one in drawn for end in (one.value, one.lower, one.upper) if end is not None]
    scale, step = Scale.of(ends), (WIDTH - LEFT) / len(figures)
    parts = [axis(scale)]
    for place, one in enumerate(figures):
        middle = LEFT + (place + 0.5) * step
        parts += [*_bar(one, middle, min(0.6 * step, 40.0), scale), _label(one.label, middle)]
    label = escape(f"{title} [{figures[0].unit}], month by month; the table below has the numbers")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" class="chart">{"".join(parts)}</svg>'


def _bar(figure: FrozenFigure, middle: float, width: float, scale: Scale) -> list[str]:
    drawn = []
    if figure.value is not None:
        top, bottom = sorted((scale.y(figure.value), scale.y(0.0)))
        drawn.append(
            f'<rect class="{figure.status}" x="{middle - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{max(bottom - top, 0.5):.1f}"/>'
        )
    if figure.lower is not None and figure.upper is not None:
        ends = f'y1="{scale.y(figure.lower):.1f}" y2="{scale.y(figure.upper):.1f}"'
        drawn.append(f'<line class="bounds" x1="{middle:.1f}" x2="{middle:.1f}" {ends}/>')
    return drawn


def _label(label: str, middle: float) -> str:
    return f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(label[2:])}</text>'


def axis(scale: Scale) -> str:
    """Return the lines of zero and of both ends, each with its number."""
    marks = sorted({scale.least, 0.0, scale.most})
    return "".join(
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{scale.y(mark):.1f}" y2="{scale.y(mark):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{scale.y(mark) + 4:.1f}" text-anchor="end">{number(mark)}</text>'
        for mark in marks
    )

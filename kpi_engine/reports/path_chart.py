"""Drawing the path of a target: what each year is to be as a line, and the figures of years with their bounds; SVG."""

from html import escape
from typing import Final

from kpi_engine.figures.status import number
from kpi_engine.reports.chart import HEIGHT, LEFT, WIDTH, Scale, axis
from kpi_engine.reports.frozen_target import FrozenTarget, FrozenYear, TargetAmount

RADIUS: Final = 4.0


def path_chart(target: FrozenTarget) -> str:
    """Return a path as SVG; nothing where no year of it is known to be anything."""
    years = [] if target.said is None else [one for one in target.said.years if one.goal.value is not None]
    if not years:
        return ""
    amounts = [each for one in years for each in (one.goal, one.figure) if each is not None]
    scale = Scale.of([end for one in amounts for end in (one.value, one.lower, one.upper) if end is not None])
    step = (WIDTH - LEFT) / len(years)
    middles = [LEFT + (place + 0.5) * step for place in range(len(years))]
    line = " ".join(f"{x:.1f},{scale.y(_value(one.goal)):.1f}" for x, one in zip(middles, years, strict=True))
    parts = [axis(scale), f'<polyline class="goal" fill="none" points="{line}"/>']
    for middle, one in zip(middles, years, strict=True):
        parts += [*_figure(one, middle, scale), _year(one.year, middle)]
    label = escape(
        f"{target.name} [{target.unit}]: the path as a line, figures of years; the table below has the numbers"
    )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" class="chart">{"".join(parts)}</svg>'


def _value(amount: TargetAmount) -> float:
    return amount.value or 0.0


def _figure(one: FrozenYear, middle: float, scale: Scale) -> list[str]:
    if one.figure is None:
        return []
    drawn = []
    if one.figure.lower is not None and one.figure.upper is not None:
        ends = f'y1="{scale.y(one.figure.lower):.1f}" y2="{scale.y(one.figure.upper):.1f}"'
        drawn.append(f'<line class="bounds" x1="{middle:.1f}" x2="{middle:.1f}" {ends}/>')
    if one.figure.value is not None:
        title = f"<title>{one.year}: {number(one.figure.value)}, {one.status.replace('_', ' ')}</title>"
        centre = f'cx="{middle:.1f}" cy="{scale.y(one.figure.value):.1f}"'
        drawn.append(f'<circle class="{one.status}" {centre} r="{RADIUS}">{title}</circle>')
    return drawn


def _year(year: int, middle: float) -> str:
    return f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{year}</text>'

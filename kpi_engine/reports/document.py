"""The report as a document to hand in: PDF/A with tags, set by Typst, which the extra ``pdf`` brings."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst

from kpi_engine.figures.status import FigureStatus
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS
from kpi_engine.reports.frozen import FrozenFigure
from kpi_engine.reports.frozen_savings import FrozenSavings
from kpi_engine.reports.frozen_target import FrozenTarget
from kpi_engine.reports.page import (
    Section,
    TargetSection,
    clock,
    factors_of,
    number_or_nothing,
    percent,
    sections_of,
    written_unit,
)

MAIN: Final = "main.typ"
STANDARD: Final = "a-2a"  # PDF/A-2a (ISO 19005-2): to be kept for long, and read aloud
COLOURS: Final = (
    "text{font:10px sans-serif;fill:#5b6b7a}.axis{stroke:#d4dce3}rect{fill:#2a6f97}rect.provisional{fill:#d98e04}"
    ".bounds{stroke:#1b2733;stroke-width:1.5}.goal{stroke:#5b6b7a;stroke-width:1.5;stroke-dasharray:5 3}"
    "circle{fill:#5b6b7a}circle.on_track{fill:#2e7d4f}circle.at_risk{fill:#d98e04}circle.off_track{fill:#b3261e}"
)


def render(
    report: Mapping[str, Any],
    figures: Sequence[FrozenFigure],
    savings: Sequence[FrozenSavings] = (),
    targets: Sequence[FrozenTarget] = (),
) -> bytes:
    """Return the document of a report; ``figures`` in the order of the archive, their inputs are not looked at."""
    sections = list(sections_of(figures))
    paths = [TargetSection(one) for one in targets]
    charts = {f"chart-{place}.svg": drawing(str(one.chart)) for place, one in enumerate(sections) if one.chart}
    charts |= {f"path-{place}.svg": drawing(str(one.chart)) for place, one in enumerate(paths) if one.chart}
    content = {
        "report": report,
        "known": clock(report["known_at"], report["zone"]),
        "sections": [_section(place, one, report) for place, one in enumerate(sections)],
        "savings": [_savings(one) for one in savings],
        "targets": [_target(place, one) for place, one in enumerate(paths)],
        "methods": [_method(one) for one in {one.indicator.name: one.indicator for one in sections}.values()],
        "factors": [_factor(one) for one in factors_of(figures)],
        "missing": [
            [_title(INDICATORS[one.kpi], one.subject, report), one.label, one.reason or ""]
            for one in figures
            if one.status == FigureStatus.INSUFFICIENT
        ],
    }
    sources = {
        MAIN: files("kpi_engine.reports").joinpath("templates/report.typ").read_bytes(),
        "content.json": json.dumps(content, default=str).encode(),
        **charts,
    }
    with TemporaryDirectory(prefix="pharos-report-") as folder:
        for name, source in sources.items():
            Path(folder, name).write_bytes(source)
        return typst.compile(
            Path(folder, MAIN),
            root=Path(folder),
            format="pdf",
            pdf_standards=STANDARD,
            ignore_system_fonts=True,  # the same report has the same bytes on every machine
            timestamp=datetime.fromisoformat(report["frozen_at"]),
        )


def _section(place: int, section: Section, report: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        [
            one.label,
            number_or_nothing(one.value),
            number_or_nothing(one.lower),
            number_or_nothing(one.upper),
            percent(one.coverage),
            one.status,
            one.reason or "",
        ]
        for one in section.figures
    ]
    chart = f"chart-{place}.svg" if section.chart else None
    title = _title(section.indicator, section.subject, report)
    return {"title": title, "unit": written_unit(section.indicator.unit), "chart": chart, "rows": rows}


def _savings(one: FrozenSavings) -> dict[str, Any]:
    said = one.said or {}
    units = {"avoided": "kWh", "cost": one.cost_rate.unit if one.cost_rate else "", "emissions": "kg CO2e"}
    rows = [
        [
            f"{name} energy" if name == "avoided" else f"avoided {name}",
            *(number_or_nothing(said[name][end]) for end in ("value", "lower", "upper")),
            unit,
            said[name]["status"],
            said[name]["reason"] or "",
        ]
        for name, unit in units.items()
        if said.get(name)
    ]
    adjusted = [
        f"Adjustment {entry.number}: {number_or_nothing(entry.amount)} kWh, {entry.first} to {entry.last}. "
        f"{entry.author}: {entry.reason}"
        for entry in one.adjustments
    ]
    about = f"Option {one.option}, {one.boundary}. {one.first} to {one.last}; bounds at {percent(one.confidence)}."
    sentences = [about, *adjusted, *one.disqualified, *one.notes, *(f"By {rate}" for rate in one.rates)]
    return {"id": one.id, "rows": rows, "sentences": sentences}


def _target(place: int, one: TargetSection) -> dict[str, Any]:
    said = one.frozen.said
    judged = f" Judged on {one.frozen.today}." if said else ""
    sentences = [f"{one.document}. Baseline {one.baseline}.{judged}", *([said.reason] if said and said.reason else [])]
    return {
        "title": f"{one.title} [{written_unit(one.frozen.unit or '')}]: {one.verdict}",
        "name": one.title,
        "chart": f"path-{place}.svg" if one.chart else None,
        "rows": [list(row) for row in one.rows],
        "sentences": sentences,
    }


def _method(one: Indicator[Any]) -> dict[str, str]:
    frameworks = ", ".join(one.frameworks) or "none"
    boundary = f" Boundary: {one.boundary}." if one.boundary else ""
    source = f"Source: {one.citation}. Frameworks: {frameworks}. Rules {one.rule_version}.{boundary}"
    return {"title": one.title, "definition": one.definition, "formula": one.formula, "source": source}


def _factor(one: Mapping[str, Any]) -> list[str]:
    told = (one["name"] or one["series"], one["version"] or "hourly series", *list(one.values())[3:])
    return [_text(value) for value in told]


def _title(indicator: Indicator[Any], subject: str, report: Mapping[str, Any]) -> str:
    return indicator.title if subject == report["city"] else f"{indicator.title}, {subject}"


def _text(value: object) -> str:
    return number_or_nothing(value) if isinstance(value, float) else "" if value is None else str(value)


def drawing(chart: str) -> bytes:
    """Return a chart of the page as a file of its own."""
    named = chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace(">", f"><style>{COLOURS}</style>", 1).encode()

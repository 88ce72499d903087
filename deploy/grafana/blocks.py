"""Panels that several dashboards show alike: what is wrong now, and figures beside those of before."""

from collections.abc import Sequence
from typing import Literal

from grafana_foundation_sdk.builders import stat, table
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Panel

from deploy.grafana import links, panels, style, words
from deploy.grafana.page import COVERAGE, Section
from deploy.grafana.sources import rows
from kpi_engine.indicator import Better


def meaning() -> Section:
    """Return the section that says what coverage means."""
    return Section("What the words mean", [panels.note("What coverage means", COVERAGE)])


def alarms(vertical: str = "") -> tuple[stat.Panel, table.Panel]:
    """Return how many alarms are open, of a vertical where one is given, and which."""
    if vertical:
        counted, opened = (
            rows("alarm_counts_of_vertical", vertical=vertical),
            rows("alarms_open_of_vertical", vertical=vertical),
        )
    else:
        counted, opened = rows("alarm_counts"), rows("alarms_open")
    count = panels.counts(
        "Open alarms",
        "Open alarms by severity: how soon somebody should look. What there is none of is grey.",
        style.SEVERITIES,
        counted,
        "No alarms",
    )
    listed = panels.listing(
        "What is wrong",
        "Open alarms, the most severe first, at most 200. They are acknowledged in the console, or by pharos alarms.",
        opened,
        {
            "severity": style.text_in(style.SEVERITIES, "Severity", 90),
            "rule": style.worded("Alarm", words.RULES, 220),
            "device_title": [*style.named("Device", 220), links.to_console()],
            "site_title": style.named("Site", 180),
            "time": style.shown_as("dateTimeAsIso", "Since", width=165),
            "detail": style.wrapped("What was seen"),
            "acknowledged": style.named("Acknowledged", 110),
        },
        "No alarm is open",
    )
    return count.span(8), listed.height(panels.LIST - 2)


def against_before(kpis: Sequence[str], of: Literal["months and years", "chosen period"]) -> Builder[Panel]:
    """Return these indicators for the newest period that is over, beside the one before and that of a year before."""
    given = {"kpis": ",".join(kpis)} | {way.value: words.better(way, kpis) for way in (Better.LOWER, Better.HIGHER)}
    found = rows("months_and_years", **given) if of == "months and years" else rows("period_against_before", **given)
    columns = {
        "kpi": [*style.worded("Indicator", words.titles(*kpis), 290), links.to_figures()],
        "label": style.named("Period", 95),
        "figure": style.named("Figure", 100),
        "bounds": style.named("Between", 170),
        "so_far": style.named("So far now", 100),
        "previous": style.named("Period before", 115),
        "earlier": style.named("A year before", 115),
        "change": style.shown_as("percentunit", "Change", 1, 85),
        "verdict": style.words_in(style.VERDICTS, "Against it", 110),
        "coverage": style.share("Coverage"),
        "status": style.text_in(style.STATUSES, "Status", 110),
        "reason": style.wrapped("Why not, or how", 150),
    }
    return panels.listing(
        "Against the year before",
        "The newest period that is over beside the one before and the same of the year before. Better and worse are "
        "said only where the bounds of both do not overlap.",
        found,
        columns,
        "No such period is over yet",
    ).height(min(panels.LIST, 3 + len(kpis) * (2 if of == "months and years" else 1)))

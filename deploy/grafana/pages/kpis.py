"""Every figure of a city or a site with its coverage, status, factors and revision, and what was computed again."""

from typing import Final

from deploy.grafana import blocks, panels, style, variables, words
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import POSTGRESQL, rows

PAGE: Final = Page(
    name="kpis",
    title="Indicators and their coverage",
    description="How far each figure can be relied on: coverage, estimated share, status, factors, revisions.",
    variables=[variables.data_source(POSTGRESQL), variables.city(), variables.subject(), variables.period()],
    since="now-90d",
    refresh="5m",
    sections=[
        Section(
            "Newest period that is over",
            [
                panels.listing(
                    "Figures",
                    "Each indicator for its newest period that is over. The unit stands beside the value.",
                    rows("kpis_newest"),
                    {
                        "kpi": style.worded("Indicator", words.KPIS, 320),
                        "label": style.named("Period", 100),
                        "figure": style.named("Figure", 110),
                        "lower": style.named("At least", 95),
                        "upper": style.named("At most", 95),
                        "coverage": style.share("Coverage"),
                        "estimated_share": style.share("Estimated", None),
                        "status": style.text_in(style.STATUSES, "Status", 110),
                        "reason": style.wrapped("Reason", 150),
                        "factors": style.wrapped("Factors", 150),
                        "revision": style.shown_as("locale", "Revision", 0, 85),
                        "computed_at": style.shown_as("dateTimeAsIso", "Computed", width=165),
                    },
                    "No period of this subject is over yet",
                ).height(14),
            ],
        ),
        Section(
            "In the time range",
            [
                panels.counts(
                    "Figures by status",
                    "How many figures have which status; of months the last 25, of years the last 20.",
                    style.STATUSES,
                    rows("kpis_by_status"),
                    "No figures",
                ).span(24),
                panels.listing(
                    "Coverage",
                    "How far measurements cover the periods of each indicator, the worst first. How far a figure "
                    "can be wrong decides its status.",
                    rows("kpis_coverage"),
                    {
                        "kpi": style.worded("Indicator", words.KPIS),
                        **{
                            status: style.counted_cell(status, colour, 105) for status, colour in style.STATUSES.items()
                        },
                        "lowest": style.share("Lowest coverage"),
                        "lowest_in": style.named("Lowest in", 100),
                        "mean": style.share("Mean"),
                    },
                    "No period of this time range is over yet",
                ).span(24),
                panels.listing(
                    "Figures that do not exist",
                    "Periods without a figure, and why there is none; at most 500.",
                    rows("kpis_without_value"),
                    {
                        "label": style.named("Period", 100),
                        "kpi": style.worded("Indicator", words.KPIS, 420),
                        "coverage": style.share("Coverage"),
                        "reason": style.wrapped("Reason"),
                    },
                    "Every period of this time range has its figure",
                ).span(24),
            ],
        ),
        Section(
            "What stands behind them",
            [
                panels.listing(
                    "Computed again",
                    "Figures of the city and its sites that were computed again, and whether a revision came of it.",
                    rows("recomputations"),
                    {
                        "time": style.shown_as("dateTimeAsIso", "When", width=165),
                        "kpi": style.worded("Indicator", words.KPIS),
                        "site": style.named("Site"),
                        "period": style.named("Kind", 80),
                        "label": style.named("Period", 110),
                        "cause": style.wrapped("Cause", 160),
                        "changed": style.named("New revision", 110),
                    },
                    "Nothing was computed again in this time range",
                ),
                panels.listing(
                    "Emission factors",
                    "The factors that figures can rest on, with their source.",
                    rows("factors"),
                    {
                        "factor": style.named("Factor", 260),
                        "version": style.named("Version", 90),
                        "carrier": style.named("Carrier", 90),
                        "region": style.named("Region", 90),
                        "valid_from": style.shown_as("dateTimeAsIso", "Valid from", width=165),
                        "valid_to": style.shown_as("dateTimeAsIso", "Valid to", width=165),
                        "grams": style.shown_as("suffix: g/kWh", "Emissions", 1, 110),
                        "other": style.named("Other value", 110),
                        "verified": style.named("Verified", 80),
                        "boundary": style.named("Boundary", 120),
                        "source": style.wrapped("Source"),
                        "page": style.named("Page", 80),
                    },
                    "No factors are loaded",
                ),
            ],
        ),
        blocks.meaning(),
    ],
)

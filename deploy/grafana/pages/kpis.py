"""Every figure of a city or a site with its coverage, status, factors and revision, and what was computed again."""

from typing import Final

from deploy.grafana import panels, style, variables
from deploy.grafana.page import COVERAGE, Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows

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
                        "kpi": style.named("Indicator", 260),
                        "label": style.named("Period", 110),
                        "value": style.shown_as("none", "Value", 3),
                        "lower": style.shown_as("none", "At least", 3),
                        "upper": style.shown_as("none", "At most", 3),
                        "unit": style.named("Unit", 80),
                        "coverage": style.share("Coverage"),
                        "estimated_share": style.share("Estimated share", None),
                        "status": style.text_in(style.STATUSES, "Status"),
                        "factors": style.named("Factors"),
                        "revision": style.shown_as("none", "Revision", 0),
                        "computed_at": style.shown_as("dateTimeAsIso", "Computed"),
                        "reason": style.named("Reason"),
                    },
                    "No period of this site is over yet",
                ),
                panels.note("What coverage means", COVERAGE),
            ],
        ),
        Section(
            "In the time range",
            [
                panels.curve(
                    "Coverage",
                    "Share of each period that measurements cover. How far a figure can be wrong decides its status.",
                    "percentunit",
                    curves("kpis_coverage"),
                ).span(16),
                panels.bar_per_row(
                    "Figures by status",
                    "How many figures of the time range have which status.",
                    "none",
                    rows("kpis_by_status"),
                ).span(8),
                panels.listing(
                    "Figures that do not exist",
                    "Periods without a figure, and why there is none.",
                    rows("kpis_without_value"),
                    {
                        "label": style.named("Period", 110),
                        "kpi": style.named("Indicator", 260),
                        "coverage": style.share("Coverage"),
                        "reason": style.named("Reason"),
                    },
                    "Every period of this time range has its figure",
                ),
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
                        "time": style.shown_as("dateTimeAsIso", "When"),
                        "kpi": style.named("Indicator"),
                        "site": style.named("Site"),
                        "period": style.named("Kind", 80),
                        "label": style.named("Period", 110),
                        "cause": style.named("Cause"),
                        "changed": style.shown_as("bool_yes_no", "New revision"),
                    },
                    "Nothing was computed again in this time range",
                ),
                panels.listing(
                    "Emission factors",
                    "The factors that figures can rest on, with their source.",
                    rows("factors"),
                    {
                        "factor": style.named("Factor"),
                        "value": style.shown_as("none", "Value", 4),
                        "valid_from": style.shown_as("dateTimeAsIso", "Valid from"),
                        "valid_to": style.shown_as("dateTimeAsIso", "Valid to"),
                        "verified": style.shown_as("bool_yes_no", "Verified"),
                    },
                    "No factors are loaded",
                ),
            ],
        ),
    ],
)

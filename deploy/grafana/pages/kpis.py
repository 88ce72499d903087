"""Every figure of a city or a site with its coverage, status, factors and revision, and what was computed again."""

from typing import Final

from deploy.grafana import look, panels, variables
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
                        "kpi": look.named("Indicator", 260),
                        "label": look.named("Period", 110),
                        "value": look.shown_as("none", "Value", 3),
                        "lower": look.shown_as("none", "At least", 3),
                        "upper": look.shown_as("none", "At most", 3),
                        "unit": look.named("Unit", 80),
                        "coverage": look.share("Coverage"),
                        "estimated_share": look.share("Estimated share", None),
                        "status": look.text_in(look.STATUSES, "Status"),
                        "factors": look.named("Factors"),
                        "revision": look.shown_as("none", "Revision", 0),
                        "computed_at": look.shown_as("dateTimeAsIso", "Computed"),
                        "reason": look.named("Reason"),
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
                        "label": look.named("Period", 110),
                        "kpi": look.named("Indicator", 260),
                        "coverage": look.share("Coverage"),
                        "reason": look.named("Reason"),
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
                        "time": look.shown_as("dateTimeAsIso", "When"),
                        "kpi": look.named("Indicator"),
                        "site": look.named("Site"),
                        "period": look.named("Kind", 80),
                        "label": look.named("Period", 110),
                        "cause": look.named("Cause"),
                        "changed": look.shown_as("bool_yes_no", "New revision"),
                    },
                    "Nothing was computed again in this time range",
                ),
                panels.listing(
                    "Emission factors",
                    "The factors that figures can rest on, with their source.",
                    rows("factors"),
                    {
                        "factor": look.named("Factor"),
                        "value": look.shown_as("none", "Value", 4),
                        "valid_from": look.shown_as("dateTimeAsIso", "Valid from"),
                        "valid_to": look.shown_as("dateTimeAsIso", "Valid to"),
                        "verified": look.shown_as("bool_yes_no", "Verified"),
                    },
                    "No factors are loaded",
                ),
            ],
        ),
    ],
)

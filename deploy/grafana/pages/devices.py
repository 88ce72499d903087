"""Whether devices send: their states, which are silent, what was refused, and what became of every reading."""

from typing import Final

from deploy.grafana import blocks, links, panels, style, variables, words
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import POSTGRESQL, curves, rows

PAGE: Final = Page(
    name="devices",
    title="Device health",
    description="Which devices are live, which have missed their time, and what was refused.",
    variables=[variables.data_source(POSTGRESQL), variables.city(), variables.any_site(), variables.console()],
    has_alarms=True,
    sections=[
        Section(
            "Now",
            [
                panels.states("Devices of the chosen sites", rows("states_of_sites")).span(16),
                *blocks.alarms(),
                panels.listing(
                    "Devices",
                    "Devices of the chosen sites, those that need attention first.",
                    rows("devices"),
                    {
                        "title": [*style.named("Device", 240), links.to_console()],
                        "site_title": style.named("Site", 200),
                        "vertical": style.worded("Vertical", words.VERTICAL, 130),
                        "type": style.worded("Type", words.DEVICE_TYPES, 170),
                        "state": style.text_in(style.STATES, "State", 110),
                        "online": style.named("Says it is online", 125),
                        "age_s": style.shown_as("s", "Age of newest value", width=150),
                        "expected_interval_s": style.shown_as("s", "Promised every", width=120),
                        "last_observed_at": style.shown_as("dateTimeAsIso", "Newest value of", width=165),
                        "last_received_at": style.shown_as("dateTimeAsIso", "Arrived", width=165),
                    },
                    "These sites have no devices",
                ),
            ],
        ),
        Section(
            "In the time range",
            [
                panels.stacked(
                    "Readings",
                    "Readings stored of the chosen sites, by vertical and civil day; by month beyond two months.",
                    "locale",
                    curves("readings_of_sites"),
                ),
                panels.listing(
                    "Refused messages",
                    "Messages that were refused, by reason. They are kept: pharos quarantine list.",
                    rows("quarantine_by_reason"),
                    {
                        "reason": style.worded("Reason", words.REFUSALS),
                        "devices": style.shown_as("locale", "Devices", 0),
                        "messages": style.shown_as("locale", "Messages", 0),
                        "readings": style.shown_as("locale", "Readings", 0),
                        "time": style.shown_as("dateTimeAsIso", "Last"),
                    },
                    "Nothing was refused in this time range",
                ).span(12),
            ],
        ),
        Section(
            "Since the beginning",
            [
                panels.listing(
                    "Ledger",
                    "Every reading ever received has one outcome, so the last number is 0: nothing is lost in silence.",
                    rows("ledger"),
                    {
                        "source": style.named("Source"),
                        **{
                            outcome: style.shown_as("locale", outcome.capitalize(), 0)
                            for outcome in ("received", "stored", "duplicate", "conflict", "quarantined")
                        },
                        "unaccounted": style.faults("Unaccounted for"),
                        "updated_at": style.shown_as("dateTimeAsIso", "Updated"),
                    },
                    "Nothing was ever received",
                ),
            ],
        ),
    ],
)

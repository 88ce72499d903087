"""Where cells lead: from a figure to its bounds, from a site to its curves, from anything of a city to its console."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DynamicConfigValue as Property

from deploy.grafana import style, variables

KEPT: Final = "${__url_time_range}&var-datasource=${datasource}&var-city=${city}"


def to_console() -> Property:
    """Lead to the city in the console."""
    return style.leading("Open the city in the console", f"${{{variables.CONSOLE}}}/#${{city}}")


def to_figures(has_period: bool = True) -> Property:
    """Lead to the city's figures with their bounds, factors and revisions."""
    period = "&var-period=${period}" if has_period else ""
    return style.leading("Bounds, factors, revisions", f"/d/pharos-kpis?{KEPT}{period}&var-subject=-")


def to_site(vertical: str) -> Property:
    """Lead from a row with a column ``site`` to the curves of that site."""
    chosen = f"var-{variables.site_of(vertical)}=${{__data.fields.site}}"
    return style.leading("Curves of this site", f"/d/pharos-{vertical.replace('_', '-')}?{KEPT}&{chosen}")


def to_devices() -> Property:
    """Lead to the states of the city's devices."""
    return style.leading("Devices of the city", f"/d/pharos-devices?{KEPT}")

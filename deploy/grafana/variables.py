"""What a viewer chooses: data source, city, site, the period of figures and the resolution of curves.

Links between dashboards carry every choice, so a name means one thing on all of them: the sites of each vertical, sites
with "All", and subjects of figures have names of their own.
"""

from typing import Final

from grafana_foundation_sdk.builders.dashboard import (
    ConstantVariable,
    CustomVariable,
    DatasourceVariable,
    QueryVariable,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.dashboard import VariableModel, VariableOption

from deploy.grafana import sources

Variable = Builder[VariableModel]
CONSOLE: Final = "console"  # the constant that holds where the console is
ALL: Final = VariableOption(selected=True, text="All", value="$__all")


def data_source(kind: str) -> Variable:
    """Let the viewer choose among the data sources of a kind; the names are those that dashboard linters expect."""
    return DatasourceVariable(sources.CHOSEN[kind]).label("Data source").type(kind)


def _query(name: str, label: str, text: str) -> QueryVariable:
    return (
        QueryVariable(name)
        .label(label)
        .datasource(sources.source(sources.POSTGRESQL))
        .query(text)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.DISABLED)
    )


def console() -> Variable:
    """Say where the console is, which cells lead to: a constant, which no viewer and no address changes."""
    return ConstantVariable(CONSOLE).value("http://localhost:8080")


def city(vertical: str = "") -> Variable:
    """Let the viewer choose a city, of those with sites of a vertical where one is given."""
    text = sources.query("cities_of_vertical", vertical=vertical) if vertical else sources.query("cities")
    return _query("city", "City", text).description("The city whose devices and figures are shown.")


def site(vertical: str) -> Variable:
    """Let the viewer choose one site of a vertical, for the curves of its devices."""
    text = sources.query("sites_of_vertical", vertical=vertical)
    return _query(site_of(vertical), "Site", text).description("The site whose devices the curves show.")


def site_of(vertical: str) -> str:
    """Return the name of the variable that holds the chosen site of a vertical."""
    return f"{vertical}_site"


def any_site() -> Variable:
    """Let the viewer choose sites, all of them at first."""
    chosen = _query("sites", "Sites", sources.query("sites")).multi(True).include_all(True)
    return chosen.current(ALL).description("The sites whose devices are shown.")


def subject() -> Variable:
    """Let the viewer choose what figures speak of: the city as a whole or one of its sites."""
    text = sources.query("subjects")
    return _query("subject", "Subject", text).description("What the figures speak of: the city as a whole, or a site.")


def _choice(name: str, label: str, description: str, *values: str) -> Variable:
    options = [VariableOption(selected=value == values[0], text=value, value=value) for value in values]
    chosen = CustomVariable(name).label(label).description(description)
    return chosen.values(",".join(values)).options(options).current(options[0])


def period() -> Variable:
    """Let the viewer choose the period of figures."""
    description = (
        "The civil period of each figure, in the city's time; at least 25 months and 20 years are shown. "
        "Sites have months and years here: with day, their month is shown."
    )
    return _choice("period", "Period", description, "day", "month", "year")


def resolution() -> Variable:
    """Let the viewer choose the buckets of curves."""
    return _choice(
        "resolution", "Curves by", "The civil buckets of curves; auto: by range.", "auto", "hour", "day", "month"
    )


def of_figures() -> list[Variable]:
    """Return what a dashboard of figures lets people choose: period and resolution, and where the console is."""
    return [period(), resolution(), console()]


def of_prometheus(name: str, label: str, text: str) -> Variable:
    """Let the viewer choose values of a label, all of them at first: all that were found, and nobody else's."""
    return (
        QueryVariable(name)
        .label(label)
        .datasource(sources.source(sources.PROMETHEUS))
        .query({"query": text, "refId": name})
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(True)
        .include_all(True)
        .current(ALL)
    )

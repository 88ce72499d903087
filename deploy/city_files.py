"""City files as commands take them: with names that only stages know: facts, factors, baselines and indicators.

A command that registers a file refuses a name that does not exist. A start says it and goes on: a city that is
registered is served, and the figures that need the name are missing, with the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ingest import payload_fields
from ingest.errors import CityFileError
from ingest.model.city import city_file, fact_names
from ingest.model.city.assets import City
from ingest.model.city.salvage import Rule
from ingest.sources.pull.bound import faults as asked_faults
from kpi_engine.factors import names
from kpi_engine.factors.factor import Factor
from kpi_engine.factors.files import shipped


def load(path: Path, stored: Sequence[Factor] = ()) -> City:
    """Read a city file that is to be registered; raises CityFileError with all its faults, unknown names included.

    ``stored``: factors that were published beside those of this version.
    """
    return city_file.load(path, rules(stored))


def parse(text: str, name: str, stored: Sequence[Factor] = ()) -> City:
    """Read the text of a city file called ``name``; otherwise as ``load``."""
    return city_file.parse(text, name, rules(stored))


def load_all(paths: Sequence[Path], stored: Sequence[Factor] = ()) -> list[City]:
    """Read city files of one city each; otherwise as ``load``."""
    return city_file.load_all(paths, rules(stored))


def started(paths: Sequence[Path], report: Callable[[str], object]) -> list[City]:
    """Read the city files of a start, of one city each; names that do not exist are said, other faults are raised."""
    return city_file.distinct(paths, [_started(path, report) for path in paths])


def _started(path: Path, report: Callable[[str], object]) -> City:
    try:
        return load(path)
    except CityFileError as error:
        city = city_file.load(path)
        for fault in error.faults:
            unless = ", unless it was imported" if fault.key.startswith("factors.") else ""
            lost = f"figures that need it are missing{unless}"
            if "targets[" in fault.key:
                lost = "no figure is held against this target"
            elif "figure_limits[" in fault.key:
                lost = "no figure raises an alarm by this limit"
            elif fault.key.startswith(("open_data.", "outbound.")):
                lost = "no figure of that name is given to anybody"
            elif "bindings[" in fault.key or "].series[" in fault.key:
                lost = "what is sent there is refused"
            report(f"{fault}; the city is served, and {lost}")
        return city


def rules(stored: Sequence[Factor] = ()) -> Sequence[Rule]:
    """Return what only stages know of a city file that is to be registered."""
    published = [*shipped(), *stored]

    def unknown_factors(city: City) -> Iterator[tuple[str, str]]:
        return names.faults(city, published)

    return (
        fact_names.faults,
        payload_fields.faults,
        asked_faults,
        unknown_factors,
        _faults_of_indicators,
    )


def _faults_of_indicators(city: City) -> Iterator[tuple[str, str]]:
    """Yield what does not fit the indicators, which are loaded for a city that names some: it takes a second."""
    if _names_indicators(city):
        from kpi_engine.alarms import limit_names  # noqa: PLC0415
        from kpi_engine.baselines import names as baseline_names  # noqa: PLC0415
        from kpi_engine.outbound import declared  # noqa: PLC0415
        from kpi_engine.targets import fitness  # noqa: PLC0415

        for faults in (baseline_names.faults, fitness.faults, declared.faults, limit_names.faults):
            yield from faults(city)


def _names_indicators(city: City) -> bool:
    of_parts = any(part.baselines or part.targets for _, part in city.declaring_baselines())  # sites and groups
    limited = bool(city.figure_limits) or any(site.figure_limits for site in city.sites)
    return of_parts or limited or bool(city.targets or city.open_data or city.outbound)

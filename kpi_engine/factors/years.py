"""What a figure says of factors that are of another year than the time they are used for. Pure."""

from collections.abc import Iterable, Iterator

from ingest.model.calendar import day_of
from kpi_engine.factors.factor import Factor


def of_other_years(used: Iterable[tuple[Factor, int, int]], zone: str) -> Iterator[str]:
    """Yield a sentence for each factor, used in [start, end), that stands for years of which there is none."""
    for factor, start, end in used:
        years = range(day_of(start, zone).year, day_of(end - 1, zone).year + 1)
        if factor.year is not None and (others := [year for year in years if year != factor.year]):
            of = ", ".join(map(str, others))
            yield f"no factor {factor.name} of {of}: the one of {factor.year} (version {factor.version}) stands for it"

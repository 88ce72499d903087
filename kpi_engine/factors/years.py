"""What a figure says of factors that are of another year than the time they are used for. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from ingest.model.calendar import day_of
from ingest.model.sentences import Sentence
from kpi_engine.factors.factor import Factor

STANDS_IN: Final = Sentence("no factor {factor} of {years}: the one of {year} (version {version}) stands for it")


def of_other_years(used: Iterable[tuple[Factor, int, int]], zone: str) -> Iterator[str]:
    """Yield a sentence for each factor, used in [start, end), that stands for years of which there is none."""
    for factor, start, end in used:
        years = range(day_of(start, zone).year, day_of(end - 1, zone).year + 1)
        if factor.year is not None and (others := [year for year in years if year != factor.year]):
            of = ", ".join(map(str, others))
            yield STANDS_IN.of(factor=factor.name, years=of, year=factor.year, version=factor.version)

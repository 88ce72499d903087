"""City files: YAML in, a validated City out, and every fault with its line, its key and what was expected."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from ingest.collection import paused
from ingest.errors import CityFileError, FileFault, YamlError
from ingest.model.city import consistency, salvage
from ingest.model.city.assets import City
from ingest.model.city.salvage import Rule
from ingest.model.declarations import declaration_faults, yaml_document
from ingest.model.declarations.declaration_faults import Keys
from ingest.model.declarations.fault_places import WHOLE, file_faults
from ingest.model.declarations.key_path import parsed
from ingest.model.declarations.yaml_document import Document


@paused()
def load(path: Path, rules: Sequence[Rule] = ()) -> City:
    """Read one city file; raises CityFileError with all its faults, also those that ``rules`` find beside ours."""
    try:
        document = yaml_document.load(path)
    except YamlError as error:
        raise _unreadable(str(path), error) from error
    return _city(document, str(path), rules)


@paused()
def parse(text: str, name: str, rules: Sequence[Rule] = ()) -> City:
    """Parse the text of a city file called ``name``; otherwise as ``load``."""
    try:
        document = yaml_document.read(text)
    except YamlError as error:
        raise _unreadable(name, error) from error
    return _city(document, name, rules)


def load_all(paths: Sequence[Path], rules: Sequence[Rule] = ()) -> list[City]:
    """Read city files of one city each; otherwise as ``load``."""
    return distinct(paths, [load(path, rules) for path in paths])


def distinct(paths: Sequence[Path], cities: list[City]) -> list[City]:
    """Return the cities of the files ``paths``; raises CityFileError where two files are of one city."""
    counts = Counter(city.name for city in cities)
    faults = [
        FileFault(str(path), "name", f"the city {city.name!r} is in {counts[city.name]} files; expected one")
        for path, city in zip(paths, cities, strict=True)
        if counts[city.name] > 1
    ]
    if faults:
        raise CityFileError(faults)
    return cities


def _unreadable(name: str, error: YamlError) -> CityFileError:
    return CityFileError([FileFault(name, WHOLE, str(error), error.line)])


def _city(document: Document, name: str, rules: Sequence[Rule]) -> City:
    every = (consistency.faults, *rules)
    try:
        city = City.model_validate(document.value)
    except ValidationError as error:
        malformed = list(declaration_faults.faults(error, City))
        between = salvage.faults(document.value, [keys for keys, _ in malformed], every)
        raise CityFileError(file_faults(name, document, [*malformed, *between])) from error
    if faults := list(_faults(city, every)):
        raise CityFileError(file_faults(name, document, faults))
    return city


def _faults(city: City, rules: Sequence[Rule]) -> Iterator[tuple[Keys, str]]:
    for rule in rules:
        yield from ((parsed(key), expected) for key, expected in rule(city))

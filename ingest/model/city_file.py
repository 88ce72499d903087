"""City files: YAML in, a validated City out, and every fault with its file, its key and what was expected."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from ingest.errors import CityFileError, CityFileFault, CityYamlError, expectation
from ingest.model import city_yaml, consistency
from ingest.model.assets import City


def load(path: Path) -> City:
    """Read one city file; raises CityFileError with all its faults."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CityFileError([CityFileFault(str(path), "(file)", f"cannot be read: {error}")]) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> City:
    """Parse the text of a city file called ``name``; raises CityFileError with all its faults."""
    try:
        document = city_yaml.read(text)
    except CityYamlError as error:
        raise CityFileError([CityFileFault(name, "(file)", str(error))]) from error
    try:
        city = City.model_validate(document)
    except ValidationError as error:
        faults = [CityFileFault(name, _key(fault["loc"]), expectation(fault["msg"])) for fault in error.errors()]
        raise CityFileError(faults) from error
    if faults := [CityFileFault(name, key, expected) for key, expected in consistency.faults(city)]:
        raise CityFileError(faults)
    return city


def _key(location: tuple[int | str, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".") or "(file)"


def load_all(paths: Sequence[Path]) -> list[City]:
    """Read city files of one city each; otherwise as ``load``."""
    cities = [load(path) for path in paths]
    counts = Counter(city.name for city in cities)
    faults = [
        CityFileFault(str(path), "name", f"the city {city.name!r} is in {counts[city.name]} files; expected one")
        for path, city in zip(paths, cities, strict=True)
        if counts[city.name] > 1
    ]
    if faults:
        raise CityFileError(faults)
    return cities

"""City files: YAML in, a validated City out, and every fault with its file, its key and what was expected."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ingest.errors import CityFileError, CityFileFault, expectation
from ingest.model.assets import City
from ingest.model.verticals import VERTICALS


class _CityFileLoader(yaml.SafeLoader):
    """YAML 1.2 in the two ways that matter here: a key given twice is refused, and NO is Norway, not false."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key, count in Counter(map(str, keys)).items():
            if count > 1:
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given {count} times", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_BOOL = "tag:yaml.org,2002:bool"
_CityFileLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_CityFileLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


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
        document = yaml.load(text, Loader=_CityFileLoader)  # noqa: S506 - derived from SafeLoader
    except yaml.YAMLError as error:
        raise CityFileError(
            [CityFileFault(name, "(file)", f"expected YAML: {' '.join(str(error).split())}")]
        ) from error
    try:
        city = City.model_validate(document)
    except ValidationError as error:
        faults = [CityFileFault(name, _key(fault["loc"]), expectation(fault["msg"])) for fault in error.errors()]
        raise CityFileError(faults) from error
    if faults := [CityFileFault(name, key, expected) for key, expected in _inconsistencies(city)]:
        raise CityFileError(faults)
    return city


def _key(location: tuple[int | str, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".") or "(file)"


def _inconsistencies(city: City) -> Iterator[tuple[str, str]]:
    """Yield what no single field can know: references, uniqueness, what a device type may report."""
    yield from _repeated("sites", (site.name for site in city.sites))
    yield from _repeated("devices", (device.name for device in city.devices))
    yield from _repeated("devices.native_id", (device.address for device in city.devices))
    sites = {site.name: site for site in city.sites}
    devices = {device.name: device for device in city.devices}
    for index, device in enumerate(city.devices):
        key = f"devices[{index}]"
        yield from _repeated(f"{key}.series", (series.quantity for series in device.series))
        if device.submeter_of is not None and (device.submeter_of not in devices or device.submeter_of == device.name):
            yield f"{key}.submeter_of", f"expected the name of another device, not {device.submeter_of!r}"
        if device.site not in sites:
            yield f"{key}.site", f"expected one of {', '.join(sites)}, not {device.site!r}"
            continue
        vertical = VERTICALS[sites[device.site].vertical]
        device_type = vertical.device_type(device.type)
        if device_type is None:
            names = ", ".join(kind.name for kind in vertical.device_types)
            yield f"{key}.type", f"expected one of {names} ({vertical.name}), not {device.type!r}"
            continue
        for position, series in enumerate(device.series):
            if series.quantity not in device_type.quantities:
                allowed = ", ".join(device_type.quantities)
                yield f"{key}.series[{position}].quantity", f"a {device_type.name} reports {allowed}"
    for carrier, reference in city.factor_series.items():
        target = devices.get(reference.device)
        if target is None or reference.quantity not in {series.quantity for series in target.series}:
            yield f"factor_series.{carrier}", "expected a device of this city and a quantity that it reports"


def _repeated(key: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name, count in Counter(names).items():
        if count > 1:
            yield key, f"{name!r} is declared {count} times; names are unique"


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

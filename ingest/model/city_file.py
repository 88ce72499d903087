"""City files: YAML in, a validated City out, and every fault with its file, its key and what was expected."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ingest.errors import CityFileError, CityFileFault, expectation
from ingest.model import consistency
from ingest.model.assets import City


class _CityFileLoader(yaml.SafeLoader):
    """YAML 1.2 in the two ways that matter here: a key given twice is refused, and NO is Norway, not false.

    Merge keys (``<<``) work: a key of the mapping itself takes precedence over the merged one.
    """

    def compose_mapping_node(self, anchor: dict[Any, yaml.Node]) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)  # as written, before anything is merged
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key, count in keys.items():
            if count > 1:
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given {count} times", problem_mark=node.start_mark)
        return node


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
        city = City.model_validate(_without_extensions(document))
    except ValidationError as error:
        faults = [CityFileFault(name, _key(fault["loc"]), expectation(fault["msg"])) for fault in error.errors()]
        raise CityFileError(faults) from error
    if faults := [CityFileFault(name, key, expected) for key, expected in consistency.faults(city)]:
        raise CityFileError(faults)
    return city


def _without_extensions(document: object) -> object:
    """Drop top-level keys that begin with ``x-``: places for anchors, which are not facts."""
    if not isinstance(document, dict):
        return document
    return {key: value for key, value in document.items() if not str(key).startswith("x-")}


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

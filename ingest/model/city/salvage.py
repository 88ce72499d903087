"""What can still be said of a city of which some parts are not even well formed: the faults between the other parts.

Parts that are not well formed are left out, and so is every fault that may be one only because they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from ingest.model.city import consistency
from ingest.model.city.assets import City, Site
from ingest.model.declarations.declaration_faults import Keys
from ingest.model.declarations.key_path import parsed

Rule = Callable[[City], Iterator[tuple[str, str]]]

_LISTS: Final = ("sites", "devices", "groups", "facts", "targets", "bindings")
# In place of what a city needs and no rule looks at, where that is what is wrong.
_STAND_IN: Final = {"name": "city", "title": "City", "country": "XX", "timezone": "UTC", "role": "network"}


def faults(document: object, broken: Sequence[Keys], rules: Sequence[Rule]) -> Iterator[tuple[Keys, str]]:
    """Yield (keys, what was expected) for what ``rules`` find in a document without what stands under ``broken``."""
    if not isinstance(document, dict):
        return
    entries = {name: {keys[1] for keys in broken if len(keys) > 1 and keys[0] == name} for name in _LISTS}
    keys = {each[0] for each in broken if each and (len(each) == 1 or each[0] not in _LISTS)}
    kept = {name: _without(document.get(name), entries[name]) for name in _LISTS if name not in keys}
    sound = {name: value for name, value in document.items() if name not in keys}
    try:
        city = City.model_validate(_STAND_IN | sound | {name: [one for _, one in each] for name, each in kept.items()})
    except ValidationError:  # nothing that would be a city is left
        return
    lost = {name for part in _lost(document, entries, keys) if isinstance(name := part.get("name"), str)}
    yield from _misplaced(document, entries["devices"], lost, {site.name: site for site in city.sites})
    for rule in rules:
        for key, expected in rule(city):
            found = _original(parsed(key), kept)
            if not _mentioned(document, found) & lost:
                yield found, expected


def _without(entries: object, broken: set[int | str]) -> list[tuple[int, object]]:
    listed = entries if isinstance(entries, list) else []
    return [(position, entry) for position, entry in enumerate(listed) if position not in broken]


def _lost(document: Mapping[str, Any], entries: Mapping[str, set[int | str]], keys: set[int | str]) -> Iterator[Any]:
    """Yield the sites, devices and bindings that were left out."""
    for name in ("sites", "devices", "bindings"):
        listed = document.get(name)
        for position, entry in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(entry, dict) and (name in keys or position in entries[name]):
                yield entry


def _misplaced(
    document: Mapping[str, Any], devices: set[int | str], lost: set[str], sites: Mapping[str, Site]
) -> Iterator[tuple[Keys, str]]:
    """Yield where a device that was left out stands at no site, or is of a type that its site cannot have."""
    for position in sorted(one for one in devices if isinstance(one, int)):
        device = document["devices"][position]
        site, kind = (device.get(key) if isinstance(device, dict) else None for key in ("site", "type"))
        if isinstance(site, str) and isinstance(kind, str) and site not in lost:
            faults = consistency.placed(f"devices[{position}]", site, kind, sites)
            yield from ((parsed(key), expected) for key, expected in faults)


def _original(keys: Keys, kept: Mapping[str, list[tuple[int, object]]]) -> Keys:
    """Return keys as they are in the document from which nothing was left out."""
    if len(keys) > 1 and isinstance(name := keys[0], str) and isinstance(position := keys[1], int):
        return (name, kept[name][position][0], *keys[2:])
    return keys


def _mentioned(document: object, keys: Keys) -> set[str]:
    """Return the texts that stand under ``keys``, at most one level below."""
    value = document
    for key in keys:
        if isinstance(value, dict):
            value = value.get(str(key), value)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    inner = (part for one in below for part in (one.values() if isinstance(one, dict) else [one]))
    return {text for text in inner if isinstance(text, str)}

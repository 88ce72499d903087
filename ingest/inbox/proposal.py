"""The lines that a city file needs for what somebody sends: a binding, devices and their series; valid when pasted.

What nobody but people knows is chosen (the site, the direction) or said to be missing. What is proposed is checked
against the city as it is, by the rules of every city file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from ingest import payload_fields
from ingest.decoders import DECODERS
from ingest.errors import expectation
from ingest.inbox import curve
from ingest.inbox.guess import NATIVE, Guess, GuessedDevice, GuessedField
from ingest.inbox.lines import flow, listed
from ingest.model.city import consistency
from ingest.model.city.assets import City
from ingest.model.city.binding import MAPPED
from ingest.model.declarations.declaration import NATIVE_ID_PATTERN
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.reading import ReadingKind
from ingest.model.topic_template import TopicTemplate
from ingest.model.vertical import DeviceType, Vertical
from ingest.model.verticals import VERTICALS

UNSEEN: Final = "PT15M"  # until the samples tell how often it reports
_MOST: Final = 50  # devices of one proposal
_NO_NAME: Final = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True)
class Proposal:
    """Lines for a city file, under ``bindings:`` and ``devices:``; empty where nothing can be proposed.

    ``notes``: what to look at before or after. ``faults``: why the file would be refused with them, as it is.
    """

    bindings: str
    devices: str
    notes: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def lines(self) -> str:
        """Both, as a city file has them."""
        parts = [(name, text) for name, text in (("bindings", self.bindings), ("devices", self.devices)) if text]
        return "".join(f"{name}:\n{text}" for name, text in parts)


def propose(found: Guess, city: City, binding: str | None = None, gateway: str | None = None) -> Proposal:
    """Return what ``city`` would have to say of what was ``found``.

    ``binding``: the one of the city through which it came, if any. ``gateway``: whose credential it came with.
    """
    notes: list[str] = []
    bound = None if binding or found.decoder in {NATIVE, None} else _binding(found, city, gateway)
    if found.decoder is None:
        return Proposal("", "", ("no format reads it; see: docs/formats/mapping.md",), ())
    if found.needs_profile:
        notes.append("the device sends frames: name its profile in the binding of the device, or decode at the server")
    if bound is None and binding is None and found.decoder != NATIVE:
        return Proposal("", "", ("its topics cannot be bound: expected levels without spaces or wildcards",), ())
    through: str | None = binding or (str(bound["name"]) if bound else None)
    devices = [one for each in found.devices[:_MOST] if (one := _device(each, found, city, through, notes))]
    if not devices:
        how = "name its fields in series, field: in docs/city-file.md"
        if found.is_rows:
            how = "it looks like CSV: name its columns in the header of a mapping, docs/formats/mapping.md"
        notes.append(f"no field of it could be told; {how}")
    if bound and "gateway" not in bound:
        notes.append(f"where one credential speaks for several devices, add to {through}: gateway: its native id")
    notes += [] if found.has_times else ["it does not say when: readings get the time of their arrival"]
    notes += [f"{len(found.devices) - _MOST} devices more"] if len(found.devices) > _MOST else []
    added = {"bindings": [bound] if bound else [], "devices": devices}
    return Proposal(
        "".join(f"  - {flow(one)}\n" for one in added["bindings"]),
        "".join(listed(one) for one in devices),
        tuple(dict.fromkeys(notes)),
        tuple(_faults(city, added)) if devices else (),
    )


def _binding(found: Guess, city: City, gateway: str | None) -> dict[str, Any] | None:
    if found.topic is None:
        return None
    template = TopicTemplate.parse(found.topic)
    name = _free(_name(template.levels[0] if not template.levels[0].startswith("{") else str(found.decoder)), city)
    spoken = gateway or (None if template.names_device else name)
    mapping = found.mapping and found.mapping.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    named = {"name": name, "topic": found.topic, "decoder": found.decoder}
    return named | ({"gateway": spoken} if spoken else {}) | ({"mapping": mapping} if mapping else {})


def _device(
    each: GuessedDevice, found: Guess, city: City, through: str | None, notes: list[str]
) -> dict[str, Any] | None:
    fields = {str(one.quantity): one for one in reversed(each.fields) if one.quantity and _can_be(one, found)}
    if not fields:
        return None
    vertical, kind = _kind(fields, city)
    site = next((one for one in city.sites if one.vertical == vertical.name), None) or city.sites[0]
    called = each.called or "device"
    name = _free_device(_name(called), city)
    series = [_series(one, found) for quantity, one in fields.items() if quantity in kind.quantities]
    left = sorted(one.name for one in each.fields if one.quantity not in kind.quantities)
    if left:
        notes.append(f"left out of {name}: {', '.join(left[:10])}")
    notes.append(f"{name}: is {site.name} its site, and {kind.name} what it is?")
    is_native_id = re.fullmatch(NATIVE_ID_PATTERN, called) is not None
    declared: dict[str, Any] = {"name": name, "site": site.name, "type": kind.name}
    if is_native_id and called != name:
        declared["native_id"] = called
    if through:
        spelt = DECODERS[found.decoder].spelling(called) if found.decoder in DECODERS else called
        is_called_so = each.called is None or (is_native_id and spelt == called)
        declared["binding"] = through if is_called_so else {"name": through, "device": spelt}
    if found.needs_zone:
        declared["timezone"] = city.timezone
    if kind.carrier:
        declared |= {"carrier": kind.carrier, "direction": kind.direction or "consumption"}
    interval = curve.written(found.interval) if found.interval else UNSEEN
    if found.interval is None:
        notes.append(f"one message does not tell how often it reports; {UNSEEN} is put down")
    return declared | {"expected_interval": interval, "series": series}


def _can_be(one: GuessedField, found: Guess) -> bool:
    """Whether a series of a city file can be of a field: it is a number, or a state of a quantity that has them."""
    quantity = QUANTITIES[one.quantity or ""]
    if bool(quantity.states) != (one.kind is ReadingKind.STATE):
        return False
    return found.decoder != NATIVE or one.is_fixed


def _series(one: GuessedField, found: Guess) -> dict[str, Any]:
    quantity = QUANTITIES[str(one.quantity)]
    declared: dict[str, Any] = {"quantity": quantity.name}
    if not one.is_fixed and found.decoder not in {MAPPED, NATIVE}:
        declared["field"] = one.name
    if one.unit and not one.is_unit_stated and found.decoder != MAPPED and one.unit != quantity.unit:
        declared["unit"] = one.unit
    if one.kind is ReadingKind.INTERVAL and quantity.kind is not ReadingKind.INTERVAL:
        declared["kind"] = one.kind.value
    return declared


def _kind(fields: Mapping[str, GuessedField], city: City) -> tuple[Vertical, DeviceType]:
    """Return the type that can report most of the fields and little else, of a vertical that the city has if it can."""
    own = {site.vertical for site in city.sites}

    def fit(one: tuple[Vertical, DeviceType]) -> tuple[int, bool, bool, int]:
        vertical, kind = one
        reported = sum(quantity in kind.quantities for quantity in fields)
        return reported, vertical.name in own, kind.direction is None, -len(kind.quantities)

    return max(((each, kind) for each in VERTICALS.values() for kind in each.device_types), key=fit)


def _faults(city: City, added: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield what is wrong with the city with the lines that was not wrong without them."""
    document = city.model_dump(mode="json", exclude_none=True)
    document |= {key: [*document.get(key, ()), *items] for key, items in added.items() if items}
    try:
        whole = City.model_validate(document)
    except ValidationError as error:
        yield from (f"{'.'.join(map(str, one['loc']))}: {expectation(one['msg'])}" for one in error.errors())
        return
    before = {*consistency.faults(city), *payload_fields.faults(city)}
    for key, expected in (*consistency.faults(whole), *payload_fields.faults(whole)):
        if (key, expected) not in before:
            yield f"{key}: {expected}"


def _name(text: str) -> str:
    return _NO_NAME.sub("-", text.lower()).strip("-_")[:50] or "device"


def _free(name: str, city: City) -> str:
    return _numbered(name, {one.name for one in city.bindings})


def _free_device(name: str, city: City) -> str:
    return _numbered(name, {one.name for one in city.devices})


def _numbered(name: str, taken: set[str]) -> str:
    choices = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in choices if each not in taken)

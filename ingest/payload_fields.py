"""What the fields of a payload mean for the devices it speaks of: as the city file says, else as the format does."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ingest.bound_decoder import decoder_of
from ingest.decoder import BARE, Decoder, Flaw, Sample, quoted
from ingest.decoders import DECODERS
from ingest.lorawan import profiles
from ingest.model.bindings import Bindings, BoundDevice
from ingest.model.city.assets import City
from ingest.model.declarations.expected import one_of
from ingest.model.frames.profile import Profile
from ingest.reasons import Reason


def meanings(sharing: Sequence[BoundDevice], decoder: Decoder) -> list[dict[str, str]]:
    """Return the quantity of each field, for each of the devices that payloads speak of by one name."""
    named = {field for device in sharing for field in device.fields}
    return [
        {field: quantity for field, quantity in _known(device, decoder).items() if field not in named}
        | dict(device.fields)
        for device in sharing
    ]


def profile_of(device: BoundDevice) -> Profile | None:
    """Return what the frames of a device mean, where somebody says that."""
    return device.own_profile or (profiles.profile(device.profile) if device.profile else None)


def part(
    sample: Sample, fields: Mapping[str, str], topic_field: str | None, flaws: Sequence[Flaw], decoder: Decoder
) -> Sample:
    """Return what ``sample`` says of a device whose ``fields`` have these quantities, in quantities.

    ``topic_field``: which field the topic says that the payload is. A field without a meaning is left out where the
    format is foreign; else it stays under its own name, and is refused as what nobody declared. Of ``flaws`` those are
    kept that are not about fields left out.
    """
    quantities: dict[str, str] = {}
    twice: list[Flaw] = []
    for field in (*sample.values, *sample.texts):
        name = field if topic_field is None else topic_field if field == BARE else f"{topic_field}.{field}"
        quantity = fields.get(name, None if decoder.foreign else name)
        if quantity is None or (quantity in quantities.values() and sample.values.get(field, 0.0) is None):
            continue
        if quantity in quantities.values():
            detail = f"{quoted(name)} is {quantity} as another field is; expected field: in the city file, naming one"
            twice.append(Flaw(Reason.DUPLICATE_KEY, detail, field=quantity))
            continue
        quantities[field] = quantity
    kept = [flaw for flaw in flaws if not (decoder.foreign and _is_left_out(flaw, fields, decoder))]
    return msgspec.structs.replace(
        sample,
        values={quantities[field]: value for field, value in sample.values.items() if field in quantities},
        texts={quantities[field]: text for field, text in sample.texts.items() if field in quantities},
        units={quantities[field]: unit for field, unit in _units(sample, topic_field, decoder) if field in quantities},
        flaws=(*kept, *twice),
    )


def _units(sample: Sample, topic_field: str | None, decoder: Decoder) -> Iterator[tuple[str, str]]:
    """Yield the unit of each field: as the message says, else as the format does of the field that the topic names."""
    if topic_field is not None and topic_field in decoder.units:
        yield BARE, decoder.units[topic_field]
    yield from sample.units.items()


def _is_left_out(flaw: Flaw, fields: Mapping[str, str], decoder: Decoder) -> bool:
    return flaw.field is not None and flaw.field not in decoder.keys and flaw.field not in fields


def faults(city: City) -> Iterator[tuple[str, str]]:
    """Yield decoders that do not exist, and series of which no field, or one that another takes, would be read."""
    for index, binding in enumerate(city.bindings):
        if binding.decoder not in DECODERS:
            yield f"bindings[{index}].decoder", one_of(DECODERS, binding.decoder)
        elif binding.keys and not DECODERS[binding.decoder].decrypt:
            decrypting = ", ".join(name for name, decoder in DECODERS.items() if decoder.decrypt)
            yield f"bindings[{index}].keys", f"expected of payloads that may be encrypted only: {decrypting}"
    yield from _unknown_profiles(city)
    places = {device.address: index for index, device in enumerate(city.devices)}
    for index, bound in enumerate(Bindings([city])):
        if decoder := decoder_of(bound):
            if found := decoder.fault and decoder.fault(bound):
                yield f"bindings[{index}].{found[0]}", found[1]
            for called, sharing in bound.devices.items():
                if called != (spelt := decoder.spelling(called)):
                    yield f"devices[{places[sharing[0].address]}].binding", f"expected {spelt!r}, not {called!r}"
                yield from _faults(city, places, decoder, sharing)


def _unknown_profiles(city: City) -> Iterator[tuple[str, str]]:
    """Yield profiles that neither ship nor stand in the city file, and names of its own that are given twice."""
    own = [profile.name for profile in city.profiles]
    for index, name in enumerate(own):
        if name in own[:index]:
            yield f"profiles[{index}].name", f"expected a name of its own, {name!r} is another profile's too"
    known = [*own, *profiles.names()]
    for index, device in enumerate(city.devices):
        if device.binding and device.binding.profile and device.binding.profile not in known:
            yield f"devices[{index}].binding.profile", one_of(known, device.binding.profile)


def _faults(
    city: City, places: Mapping[str, int], decoder: Decoder, sharing: Sequence[BoundDevice]
) -> Iterator[tuple[str, str]]:
    takers: dict[str, str] = {}
    for device, fields in zip(sharing, meanings(sharing, decoder), strict=True):
        declared = city.devices[places[device.address]]
        if device.profile and profile_of(device) is None:
            continue  # which is told at its binding
        for position, series in enumerate(declared.series):
            key = f"devices[{places[device.address]}].series[{position}]"
            if series.quantity not in device.unnamed:
                continue
            taken = [field for field, quantity in fields.items() if quantity == series.quantity]
            if not taken:
                unknown = f"{device.profile or decoder.name} does not say what is {series.quantity}"
                yield key, f"expected field: what payloads call it; {unknown}"
            elif taker := takers.get(taken[0]):
                yield key, f"expected field: what payloads call it; {taken[0]} is {taker} as well"
            takers |= dict.fromkeys(taken, f"{series.quantity} of {declared.name}")


def _known(device: BoundDevice, decoder: Decoder) -> Mapping[str, str]:
    if not decoder.foreign:
        return {quantity: quantity for quantity in device.unnamed}
    profile = profile_of(device)
    known = decoder.meanings if profile is None else profile.meanings
    return {field: quantity for field, quantity in known.items() if quantity in device.unnamed}

"""What devices say of themselves on their status topic: ``online``, or ``offline`` (their last will)."""

from collections.abc import Sequence
from typing import Final

from ingest import topics
from ingest.decoder import quoted
from ingest.model.catalogue import Catalogue
from ingest.model.observation import DeviceStatus, RawMessage, Refusal, latest
from ingest.reasons import Reason

STATES: Final = {b"online": True, b"offline": False}


def read(messages: Sequence[RawMessage], catalogue: Catalogue) -> tuple[list[DeviceStatus], list[Refusal]]:
    """Return the latest status of each device in ``messages``, and what is refused."""
    statuses: list[DeviceStatus] = []
    refusals = []
    for index, message in enumerate(messages):
        if not message.payload:
            continue  # how MQTT deletes what it retained: housekeeping
        address = topics.parse(message.topic)
        device = catalogue.devices.get(address) if address else None
        state = STATES.get(message.payload.strip())
        if address is None or device is None:
            detail = f"no device of the topic {quoted(message.topic)} is registered"
            refusals.append(Refusal(index, Reason.UNKNOWN_DEVICE, detail, 1, *(address or (None, None))))
        elif state is None:
            detail = f"expected online or offline, found {quoted(message.payload)}"
            refusals.append(Refusal(index, Reason.UNDECODABLE, detail, 1, device.city, device.name, "status"))
        else:
            statuses.append(DeviceStatus(device.device_id, state, message.received_at))
    return latest(statuses), refusals

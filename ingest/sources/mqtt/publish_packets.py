"""PUBLISH packets of QoS 1 as they lie in a buffer (MQTT 3.1.1, section 3.3): what telemetry almost entirely is.

Reads whole packets and stops at the first that is anything else, broken or not complete: that one is for the client
library, which knows the whole protocol.
"""

from typing import Final

import msgspec

_QOS_1: Final = 0x32
_OTHER_FLAGS: Final = 0xFF & ~0x09  # than DUP and RETAIN
_DUP: Final = 0x08
_RETAIN: Final = 0x01
_LONGEST_LENGTH: Final = 4  # bytes of "remaining length"
_SHORTEST: Final = 6  # bytes of a packet: without topic and payload


class Publish(msgspec.Struct, frozen=True, gc=False):
    """One message: topic as bytes, payload, packet identifier, and whether it is a redelivery, or was retained."""

    topic: bytes
    payload: bytes
    packet_id: int
    dup: bool
    retain: bool = False


def whole_publishes(buffer: bytes, position: int) -> tuple[list[Publish], int]:
    """Return the QoS 1 messages that lie whole in ``buffer`` from ``position`` on, and the position behind them."""
    found: list[Publish] = []
    end = len(buffer)
    shortest = end - _SHORTEST
    while position <= shortest:
        first = buffer[position]
        if first & _OTHER_FLAGS != _QOS_1:
            break
        length, more = buffer[position + 1], buffer[position + 2]
        if length < 0x80:
            body = position + 2
        elif more < 0x80:
            body, length = position + 3, (more << 7) + length - 0x80
        else:
            body, length = _body(buffer, position + 1)
        stop = body + length
        if length < 2 or stop > end:
            break
        payload = body + 4 + (buffer[body] << 8) + buffer[body + 1]
        if payload > stop:
            break
        packet_id = (buffer[payload - 2] << 8) + buffer[payload - 1]
        topic, content = buffer[body + 2 : payload - 2], buffer[payload:stop]
        found.append(Publish(topic, content, packet_id, first & _DUP > 0, first & _RETAIN > 0))
        position = stop
    return found, position


def _body(buffer: bytes, position: int) -> tuple[int, int]:
    """Return where the variable header begins and how long the rest is; -1 when that is cut off or malformed."""
    length = shift = 0
    for index in range(position, min(position + _LONGEST_LENGTH, len(buffer))):
        byte = buffer[index]
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            return index + 1, length
        shift += 7
    return position, -1

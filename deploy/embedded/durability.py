"""What an acknowledgement of the NATS server is worth in a power cut, and its price; a kill -9 costs nothing in either.

The shares were measured before this code existed, at 1,000 to 2,000 messages/s on two cores, in one run each.
"""

from enum import StrEnum


class Durability(StrEnum):
    """When what the broker acknowledged is forced to disk."""

    SECOND = "second"
    ALWAYS = "always"

    @property
    def sync_interval(self) -> str:
        """The value of the NATS server's setting ``sync_interval``."""
        return {Durability.SECOND: "1s", Durability.ALWAYS: "always"}[self]

    @property
    def price(self) -> str:
        """What it costs, in a sentence for the operator."""
        return {
            Durability.SECOND: "a power cut may lose acknowledged messages (measured at 1,000 to 2,000 messages/s: "
            "8 to 20 % of them); --durability always loses none and is slower",
            Durability.ALWAYS: "a power cut loses no acknowledged message; every message waits for the disk, which "
            "costs rate",
        }[self]

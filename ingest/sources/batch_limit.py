"""How much may be taken at once: by messages and by bytes, and fewer bytes once a batch took long to become durable.

What a batch costs follows from its readings, which nobody knows before it is decoded. Bytes tell them well enough (a
reading has some 12 to 60), and the time the last batches took tells how fast this machine is now.
"""

from typing import Final

MESSAGES: Final = 1_250  # some 5,000 readings as devices report them, where a transaction costs least per reading
MOST_BYTES: Final = 512 * 2**10  # some 15,000 readings of a backlog
FEWEST_BYTES: Final = 128 * 2**10  # below that a transaction itself costs more than what is in it
SLOW_SECONDS: Final = 2.0  # a batch that takes longer halves the next one
FAST_SECONDS: Final = 1.0  # one that takes less lets the next one grow again


class BatchLimit:
    """The limit of the next batch: at most ``messages``, and ``payload_bytes`` unless one message alone has more."""

    def __init__(self, messages: int = MESSAGES, payload_bytes: int = MOST_BYTES) -> None:
        self.messages = messages
        self.payload_bytes = payload_bytes

    def adapt(self, seconds: float) -> None:
        """Take note of how long the batch just taken took to become durable."""
        if seconds > SLOW_SECONDS:
            self.payload_bytes = max(FEWEST_BYTES, self.payload_bytes // 2)
        elif seconds < FAST_SECONDS:
            self.payload_bytes = min(MOST_BYTES, self.payload_bytes * 2)

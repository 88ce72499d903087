"""Something that is done again and again in a thread of its own, such as a look that takes long."""

from collections.abc import Callable
from threading import Event, Thread

import structlog

log = structlog.get_logger(__name__)


class Every:
    """Does ``action`` every so many ``seconds``, from construction to ``close``, which waits for nothing."""

    def __init__(self, seconds: float, action: Callable[[], object]) -> None:
        self._seconds, self._action = seconds, action
        self._closed = Event()
        Thread(target=self._run, name="periodic", daemon=True).start()

    def close(self) -> None:
        """Do it no more."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._action()
            except Exception:  # the outermost loop of this thread: the next time may go well
                log.exception("a fault in what is done every few seconds")
            self._closed.wait(self._seconds)

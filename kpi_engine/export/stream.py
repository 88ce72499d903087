"""What a writer writes, passed on while it is writing; a reader that leaves ends the writer."""

import os
from collections.abc import Callable, Generator
from threading import Thread
from typing import IO, Final

BLOCK: Final = 1 << 16


def stream(write: Callable[[IO[bytes]], None]) -> Generator[bytes]:
    """Yield what ``write`` writes, which runs in a thread of its own; what it raises is raised at the end.

    Until then a reader cannot know that a file is broken off: whoever serves it has to break off the connection too.
    """
    source, sink = os.pipe()
    failure: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(sink, "wb") as target:
                write(target)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that reads
            failure.append(error)

    writer = Thread(target=run, name="export", daemon=True)
    writer.start()
    with os.fdopen(source, "rb") as reader:
        while block := reader.read1(BLOCK):
            yield block
    writer.join()
    if failure:
        raise failure[0]

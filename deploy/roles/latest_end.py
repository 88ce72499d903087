"""A process that was told to end is gone by a known time, whatever hangs in it, and says where it hung."""

import faulthandler

#: What a role had in hand by then was not acknowledged, and comes again at its next start.
END_SECONDS = 30.0


def end_at_latest() -> None:
    """End this process in END_SECONDS unless it has ended by then, with the stacks of its threads in its log.

    The thread that does it needs neither a lock nor the interpreter, so what hangs cannot hold it up.
    """
    faulthandler.dump_traceback_later(END_SECONDS, exit=True)

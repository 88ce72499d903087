"""How a long-running process speaks: structured events on stderr, one JSON object a line unless a person watches.

Times are UTC. Libraries that log through the standard library appear in the same form, from warnings on.
"""

import logging
import sys

import structlog


def configure(role: str, level: str = "INFO") -> None:
    """Send the events of this process, marked with its ``role``, to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Our own events were filtered by their level already; the root's level is for libraries.
    for package in ("ingest", "processors", "kpi_engine", "simulators", "deploy"):
        logging.getLogger(package).setLevel(level)


def _rendering() -> list[structlog.typing.Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # A traceback as text: the structured form shows local variables, and with them secrets.
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]

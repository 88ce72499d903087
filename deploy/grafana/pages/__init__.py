"""The dashboards: one module each, one exported ``PAGE``; a new dashboard is a new file here."""

from importlib import import_module
from pkgutil import iter_modules

from deploy.grafana.page import Page


def pages() -> list[Page]:
    """Return every dashboard, by the name of its module."""
    return [import_module(f"{__name__}.{module.name}").PAGE for module in iter_modules(__path__)]

"""The dashboards: one module each, one exported ``PAGE``; a new dashboard is a new file here."""

from deploy.grafana.page import Page
from ingest.discovery import constants


def pages() -> list[Page]:
    """Return every dashboard, by the name of its module; raises ExtensionError saying which module exports none."""
    return [*constants(__name__, __path__, "PAGE", Page).values()]

"""Dashboards brought into a running Grafana through its HTTP interface, into a folder of their own.

Pushing twice changes nothing: a dashboard that Grafana already holds is left alone, without a new version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException
from grafana_client.model import PersonalPreferences
from niquests.exceptions import RequestException

from deploy.errors import GrafanaError
from deploy.grafana.dashboard_files import dashboards

FOLDER_UID: Final = "pharos"
FOLDER_TITLE: Final = "Pharos"
HOME_UID: Final = "pharos-city"
CONSOLE: Final = "console"  # the constant of every dashboard that holds where the console is
_MISSING: Final = 404


def push(url: str, token: str, console: str | None = None, *, is_home: bool = False) -> dict[str, str]:
    """Create or update every dashboard; return "created", "updated" or "unchanged" by the dashboard's title.

    ``console``: where cells lead to that open a city in the console. ``is_home``: the organisation begins with the
    overview of the city. Raises GrafanaError where Grafana cannot be reached or refuses; dashboards that were pushed
    before stay.
    """
    with _explained(url):
        grafana = GrafanaApi.from_url(url, credential=token, timeout=30)
        if _found(grafana.folder.get_folder, FOLDER_UID) is None:
            grafana.folder.create_folder(FOLDER_TITLE, FOLDER_UID)
        outcomes = {wanted["title"]: _push(grafana, wanted) for wanted in map(partial(_led, console), dashboards())}
    if is_home:
        with _explained(url, "Admin to set the home dashboard"):
            grafana.organization.patch_preferences(PersonalPreferences(homeDashboardUID=HOME_UID))
    return outcomes


def _led(console: str | None, dashboard: dict[str, Any]) -> dict[str, Any]:
    """Return a dashboard whose cells lead to this console."""
    for variable in dashboard["templating"]["list"] if console else []:
        if variable["name"] == CONSOLE:
            variable["query"] = console
    return dashboard


def _push(grafana: GrafanaApi, wanted: dict[str, Any]) -> str:
    held = _found(grafana.dashboard.get_dashboard, wanted["uid"])
    if held and held["meta"].get("folderUid") == FOLDER_UID and agrees(wanted, held["dashboard"]):
        return "unchanged"
    message = "pharos grafana push"
    grafana.dashboard.update_dashboard(  # type: ignore[no-untyped-call]  # grafana-client has no types
        {"dashboard": wanted, "folderUid": FOLDER_UID, "overwrite": True, "message": message}
    )
    return "updated" if held else "created"


def agrees(wanted: object, held: object) -> bool:
    """Whether ``held`` says everything that ``wanted`` says; Grafana adds ids, versions and defaults of its own."""
    if isinstance(wanted, dict):
        return isinstance(held, dict) and all(agrees(value, held.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(held, list) and len(wanted) == len(held) and all(map(agrees, wanted, held))
    return bool(wanted == held)


def _found(get: Any, uid: str) -> dict[str, Any] | None:  # noqa: ANN401 - the client is not typed
    try:
        answer: dict[str, Any] = get(uid)
    except GrafanaClientError as error:
        if error.status_code == _MISSING:
            return None
        raise
    return answer


@contextmanager
def _explained(url: str, role: str = "Editor or higher") -> Iterator[None]:
    try:
        yield
    except GrafanaException as error:
        hint = {401: "; expected the token of a service account", 403: f"; its role must be {role}"}
        problem = f"{error.message}{hint.get(error.status_code, '')}"
        raise GrafanaError(f"Grafana at {url} refused: {problem}. What was pushed before this stays.") from error
    except RequestException as error:
        raise GrafanaError(f"Grafana at {url} cannot be reached: {error}") from error

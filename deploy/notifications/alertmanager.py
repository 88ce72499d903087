"""The configuration of Alertmanager for the same receivers: what Prometheus sees is told to the same people.

Keys as Alertmanager 0.27 documents them (https://prometheus.io/docs/alerting/latest/configuration/), recalled.
"""

from typing import Any, Final

import yaml

from deploy.errors import NotificationError
from deploy.mail import MailSecurity, MailServer
from deploy.notifications.declaration import Notifications, OfAlertmanager, Receiver

HEADING: Final = "# Made by: pharos notify alertmanager. Change the file of receivers and routes, not this one.\n"


def configuration(declared: Notifications) -> str:
    """Return alertmanager.yml; raises NotificationError where the file does not say who is told of alerts."""
    options = declared.alertmanager
    if options is None:
        raise NotificationError("expected alertmanager: with the receiver of its alerts, such as {receiver: operators}")
    named = dict.fromkeys((options.receiver, options.page or options.receiver))
    document = {
        "route": _route(options),
        "inhibit_rules": [
            {
                "source_matchers": ['alertname = "PharosProcessDown"'],
                "target_matchers": ['alertname =~ "PharosProcessNotReady|PharosRoleMissing"'],
                "equal": ["job"],
            }
        ],
        "receivers": [_receiver(name, declared.receivers[name], declared.mail_server) for name in named],
    }
    return HEADING + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _route(options: OfAlertmanager) -> dict[str, Any]:
    route: dict[str, Any] = {
        "receiver": options.receiver,
        "group_by": ["alertname", "city"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "12h",
    }
    page = {"matchers": ['severity = "page"'], "receiver": options.page or options.receiver, "repeat_interval": "1h"}
    return route | {"routes": [page]}


def _receiver(name: str, one: Receiver, server: MailServer | None) -> dict[str, Any]:
    if one.apprise_file is not None and not one.mail and one.webhook is None:
        raise NotificationError(f"{name}: Alertmanager knows no services of Apprise; expected mail or webhook as well")
    receiver: dict[str, Any] = {"name": name}
    if one.mail and server is not None:
        receiver["email_configs"] = [_mail(address, server) for address in one.mail]
    if one.webhook is not None:
        address = {"url": one.webhook.url} if one.webhook.url else {"url_file": str(one.webhook.url_file)}
        receiver["webhook_configs"] = [address | {"send_resolved": True}]
    return receiver


def _mail(address: str, server: MailServer) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "to": address,
        "from": server.sender,
        "smarthost": f"{server.host}:{server.port}",
        "require_tls": server.security is MailSecurity.STARTTLS,
        "send_resolved": True,
    }
    if server.user is not None:
        entry |= {"auth_username": server.user, "auth_password_file": str(server.password_file)}
    if server.ca_file is not None:
        entry["tls_config"] = {"ca_file": str(server.ca_file)}
    return entry

"""Handing a message to a receiver by every way it names. Raises NotificationError; secrets are in no sentence."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

import httpx

from deploy.errors import MailError, NotificationError
from deploy.mail import MailServer, send
from deploy.notifications.declaration import Receiver, Webhook, is_private
from deploy.notifications.message import Message
from deploy.optional import needed_by

PATIENCE_SECONDS: Final = 15.0
SIGNATURE: Final = "Pharos-Signature"
REMEDY: Final = 'install it with: pip install "pharos-monitoring[notify]"'


class Way(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


def ways(receiver: Receiver) -> Sequence[Way]:
    """Return by which ways a receiver is told."""
    named = {Way.MAIL: receiver.mail, Way.WEBHOOK: receiver.webhook, Way.APPRISE: receiver.apprise_file}
    return [way for way, given in named.items() if given]


def deliver(receiver: Receiver, message: Message, server: MailServer | None) -> None:
    """Tell a receiver by all its ways; raises NotificationError where one fails, whatever becomes of the rest.

    A receiver of several ways is told again by all of them: better twice than never.
    """
    for way in ways(receiver):
        deliver_by(way, receiver, message, server)


def deliver_by(way: Way, receiver: Receiver, message: Message, server: MailServer | None) -> None:
    """Tell a receiver by one way; raises NotificationError, or MissingPackageError where an extra is missing."""
    try:
        if way is Way.MAIL and server is not None:
            send(server, _mail(message, receiver.mail))
        if way is Way.WEBHOOK and receiver.webhook is not None:
            _post(receiver.webhook, message)
        if way is Way.APPRISE and receiver.apprise_file is not None:
            _by_apprise(receiver.apprise_file.read_text(encoding="utf-8").split(), message)
    except (MailError, OSError) as error:
        raise NotificationError(str(error)) from error


def _mail(message: Message, readers: tuple[str, ...]) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter["To"] = ", ".join(readers)
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    letter.set_content(message.text)
    return letter


def _post(webhook: Webhook, message: Message) -> None:
    """Post a message; the same one said again has the same Idempotency-Key."""
    url = webhook.url or (webhook.url_file.read_text(encoding="utf-8").strip() if webhook.url_file else "")
    if not is_private(url):
        raise NotificationError("the webhook's address: expected https")
    body = json.dumps(message.document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": hashlib.sha256(body).hexdigest()}
    if webhook.secret_file is not None:
        secret = webhook.secret_file.read_bytes().strip()
        headers[SIGNATURE] = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
    try:
        host = httpx.URL(url).host
        answer = httpx.post(url, content=body, headers=headers, timeout=PATIENCE_SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotificationError(f"the webhook cannot be reached: {type(error).__name__}") from error
    if not answer.is_success:
        raise NotificationError(f"the webhook at {host} answers {answer.status_code}")


def _by_apprise(addresses: list[str], message: Message) -> None:
    with needed_by("telling people by Apprise", REMEDY):
        import apprise  # noqa: PLC0415 - of an extra
    services = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        if not services.add(address):
            raise NotificationError(f"line {number} of the addresses for Apprise: it knows no such service")
    if not services.notify(title=message.subject, body=message.text):
        raise NotificationError("a service that Apprise knows did not take the message")

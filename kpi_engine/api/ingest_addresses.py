"""On which topic a message is that was sent over HTTP, and whether its sender may speak there."""

from collections.abc import Callable, Mapping
from typing import Final

from ingest import topics
from ingest.decoder import quoted
from ingest.model.bindings import BoundTopics
from ingest.model.catalogue import Catalogue
from ingest.model.declarations.expected import LISTED
from ingest.model.http_path import named
from ingest.topics import Address, Channel
from ingest.wording import first_of
from kpi_engine.api.errors import NotFoundError, invalid
from kpi_engine.api.senders import MessageSender

Topic = Callable[[Catalogue], str]

FORM: Final = "pharos/v1/CITY/DEVICE/telemetry, or a topic of a binding"


class NotTakenError(Exception):
    """A request is one that its binding does not take, which is no fault; says why."""


def on_topic(sender: MessageSender, topic: str) -> Topic:
    """Return what finds a message on a topic, as a broker would have it."""

    def find(catalogue: Catalogue) -> str:
        if address := topics.parse(topic):
            if not topic.endswith(f"/{Channel.TELEMETRY}"):
                raise invalid("topic", f"expected {FORM}, not {quoted(topic)}")
            _require_known(catalogue, sender, address.city)
            sender.require_device(address)
            return topic
        found = None if topic.startswith("#") else catalogue.bindings.of(topic)
        if found is None:
            raise invalid("topic", f"expected {FORM}, not {quoted(topic)}")
        sender.require_binding(*found)
        return topic

    return find


def of_device(sender: MessageSender, city: str | None, device: str | None) -> Topic:
    """Return what finds a native message; a device need not say who it is, a token must."""
    own = sender.address
    address = Address(city or (own.city if own else ""), device or (own.device if own else ""))
    for name, given in (("city", address.city), ("device", address.device)):
        if not given:
            raise invalid(name, "expected whom the readings are of, or `topic`: a token speaks for many devices")
        if "/" in given:
            raise invalid(name, f"expected a name without /, not {quoted(given)}")
    sender.require_device(address)

    def find(catalogue: Catalogue) -> str:
        _require_known(catalogue, sender, address.city)
        return topics.topic(*address, Channel.TELEMETRY)

    return find


def on_path(sender: MessageSender, city: str, path: str, query: Mapping[str, str]) -> Topic:
    """Return what finds a message that was posted to a path; it raises NotTakenError for a query of other events."""
    sender.require_city(city)

    def find(catalogue: Catalogue) -> str:
        _require_known(catalogue, sender, city)
        found = catalogue.bindings.of(named(city, path))
        if found is None:
            posted = [one.template.text.removeprefix(named(city, "")) for one in _posted(catalogue, city)]
            declared = first_of(posted, LISTED) or "none"
            raise NotFoundError(
                f"no binding of {city} has the path {quoted(path)}; its paths are {declared}. Nothing was taken"
            )
        bound, given = found
        sender.require_binding(bound, given)
        for name, wanted in bound.query.items():
            if query.get(name) != wanted:
                raise NotTakenError(
                    f"the binding {bound.name} takes {name}={wanted}; this is {name}={quoted(query.get(name))}"
                )
        return named(city, path)

    return find


def _posted(catalogue: Catalogue, city: str) -> list[BoundTopics]:
    return [one for one in catalogue.bindings if one.is_posted and one.city == city]


def _require_known(catalogue: Catalogue, sender: MessageSender, city: str) -> None:
    sender.require_city(city)
    if city not in catalogue.cities:
        raise NotFoundError(f"there is no city {quoted(city)}; nothing was taken")
